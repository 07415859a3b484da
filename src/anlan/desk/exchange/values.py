"""From a cell to a value, with a sentence when it cannot be. Pure."""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.exchange.declare import ImportColumn

EXCEL_DAY_0 = datetime(1899, 12, 30)
SERIALS = (20_000, 80_000)  # 1954 to 2119: a number in a date column within these is a day as Excel counts
DAYS = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?")
YES = {"是", "有", "y", "yes", "true", "1", "√", "✓", "✔"}
NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "✗", "x"}
EMPTY = {"", "-", "—", "/", "无数据", "n/a", "null"}


class BadCell(ValueError):
    """The cell holds nothing this column can be; the text says what is there and what to write."""


def convert(column: ImportColumn, cell: Any) -> Any:
    """The value, None for an empty cell. Errors: BadCell."""
    text = plain(cell)
    if text.lower() in EMPTY:
        if column.required:
            raise BadCell(_("必填，不能为空。"))
        return None
    return CONVERTERS[column.kind](column, cell, text)


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


def _text(column: ImportColumn, cell: Any, text: str) -> str:
    text = unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else text
    if len(text) > column.longest:
        raise BadCell(_("超过 %(count)d 个字，请缩短。") % {"count": column.longest})
    return text


def _code(column: ImportColumn, cell: Any, text: str) -> str:
    if (isinstance(cell, float) and abs(cell) >= 1e15) or re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", text):
        raise BadCell(_("Excel 把长编码当成数字，末几位已丢失。请把该列设为“文本”后重新填写。"))
    text = re.sub(r"\s+", "", text)
    if len(text) > column.longest:
        raise BadCell(_("超过 %(count)d 个字，请缩短。") % {"count": column.longest})
    return text


def _number(column: ImportColumn, cell: Any, text: str) -> float:
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


def _integer(column: ImportColumn, cell: Any, text: str) -> int:
    value = _number(column, cell, text)
    if not value.is_integer() or abs(value) > 2**53:
        raise BadCell(_("“%(text)s”不是整数。") % {"text": text[:40]})
    return int(value)


def _date(column: ImportColumn, cell: Any, text: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if serial := _serial(cell, text):
        return serial.date()
    for form in DAYS:
        if found := form.match(text):
            rest = text[found.end() :].strip(" T")
            if rest and not CLOCK.fullmatch(rest):
                break
            try:
                return date(*(int(part) for part in found.groups()))
            except ValueError:
                raise BadCell(_("没有“%(text)s”这一天。") % {"text": text[:40]}) from None
    raise BadCell(_("“%(text)s”不是日期，请写成 2026-01-31。") % {"text": text[:40]})


def _datetime(column: ImportColumn, cell: Any, text: str) -> datetime:
    if isinstance(cell, datetime):
        return timezone.make_aware(cell) if timezone.is_naive(cell) else cell
    if serial := _serial(cell, text):
        return timezone.make_aware(serial)
    day = _date(column, cell, text)
    found = CLOCK.search(text[8:])
    hours = tuple(int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    try:
        return timezone.make_aware(datetime.combine(day, time(*hours)))
    except ValueError:
        raise BadCell(_("“%(text)s”不是时间，请写成 2026-01-31 08:30。") % {"text": text[:40]}) from None


def _serial(cell: Any, text: str) -> datetime | None:
    """A day that lost its format: Excel's count since 1900."""
    if isinstance(cell, bool) or not (isinstance(cell, (int, float)) or re.fullmatch(r"\d{5}(\.\d+)?", text)):
        return None
    value = float(cell if isinstance(cell, (int, float)) else text)
    return EXCEL_DAY_0 + timedelta(days=value) if SERIALS[0] <= value <= SERIALS[1] else None


def _choice(column: ImportColumn, cell: Any, text: str) -> Any:
    known = _words(column)
    found = known.get(text.casefold())
    if found is None:
        options = "、".join(str(words) for words in list(column.options().values())[:12])
        raise BadCell(_("“%(text)s”不在可选项内，可填：%(options)s。") % {"text": text[:40], "options": options})
    return found[0]


def _words(column: ImportColumn) -> dict[str, tuple]:
    return _folded(tuple((value, str(words)) for value, words in column.options().items()))


@lru_cache(maxsize=64)
def _folded(options: tuple[tuple[Any, str], ...]) -> dict[str, tuple]:
    known: dict[str, tuple] = {}
    for value, words in options:
        known[plain(words).casefold()] = (value,)
        known.setdefault(plain(value).casefold(), (value,))
    return known


def _flag(column: ImportColumn, cell: Any, text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise BadCell(_("“%(text)s”看不出是或否，请填“是”或“否”。") % {"text": text[:40]})


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"


CONVERTERS: dict[str, Callable[[ImportColumn, Any, str], Any]] = {
    "text": _text,
    "code": _code,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "choice": _choice,
    "flag": _flag,
}
