"""A change of colour opens the warning of its subject, or moves the one that is open, with its clock.

A facility's colour is told by the facility's warning, the one its alarms open (decision 0081). An enterprise gets a
warning of its own only where its colour is graver than that of each of its facilities: one danger, one case.
"""

from collections.abc import Sequence
from datetime import datetime

from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.cases.models import Case
from anlan.watch.warnings.actions import KIND, coloured
from anlan.watch.warnings.index import COLOURS, Policy
from anlan.watch.warnings.models import Contribution, Scope, Standing

NAMES = {Scope.FACILITY: "设施", Scope.ENTERPRISE: "企业", Scope.REGION: "区域"}


def move_cases(by: Policy, changes: Sequence[tuple[Standing, int | None]], now: datetime) -> dict[int, Case]:
    """Answers the warning of each standing that has one."""
    keys = [f"warning:{row.subject}" for row, _before in changes]
    known = {case.key: case for case in Case.objects.filter(kind=KIND, key__in=keys)}
    carried = _carried([row for row, _before in changes if row.scope == Scope.ENTERPRISE])
    found = {}
    for row, before in changes:
        case = known.get(f"warning:{row.subject}")
        if case is not None:
            coloured(case, level=row.level, before=before, words=_words(row, before))
            found[row.pk] = case
        elif _opens(by, row, carried.get(row.enterprise_id)):
            found[row.pk] = _open(row, before, now)
    return found


def _opens(by: Policy, row: Standing, carried: int | None) -> bool:
    if row.level is None or row.level > by.opens[row.scope]:
        return False
    return row.scope != Scope.ENTERPRISE or carried is None or row.level < carried


def _open(row: Standing, before: int | None, now: datetime) -> Case:
    words = _words(row, before)
    return open_case(
        NewCase(
            kind=KIND,
            title=f"{row.title} {words}",
            region=row.region,
            organisation=row.organisation,
            level=row.level,
            subject=row.subject,
            key=f"warning:{row.subject}",
            lon=row.facility.lon if row.facility_id else None,
            lat=row.facility.lat if row.facility_id else None,
            opened_at=now,
            data={"active": 0, "index": row.value},
        ),
        words=words,
    )[0]


def _carried(enterprises: Sequence[Standing]) -> dict[int, int]:
    """The gravest colour that open warnings of an enterprise tell already: of its facilities, of its devices."""
    keys = {row.enterprise_id for row in enterprises}
    if not keys:
        return {}
    levels: dict[int, int] = {}
    told = Standing.objects.filter(scope=Scope.FACILITY, enterprise__in=keys, level__isnull=False)
    own = Contribution.objects.filter(kind=Contribution.Kind.ALARM, enterprise__in=keys, settled=False)
    for key, level in (*told.values_list("enterprise", "level"), *own.values_list("enterprise", "level")):
        levels[key] = min(level, levels.get(key, 9))
    return levels


def _words(row: Standing, before: int | None) -> str:
    return f"{NAMES[row.scope]}预警指数 {row.value:g}，{COLOURS[before].zh}→{COLOURS[row.level].zh}"
