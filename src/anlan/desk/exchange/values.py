"""From a cell to a value, with a sentence when it cannot be. Pure."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.exchange import dates
from anlan.desk.exchange.declare import ImportColumn

EXCEL_DAY_0 = datetime(1899, 12, 30)
SERIALS = (20_000, 80_000)  # 1954 to 2119: a number in a date column within these is a day as Excel counts
YES = {"是", "有", "y", "yes", "true", "1", "√", "✓", "✔"}
NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "✗", "x"}
EMPTY = {"", "-", "—", "/", "无数据", "n/a", "null"}


class BadCell(ValueError):
    """The cell holds nothing this column can be; the text says what is there and what to write."""


class Period(BadCell):
    """The cell holds a period; `day` is the one this column means by it."""

    def __init__(self, day: date):
        super().__init__(str(day))
        self.day = day


@dataclass(frozen=True)
class Manner:
    """How people wrote this sheet: `words` of a field that stand for an option (None: nothing), the `year` of days
    without one, and the `order` of day and month where it could be either."""

    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    year: int | None = None
    order: str = ""
    options: dict[str, dict] = field(default_factory=dict, compare=False)  # those of each field, asked for once


PLAINLY = Manner()


def convert(column: ImportColumn, cell: Any, manner: Manner = PLAINLY) -> Any:
    """The value, None for an empty cell. Errors: BadCell; Period, which has the value."""
    text = plain(cell)
    meant = manner.words.get(column.field)
    if meant and (folded := text.casefold()) in meant:
        text = cell = "" if meant[folded] is None else str(meant[folded])
    if text.lower() in EMPTY:
        if column.required:
            raise BadCell(_("必填，不能为空。"))
        return None
    return CONVERTERS[column.kind](column, cell, text, manner)


def fold(text: Any) -> str:
    """Text as it is compared: width and case do not matter."""
    return plain(text).casefold()


def plain(cell: Any) -> str:
    """A cell as text: full-width letters and digits narrowed, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _text(column: ImportColumn, cell: Any, text: str, manner: Manner) -> str:
    text = unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else text
    if len(text) > column.longest:
        raise BadCell(_("超过 %(count)d 个字，请缩短。") % {"count": column.longest})
    return text


def _code(column: ImportColumn, cell: Any, text: str, manner: Manner) -> str:
    if (isinstance(cell, float) and abs(cell) >= 1e15) or re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", text):
        raise BadCell(_("Excel 把长编码当成数字，末几位已丢失。请把该列设为“文本”后重新填写。"))
    text = re.sub(r"\s+", "", text)
    if len(text) > column.longest:
        raise BadCell(_("超过 %(count)d 个字，请缩短。") % {"count": column.longest})
    return text


def _number(column: ImportColumn, cell: Any, text: str, manner: Manner) -> float:
    found = re.sub(r"[,\s]", "", text)
    factor = 1.0
    if found.endswith("%"):
        found, factor = found[:-1], 0.01
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", found) or not found.isascii():
        raise BadCell(_("“%(text)s”不是数字。") % {"text": text[:40]})
    value = float(found) * factor
    if not math.isfinite(value):
        raise BadCell(_("“%(text)s”不是数字。") % {"text": text[:40]})
    if (column.low is not None and value < column.low) or (column.high is not None and value > column.high):
        raise BadCell(
            _("%(value)s 超出范围，应在 %(low)s 到 %(high)s 之间。")
            % {"value": text[:40], "low": _bound(column.low), "high": _bound(column.high)}
        )
    return value


def _integer(column: ImportColumn, cell: Any, text: str, manner: Manner) -> int:
    value = _number(column, cell, text, manner)
    if not value.is_integer() or abs(value) > 2**53:
        raise BadCell(_("“%(text)s”不是整数。") % {"text": text[:40]})
    return int(value)


def _date(column: ImportColumn, cell: Any, text: str, manner: Manner) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if serial := _serial(cell, text):
        return serial.date()
    try:
        return dates.only_day(text, manner.year, manner.order)
    except dates.Unclear as unclear:
        raise _of_period(column, text, manner) or _no_day(text, unclear) from None


