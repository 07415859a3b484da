"""Days as people write them in ledgers: 2024.5.3, 24/5/3, 2024年5月3日前, 5月3日, 二〇二四年五月三日, 3/5/2024. Pure.

A day is never guessed: one that could be two days (3/5/2024) needs `order`, one without a year needs `year`. A period
(2024.3.5-3.20, 3月5日至20日) is two days; which of them is meant only the column can say.
"""

import re
from contextlib import suppress
from datetime import MAXYEAR, date

DIGITS = {
    character: str(number)
    for number, characters in enumerate(("〇零○", *"一二三四五六七八九"))
    for character in characters
}
CHINESE = re.compile(r"[〇零○一二三四五六七八九十]+")
MARK = r"\s*([-/.年月,、])\s*"
YEAR_FIRST = re.compile(rf"(\d{{4}}|\d{{2}}){MARK}(\d{{1,2}}){MARK}(\d{{1,2}})(?!\d)\s*[日号]?")
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
NO_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?")
ONLY_DAY = re.compile(r"(\d{1,2})(?!\d)\s*[日号]?")
FROM = re.compile(r"[自从]\s*")
UNTIL = re.compile(r"\s*起?\s*(?:至|到|[-—–~]{1,2})\s*")
AFTER = re.compile(r"(之?前|以前|止|为止|完成|左右)?")  # a term is met by its last day
CLOCK = re.compile(
    r"[\sT,，]*(上午|下午|早上|晚上)?\s*(\d{1,2})[:时点](\d{1,2})?(?:[:分](\d{1,2}))?\s*[分秒]?(?:\.\d+)?"
)
ORDERS = ("dmy", "mdy")


class Unclear(ValueError):
    """What is written is no day, or could be two; `why`: no_day, no_date, no_time, no_year, order or backwards."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


def day(text: str, year: int | None = None, order: str = "") -> tuple[date, str]:
    """The day, and what stands after it. Errors: Unclear."""
    text = arabic(text.strip())
    for form, parts in ((YEAR_FIRST, _year_first), (PACKED, _year_first), (YEAR_LAST, _year_last), (NO_YEAR, _no_year)):
        if (found := form.match(text)) and not _mixed(found):
            try:
                return date(*parts(found, year, order)), text[found.end() :]
            except Unclear:
                raise
            except ValueError:
                raise Unclear("no_date") from None
    raise Unclear("no_day")


def only_day(text: str, year: int | None = None, order: str = "") -> date:
    """A day with nothing behind it but a clock time or a word such as 前. Errors: Unclear."""
    found, rest = day(text, year, order)
    clock = CLOCK.match(rest)
    rest = rest[clock.end() :] if clock else rest
    if not _ends(rest):
        raise Unclear("no_day")
    return found


def period(text: str, year: int | None = None, order: str = "") -> tuple[date, date] | None:
    """The first and the last day of a period, None when this is no period. The end may leave out what it shares with
    the beginning; one before it is of the next year if the beginning's own is written. Errors: Unclear."""
    text = FROM.sub("", arabic(text.strip()), count=1)
    try:
        begin, rest = day(text, year, order)
    except Unclear as unclear:
        if unclear.why == "no_year" and (found := NO_YEAR.match(text)) and _end(text[found.end() :]):
            raise
        return None
    written = _end(rest)
    if not written:
        return None
    dated = text[: len(text) - len(rest)]
    own_year = not NO_YEAR.fullmatch(dated)
    end = _closing(written, begin, order)
    if end < begin and own_year and not _has_year(written) and begin.year < MAXYEAR:
        end = _date(end.year + 1, end.month, end.day)
    if end < begin:
        raise Unclear("backwards")
    return begin, end


def _end(rest: str) -> str:
    """What stands behind the word between two days, when days can stand there."""
    found = UNTIL.match(rest)
    written = rest[found.end() :] if found else ""
    forms = (YEAR_FIRST, PACKED, YEAR_LAST, NO_YEAR, ONLY_DAY)
    return written if any((one := form.match(written)) and _ends(written[one.end() :]) for form in forms) else ""


def _closing(written: str, begin: date, order: str) -> date:
    if (found := ONLY_DAY.match(written)) and _ends(written[found.end() :]):
        return _date(begin.year, begin.month, int(found[1]))
    return day(written, begin.year, order)[0]


def _has_year(written: str) -> bool:
    return any(form.match(written) for form in (YEAR_FIRST, PACKED, YEAR_LAST))


def _date(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Unclear("no_date") from None


def _ends(rest: str) -> bool:
    return bool(AFTER.fullmatch(rest.strip()))


def hours(rest: str) -> tuple[int, int, int]:
    """The clock time behind a day, midnight when there is none. Errors: Unclear."""
    found = CLOCK.match(rest)
    if not found:
        return 0, 0, 0
    half, hour, minute, second = found.groups()
    hour = int(hour) + (12 if half in ("下午", "晚上") and int(hour) < 12 else 0)
    if hour > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        raise Unclear("no_time")
    return hour, int(minute or 0), int(second or 0)


def order_of(texts: list[str]) -> str:
    """What a whole column says about days such as 3/5/2024: an order only when some cell allows no other."""
    pairs = [tuple(map(int, found.groups()[:2])) for text in texts if (found := YEAR_LAST.match(text.strip()))]
    if any(first > 12 for first, _ in pairs):
        return "dmy" if not any(second > 12 for _, second in pairs) else ""
    return "mdy" if any(second > 12 for _, second in pairs) else ""


def year_of(cells: list[str | date]) -> int | None:
    """The one year in which all days lie that have one."""
    years = set()
    for cell in cells:
        if isinstance(cell, date):
            years.add(cell.year)
        elif _has_year(arabic(cell.strip())):
            with suppress(Unclear):
                years.add(day(arabic(cell.strip()), order="dmy")[0].year)
    return years.pop() if len(years) == 1 else None


def arabic(text: str) -> str:
    """Chinese numerals of a day as digits: 二〇二四年十二月二十一日 → 2024年12月21日."""
    return CHINESE.sub(lambda found: _number(found[0]), text)


def _number(word: str) -> str:
    if "十" not in word:
        return "".join(DIGITS[character] for character in word)
    tens, _, ones = word.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return word
    return (DIGITS[tens] if tens else "1") + (DIGITS[ones] if ones else "0")


def _year_first(found: re.Match, year: int | None, order: str) -> tuple[int, int, int]:
    first, month, number = (int(part) for part in found.groups() if part.isdigit())
    return first + 2000 if first < 100 else first, month, number


def _mixed(found: re.Match) -> bool:
    """Two marks that are not said together: 10.5-20 is no day of 2010, 2024.5-7 none of May."""
    return len({mark for mark in found.groups() if mark in ("-", "/", ".")}) > 1


def _year_last(found: re.Match, year: int | None, order: str) -> tuple[int, int, int]:
    first, second, last = (int(part) for part in found.groups())
    if first == second or second > 12:
        order = "mdy"
    elif first > 12:
        order = "dmy"
    if order not in ORDERS:
        raise Unclear("order")
    return (last, second, first) if order == "dmy" else (last, first, second)


def _no_year(found: re.Match, year: int | None, order: str) -> tuple[int, int, int]:
    if year is None:
        raise Unclear("no_year")
    return year, int(found[1]), int(found[2])
