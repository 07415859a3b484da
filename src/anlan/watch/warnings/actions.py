"""The verbs by which alarms act on a warning. People act through the steps of the case itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anlan.desk.cases.actions import NewCase, SomebodyWasFirst, open_case, take
from anlan.desk.cases.models import Case
from anlan.watch.warnings.rules import more_serious

KIND = "warnings.warning"
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What gives rise to a warning: an alarm, as far as a warning needs to know it."""

    subject: str  # what is in danger, such as 'facility:12' or 'device:7': one open warning each
    title: str
    level: int
    region: str
    organisation: str
    at: datetime
    lon: float | None = None
    lat: float | None = None
    active: int = 1  # alarms of this subject that are active now


def warn(occasion: Occasion) -> Case:
    """Opens the warning of this subject, or adds the occasion to the one that is open."""
    case, new = open_case(
        NewCase(
            kind=KIND,
            title=occasion.title,
            region=occasion.region,
            organisation=occasion.organisation,
            level=occasion.level,
            subject=occasion.subject,
            key=f"warning:{occasion.subject}",
            lon=occasion.lon,
            lat=occasion.lat,
            opened_at=occasion.at,
            data={"active": occasion.active},
        ),
        words=occasion.title,
    )
    if not new:
        _again(case, lambda held: _add(held, occasion))
    return case


def _add(case: Case, occasion: Occasion) -> None:
    worse = more_serious(occasion.level, case.level)
    take(
        case,
        "worsen" if worse else "again",
        words=occasion.title,
        values={"active": occasion.active},
        level=occasion.level if worse else None,
        title=occasion.title if worse else "",
    )


def readings_back(case: Case, words: str, active: int) -> None:
    """An alarm of this warning has cleared; `active` of its alarms are left."""
    if case.is_open:
        _again(case, lambda held: take(held, "normal", words=words, values={"active": active}))


def coloured(case: Case, *, level: int | None, before: int | None, words: str) -> None:
    """The index of this warning's subject came into another colour: the warning follows it. Out of all colours it
    keeps the last one until somebody has verified."""

    def follow(held: Case) -> None:
        values = {"index": words}
        if level is None:
            take(held, "calm", words=words, values=values)
        elif more_serious(level, held.level):
            take(held, "worsen", words=words, values=values, level=level)
        elif held.level is not None and level > held.level:
            take(held, "ease", words=words, values=values, level=level)

    if case.is_open:
        _again(case, follow)


def _again(case: Case, act: Callable[[Case], object]) -> None:
    """A person may take a step at the same instant; then the alarm's own step is tried on the new state."""
    for attempt in range(TRIES):
        try:
            act(case)
            return
        except SomebodyWasFirst:
            case.refresh_from_db()
            if not case.is_open or attempt == TRIES - 1:
                return