def _of_period(column: ImportColumn, text: str, manner: Manner) -> BadCell | None:
    try:
        days = dates.period(text, manner.year, manner.order)
    except dates.Unclear as unclear:
        return _no_day(text, unclear)
    if days is None:
        return None
    if not column.of_period:
        return BadCell(_("“%(text)s”是一段时间，这一列要一天，请改写成一天。") % {"text": text[:40]})
    return Period(days[column.of_period == "end"])


def _datetime(column: ImportColumn, cell: Any, text: str, manner: Manner) -> datetime:
    if isinstance(cell, datetime):
        return timezone.make_aware(cell) if timezone.is_naive(cell) else cell
    if serial := _serial(cell, text):
        return timezone.make_aware(serial)
    try:
        day = cell if isinstance(cell, date) else dates.only_day(text, manner.year, manner.order)
        rest = "" if isinstance(cell, date) else dates.day(text, manner.year, manner.order)[1]
        return timezone.make_aware(datetime.combine(day, time(*dates.hours(rest))))
    except dates.Unclear as unclear:
        raise _no_day(text, unclear) from None


def _no_day(text: str, unclear: dates.Unclear) -> BadCell:
    sentences = {
        "no_day": _("“%(text)s”不是日期，请写成 2026-01-31。"),
        "no_date": _("没有“%(text)s”这一天。"),
        "no_time": _("“%(text)s”不是时间，请写成 2026-01-31 08:30。"),
        "no_year": _("“%(text)s”没有年份，请填写年份，或在“读法”里选定年份。"),
        "order": _("“%(text)s”分不清日和月，请在“读法”里选定顺序。"),
        "backwards": _("“%(text)s”的止日在起日之前，请写明两个年份。"),
    }
    return BadCell(sentences[unclear.why] % {"text": text[:40]})


def _serial(cell: Any, text: str) -> datetime | None:
    """A day that lost its format: Excel's count since 1900."""
    if isinstance(cell, bool) or not (isinstance(cell, (int, float)) or re.fullmatch(r"\d{5}(\.\d+)?", text)):
        return None
    value = float(cell if isinstance(cell, (int, float)) else text)
    return EXCEL_DAY_0 + timedelta(days=value) if SERIALS[0] <= value <= SERIALS[1] else None


def is_option(column: ImportColumn, text: str, manner: Manner = PLAINLY) -> bool:
    """Whether the text is an option as it stands, by value or words."""
    return text.casefold() in (YES | NO if column.kind == "flag" else _words(column, manner))


def _choice(column: ImportColumn, cell: Any, text: str, manner: Manner) -> Any:
    found = _words(column, manner).get(text.casefold())
    if found is None:
        options = "、".join(str(words) for words in list(column.options().values())[:12])
        raise BadCell(_("“%(text)s”不在可选项内，可填：%(options)s。") % {"text": text[:40], "options": options})
    return found[0]


def _words(column: ImportColumn, manner: Manner) -> dict[str, tuple]:
    known = manner.options.get(column.field) if manner is not PLAINLY else None
    if known is None:
        known = _folded(tuple((value, str(words)) for value, words in column.options().items()))
        if manner is not PLAINLY:
            manner.options[column.field] = known
    return known


@lru_cache(maxsize=64)
def _folded(options: tuple[tuple[Any, str], ...]) -> dict[str, tuple]:
    known: dict[str, tuple] = {}
    for value, words in options:
        known[plain(words).casefold()] = (value,)
        known.setdefault(plain(value).casefold(), (value,))
    return known


def _flag(column: ImportColumn, cell: Any, text: str, manner: Manner) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise BadCell(_("“%(text)s”看不出是或否，请填“是”或“否”。") % {"text": text[:40]})


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"


CONVERTERS: dict[str, Callable[[ImportColumn, Any, str, Manner], Any]] = {
    "text": _text,
    "code": _code,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "flag": _flag,
}
