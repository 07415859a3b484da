"""Trend and comprehensive analysis: what happened in a period, with the period before beside it. The page and the daily
and monthly reports are made of the same figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from anlan.desk.cases.models import Case, CaseStep
from anlan.know.enterprises.models import RegulatedAs
from anlan.watch.warnings.models import ColourChange, OnlinePatrol

LEVELS = (1, 2, 3, 4)
TOP = 10
STRETCHES = ("confirm", "feedback", "verify")  # the steps whose time after opening is told
COMPARED = (
    *("opened", "closed", "open_at_end", "escalated", "supervised", "patrols", "patrol_problems", "worse", "better"),
    *("confirm_minutes", "feedback_minutes", "verify_minutes"),
)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What is looked at, already narrowed to who asks or whom the report is for."""

    cases: QuerySet[Case]
    changes: QuerySet[ColourChange]
    patrols: QuerySet[OnlinePatrol]


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def before(first: date, last: date) -> tuple[date, date]:
    """The period of the same length just before; of a whole month the month before."""
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        end = first - timedelta(days=1)
        return end.replace(day=1), end
    length = last - first + timedelta(days=1)
    return first - length, last - length


def figures(rows: Rows, first: date, last: date) -> dict[str, Any]:
    """The numbers of one period, plain values for JSON. Days are those of the region's zone."""
    start, end = bounds(first, last)
    opened = rows.cases.filter(opened_at__gte=start, opened_at__lt=end, exercise=False)
    changed = rows.changes.filter(at__gte=start, at__lt=end)
    looked = rows.patrols.filter(at__gte=start, at__lt=end)
    levels = _counts(opened, "level")
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "opened": sum(levels.values()),
        "levels": {str(level): levels[level] for level in LEVELS},
        "closed": rows.cases.filter(closed_at__gte=start, closed_at__lt=end, exercise=False).count(),
        "open_at_end": rows.cases.filter(opened_at__lt=end, exercise=False)
        .filter(Q(closed_at=None) | Q(closed_at__gte=end))
        .count(),
        **opened.aggregate(
            escalated=Count("pk", filter=Q(escalations__gt=0)), supervised=Count("pk", filter=Q(supervised=True))
        ),
        "causes": {cause or "": count for cause, count in _counts(opened, "data__cause").items()},
        **looked.aggregate(patrols=Count("pk"), patrol_problems=Count("pk", filter=Q(outcome="problem"))),
        **_turns(changed),
        **_minutes(opened),
        "organisations": _counts(opened.exclude(organisation=""), "organisation").most_common(TOP),
        "sectors": _sectors(opened),
    }


def compared(rows: Rows, first: date, last: date) -> dict[str, Any]:
    """The figures, those of the period before, and how they differ."""
    now, earlier = figures(rows, first, last), figures(rows, *before(first, last))
    return {"now": now, "before": earlier, "difference": difference(now, earlier)}


def difference(now: Mapping, earlier: Mapping) -> dict[str, float | None]:
    """None where either is not known: no number is made of nothing."""
    return {
        name: None if now[name] is None or earlier[name] is None else round(now[name] - earlier[name], 1)
        for name in COMPARED
    }


def per_day(rows: Rows, first: date, last: date) -> list[dict]:
    """Opened by level and closed, each day; two questions whatever the length."""
    zone, (start, end) = timezone.get_current_timezone(), bounds(first, last)
    opened: Counter = Counter()
    closed: Counter = Counter()
    for at, level in rows.cases.filter(opened_at__gte=start, opened_at__lt=end).values_list("opened_at", "level"):
        opened[at.astimezone(zone).date(), level] += 1
    for at in rows.cases.filter(closed_at__gte=start, closed_at__lt=end).values_list("closed_at", flat=True):
        closed[at.astimezone(zone).date()] += 1
    return [
        {"day": day, "levels": [(level, opened[day, level]) for level in LEVELS], "closed": closed[day]}
        for day in days_of(first, last)
    ]


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)


def _counts(rows: QuerySet, field: str) -> Counter:
    return Counter(dict(rows.order_by().values_list(field).annotate(Count("pk"))))


def _turns(changed: QuerySet[ColourChange]) -> dict[str, int]:
    """How often an enterprise or a facility came into a graver colour, and how often into a milder one or none."""
    worse = Q(after__isnull=False) & (Q(before=None) | Q(after__lt=F("before")))
    rows = changed.exclude(scope="region")
    return rows.aggregate(worse=Count("pk", filter=worse), better=Count("pk", filter=~worse))


def _minutes(opened: QuerySet[Case]) -> dict[str, float | None]:
    """Mean minutes from opening to confirmation, feedback and verification, of those that came so far."""
    took = ExpressionWrapper(F("at") - F("case__opened_at"), output_field=DurationField())
    steps = CaseStep.objects.filter(case__in=opened.values("pk"), action__in=STRETCHES)
    found = dict(steps.order_by().values_list("action").annotate(mean=Avg(took)))
    return {
        f"{action}_minutes": round(found[action].total_seconds() / 60, 1) if action in found else None
        for action in STRETCHES
    }


def _sectors(opened: QuerySet[Case]) -> list[tuple[str, int]]:
    """Warnings by what their enterprises are regulated as; one regulated twice counts in both."""
    by_owner = _counts(opened.exclude(organisation=""), "organisation")
    found: Counter = Counter()
    for owner, code in RegulatedAs.objects.filter(enterprise__code__in=list(by_owner)).values_list(
        "enterprise__code", "code"
    ):
        found[code] += by_owner[owner]
    return found.most_common()
