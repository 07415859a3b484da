"""Finding the heading of a table and guessing which column is which. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from anlan.desk.exchange.declare import ImportColumn

LOOKED_AT = 20  # rows in which a heading may stand
ALIKE = 0.82


@dataclass(frozen=True)
class Head:
    """Where the heading stands (index of its first row, how many rows), what each column is called, and the guess:
    field -> index of the column."""

    first: int
    rows: int
    names: list[str]
    mapping: dict[str, int]

    @property
    def data_from(self) -> int:
        return self.first + self.rows


def tidy(name: Any) -> str:
    """A heading as it is compared: width, case, brackets with units, stars, numbering and spaces do not matter."""
    text = unicodedata.normalize("NFKC", str(name if name is not None else "")).lower()
    text = re.sub(r"[(\[【<][^)\]】>]*[)\]】>]", "", text)
    text = re.sub(r"^[0-9]+[.、)]\s*", "", text)
    return re.sub(r"[\W_]+", "", text)


def find(rows: Sequence[Sequence[Any]], columns: Sequence[ImportColumn], others: Sequence[str] = ()) -> Head:
    """The heading that explains most columns: of one row, or of up to three (groups above their parts)."""
    best = Head(0, 1, names_of(rows, 0, 1), {})
    score = -1.0
    for first in range(min(LOOKED_AT, len(rows))):
        for height in (1, 2, 3):
            if first + height > len(rows):
                continue
            names = names_of(rows, first, height)
            mapping, certain = guess(names, columns, others)
            value = certain + 0.5 * (len(mapping) - certain) - 0.1 * (height - 1) - 0.001 * first
            if mapping and value > score:
                best, score = Head(first, height, names, mapping), value
    return best


def names_of(rows: Sequence[Sequence[Any]], first: int, height: int) -> list[str]:
    """What each column is called: groups above their parts joined, a word said twice said once."""
    named = rows[first : first + height]
    return [_joined([row[n] for row in named]) for n in range(len(named[0]))] if named else []


def _joined(cells: Sequence[Any]) -> str:
    parts: list[str] = []
    for cell in cells:
        text = " ".join(str(cell).split()) if cell is not None else ""
        if text and (not parts or tidy(parts[-1]) != tidy(text)):
            parts.append(text)
    return " ".join(parts)


def guess(
    names: Sequence[str], columns: Sequence[ImportColumn], others: Sequence[str] = ()
) -> tuple[dict[str, int], int]:
    """(field -> column, how many of these fit to the letter). No column is given twice, and none of the others. What is
    said of several columns fits none to the letter: it may stand above its parts."""
    tidied, never = [tidy(name) for name in names], {tidy(name) for name in others}
    wanted = {column.field: [tidy(title) for title in column.titles] + [column.field] for column in columns}
    mapping: dict[str, int] = {}
    free = {number for number, name in enumerate(tidied) if name and name not in never}
    times = Counter(tidied)
    alone = [name if times[name] == 1 else "" for name in tidied]
    for fits, called in ((_exactly, alone), (_as_part, tidied), (_nearly, tidied)):
        for column in columns:
            if column.field in mapping:
                continue
            number = next((n for n in sorted(free) if fits(called[n], wanted[column.field])), None)
            if number is not None:
                mapping[column.field] = number
                free.discard(number)
        if fits is _exactly:
            certain = len(mapping)
    return mapping, certain


def _exactly(name: str, titles: list[str]) -> bool:
    return name in titles


def _as_part(name: str, titles: list[str]) -> bool:
    """ "联系人 电话" for 电话: what stands under a group; a title of one character says too little."""
    return any(
        len(title) > 1 and (name.endswith(title) or (len(name) > 2 and title.endswith(name))) for title in titles
    )


def _nearly(name: str, titles: list[str]) -> bool:
    return any(SequenceMatcher(None, name, title).ratio() >= ALIKE for title in titles)
