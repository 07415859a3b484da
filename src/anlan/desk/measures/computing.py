"""Computes a measure for a region and a period and keeps the value with its explanation."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from anlan.desk.access.regions import within
from anlan.desk.figures import formula
from anlan.desk.measures import gathering
from anlan.desk.measures.declare import Measure, measures
from anlan.desk.measures.models import FigureValue, MeasureValue, Target
from anlan.desk.measures.periods import Period, before, containing

BACK = {"month": 13, "quarter": 5, "year": 2, "five_years": 2}  # how many periods the regular run renews


def explain(measure: Measure, region: str, period: Period) -> tuple[formula.Node, dict[str, gathering.Found]]:
    """The formula's steps and where each figure is from, as they stand now; touches nothing."""
    found = {name: gathering.find(name, region, period) for name in measure.names}
    values = {name: one.value for name, one in found.items()}
    return formula.evaluate(measure.formula, values, {name: one.reason for name, one in found.items()}), found


def compute(measure: Measure, region: str, period: Period) -> MeasureValue:
    """The value now, kept in place of what was computed before."""
    node, found = explain(measure, region, period)
    figures = {
        name: {"value": one.value, "reason": one.reason, "how": one.how, "parts": list(one.parts[:60])}
        for name, one in found.items()
    }
    calibres = {name: one.calibre.isoformat() for name, one in found.items() if one.calibre}
    row, _new = MeasureValue.objects.update_or_create(
        measure=measure.code,
        region=region,
        start=period.start,
        end=period.end,
        defaults={
            "value": node.value,
            "reason": node.reason[:300],
            "tree": {"formula": node.as_dict(), "figures": figures},
            "calibres": calibres,
        },
    )
    return row


def renew(now: datetime) -> int:
    """The regular run: every measure for every region that keeps figures or has targets, over the last periods and
    over those whose figures came by another way than the form."""
    today, count = timezone.localdate(now), 0
    for region in kept_regions():
        for measure in measures().values():
            for period in dict.fromkeys([*last_periods(measure, today), *missing(measure, region)]):
                compute(measure, region, period)
                count += 1
    return count


def after_entering(figure: str, region: str, period: Period) -> int:
    """What a newly entered figure touches: its measures, in its region and those above that are kept."""
    above = [code for code in kept_regions() if region.startswith(code)]
    count = 0
    for measure in measures().values():
        if figure not in measure.names:
            continue
        for code in dict.fromkeys([region, *above]):
            for touched in touching(measure.period, period):
                compute(measure, code, touched)
                count += 1
    return count


def missing(measure: Measure, region: str) -> list[Period]:
    """Periods for which the region has figures of the measure, but no value was ever computed."""
    spans = FigureValue.objects.filter(within(region), figure__in=measure.names).order_by()
    wanted = {
        touched
        for start, end in spans.values_list("start", "end").distinct()
        for touched in touching(measure.period, Period(start, end))
    }
    known = MeasureValue.objects.filter(measure=measure.code, region=region).values_list("start", "end")
    return sorted(wanted - {Period(start, end) for start, end in known})


def touching(kind: str, period: Period) -> list[Period]:
    """Periods of a kind that overlap this one."""
    found = [containing(kind, period.start)]
    while found[-1].end < period.end:
        found.append(before(found[-1], -1))
    return found


def last_periods(measure: Measure, today: date) -> list[Period]:
    """The period of today and those before it, the latest first."""
    now = containing(measure.period, today)
    return [before(now, steps) for steps in range(BACK[measure.period])]


def kept_regions() -> list[str]:
    """Regions for which measures are computed by themselves."""
    found: set[str] = {settings.REGION} if settings.REGION else set()
    found |= _distinct(Target.objects.all()) | _distinct(FigureValue.objects.all())
    return sorted(found)


def _distinct(rows: Iterable) -> set[str]:
    return set(rows.order_by().values_list("region", flat=True).distinct())
