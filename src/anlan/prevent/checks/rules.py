"""What is decided about checks, purely: periods, verdicts, who may answer, the draw, the order of a round."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from anlan.desk.wording.units import shown

# The graver the risk, the higher the level that answers; an account answers what its role was given.
LEVEL_PERMISSIONS = {
    "company": "checks.answer_company",
    "workshop": "checks.answer_workshop",
    "team": "checks.answer_team",
    "post": "checks.answer_post",
    "government": "checks.inspect",
}
OFTEN = {1: _("每日"), 7: _("每周"), 15: _("每半月"), 30: _("每月"), 90: _("每季度"), 180: _("每半年"), 365: _("每年")}
NEAR_METRES = 100  # a passing farther off than this is shown as such, not refused: positions indoors stray


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question as a sheet keeps it. With `unit` a reading is asked and the limits decide the verdict."""

    key: str
    text: str
    text_en: str = ""
    group: str = ""
    group_en: str = ""
    control: int | None = None
    point: int | None = None
    major: bool = False
    clause: dict | None = None  # {"zh", "en", "status"} as it was shown
    unit: str = ""
    least: float | None = None
    most: float | None = None


class Unanswerable(ValueError):
    """An answer contradicts its question; the text says how."""


def judged(item: Item, verdict: str, reading: float | None) -> str:
    """The verdict an answer amounts to. A reading beyond its limits is a "not", whatever was ticked."""
    if verdict not in ("ok", "not", "na", ""):
        raise Unanswerable(_("结论只能是符合、不符合或不适用。"))
    if not item.unit or verdict == "na":
        if not verdict:
            raise Unanswerable(_("请选择符合、不符合或不适用。"))
        return verdict
    if reading is None:
        raise Unanswerable(_("请填写读数（%(unit)s）。") % {"unit": shown(item.unit)})
    if reading != reading or reading in (float("inf"), float("-inf")):
        raise Unanswerable(_("读数不是一个数。"))
    outside = (item.least is not None and reading < item.least) or (item.most is not None and reading > item.most)
    return "not" if outside or verdict == "not" else "ok"


@dataclass(frozen=True)
class Period:
    """The days a task stands for, and when the next one begins (None: no next one)."""

    start: date
    last: date
    following: date | None

    def due_at(self, zone: ZoneInfo) -> datetime:
        return midnight_after(self.last, zone)


def period(next_on: date, every_days: int | None, ends_on: date | None, today: date) -> Period | None:
    """The period to make a task for on this day; None when there is nothing to make yet or any more.

    Periods that passed while nobody ran the platform are skipped: they are nobody's neglect.
    """
    if today < next_on:
        return None
    if every_days is None:
        return Period(next_on, max(ends_on or next_on, next_on), None)
    start = next_on + timedelta(days=(today - next_on).days // every_days * every_days)
    if ends_on and start > ends_on:
        return None
    following = start + timedelta(days=every_days)
    return Period(start, following - timedelta(days=1), following if not ends_on or following <= ends_on else None)


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)


def again_by(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """When something looked at now must have been looked at again: the day itself does not count."""
    return midnight_after(at.astimezone(zone).date() + timedelta(days=days), zone)


def often(every_days: int | None) -> Any:
    if every_days is None:
        return _("一次")
    return OFTEN.get(every_days) or _("每 %(days)d 天") % {"days": every_days}


def drawn(field: Iterable[str], seed: str, count: int) -> list[str]:
    """`count` of the field, each with the same chance: those whose SHA-256 of seed, bar and name is smallest.

    No random generator is asked, so that whoever has seed and field draws the same with any tool.
    """
    return sorted(set(field), key=lambda name: hashlib.sha256(f"{seed}|{name}".encode()).digest())[: max(count, 0)]


def matched(enterprises: Sequence[str], inspectors: Sequence[str], seed: str, each: int = 2) -> list[tuple]:
    """Enterprises with the inspectors drawn for each: one draw an enterprise, so that nobody can foresee a pair."""
    return [(code, drawn(inspectors, f"{seed}|{code}", each)) for code in enterprises]


def round_of(
    order: int, first: int, last_round: int, last_order: int | None, orders: Sequence[int]
) -> tuple[int, bool]:
    """(round, whether in order) of a passing at the stop `order`, after `last_order` of the round `last_round`.

    The first stop begins a new round; any other belongs to the running one, and is in order when it is the next one
    or the same again.
    """
    if order == first or last_order is None:
        return (last_round if last_order == order else last_round + 1), order == first
    after = [one for one in orders if one > last_order]
    return last_round, order == last_order or (bool(after) and order == after[0])


def share(part: int, whole: int) -> float | None:
    """Per cent with one decimal; nothing due, no share."""
    return round(100 * part / whole, 1) if whole else None
