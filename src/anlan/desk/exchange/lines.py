"""What a line of a sheet is: a record, the title of a section (一、某某公司), or one about the table (合计). Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.desk.exchange.values import plain

ABOUT = re.compile(
    r"^(合\s*计|小\s*计|总\s*计|共\s*计|备\s*注\s*[:：]|说\s*明\s*[:：]|注\s*[:：]|填\s*(表|报)\s*(人|单位|日期)"
    r"|制\s*表|审\s*核|联系(人|电话)\s*[:：])"
)
NUMBERED = re.compile(
    r"^([（(]([一二三四五六七八九十]+|\d{1,3})[)）]|([一二三四五六七八九十]+|\d{1,3})\s*[、.．:：])\s*(?=\D)"
)
FEW = 4  # a line about the table names a total or a person, and leaves most columns empty


@dataclass(frozen=True)
class Line:
    """`number` as Excel shows it; `section` is the title this line stands under."""

    number: int
    cells: Sequence[Any]
    kind: str  # record | section | about
    section: str = ""


def lines(rows: Sequence[Sequence[Any]], data_from: int, width: int) -> Iterator[Line]:
    """Every line below the heading that holds anything. `width`: how many columns have a heading."""
    section = ""
    for index in range(data_from, len(rows)):
        cells = rows[index]
        words = [text for cell in cells if (text := plain(cell))]
        if not words:
            continue
        kind = kind_of(words, width)
        if kind == "section":
            section = NUMBERED.sub("", words[0]).strip() or words[0]
        yield Line(index + 1, cells, kind, section)


def kind_of(words: Sequence[str], width: int) -> str:
    """`words`: the filled cells. A merged line says the same in each of its cells."""
    if width < 3:
        return "record"
    different = list(dict.fromkeys(words))
    if len(different) <= FEW and len(different) <= width / 2 and any(ABOUT.match(word) for word in different[:2]):
        return "about"
    if len(different) > 1:
        return "record"
    merged = len(words) >= max(2, width / 2)
    return "section" if merged or (NUMBERED.match(words[0]) and not words[0].isdigit()) else "record"
