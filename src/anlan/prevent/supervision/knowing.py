"""What is known of enterprises on a day, for many at once: a fixed number of questions to the database."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from anlan.desk.registers.models import Record, RecordKey
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards.models import Grade as Gravity
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.risks.models import Point
from anlan.prevent.supervision.rules import Facts

CERTIFICATES, ACCIDENTS, CREDIT = "standardisation_certificates", "accident_history", "credit_entries"


def facts_of(enterprises: Iterable[Enterprise], day: date, years: int) -> dict[int, Facts]:
    """Facts by the enterprise's key."""
    enterprises = list(enterprises)
    codes = [one.code for one in enterprises]
    levels = _levels([one.pk for one in enterprises])
    dangers, certificates = _dangers([one.pk for one in enterprises]), _certificates(codes, day)
    accidents, deaths = _accidents(codes, day, years)
    credit = _credit(codes, day)
    return {
        one.pk: Facts(
            level=min((level for level in (one.level, levels.get(one.pk)) if level), default=None),
            certificate=certificates.get(one.code, ""),
            accidents=accidents.get(one.code, 0),
            deaths=deaths.get(one.code, 0),
            credit=credit.get(one.code, 0),
            **dangers.get(one.pk, {}),
        )
        for one in enterprises
    }


def _levels(pks: list[int]) -> dict[int, int]:
    """The gravest level of the points in use, as they are now."""
    points = Point.objects.filter(enterprise__in=pks, in_use=True, dynamic_level__isnull=False)
    return dict(points.order_by().values_list("enterprise").annotate(Min("dynamic_level")))


def _dangers(pks: list[int]) -> dict[int, dict[str, int]]:
    rows = (
        Hazard.objects.filter(enterprise__in=pks, is_open=True)
        .order_by()
        .values("enterprise")
        .annotate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(cancel_by__lt=timezone.now())),
            major=Count("pk", filter=Q(grade=Gravity.MAJOR)),
        )
    )
    return {row.pop("enterprise"): row for row in rows}


def _certificates(codes: list[str], day: date) -> dict[str, str]:
    """The best grade in force: level_1 before level_2."""
    held = _records(CERTIFICATES, codes).filter(Q(valid_to=None) | Q(valid_to__gte=day))
    grades = RecordKey.objects.filter(type=CERTIFICATES, field="grade", record__in=held.values("pk"))
    return dict(grades.order_by().values_list("record__organisation").annotate(Min("text")))


def _accidents(codes: list[str], day: date, years: int) -> tuple[dict[str, int], dict[str, int]]:
    since = day.replace(year=day.year - years, day=min(day.day, 28))
    recent = RecordKey.objects.filter(type=ACCIDENTS, field="day", day__gt=since, day__lte=day)
    happened = _records(ACCIDENTS, codes).filter(pk__in=recent.values("record"))
    counts = dict(happened.order_by().values_list("organisation").annotate(Count("pk")))
    killed = RecordKey.objects.filter(type=ACCIDENTS, field="deaths", number__gt=0, record__in=happened.values("pk"))
    deaths = killed.order_by().values_list("record__organisation").annotate(Sum("number"))
    return counts, {code: int(number) for code, number in deaths}


def _credit(codes: list[str], day: date) -> dict[str, int]:
    held = _records(CREDIT, codes).filter(Q(valid_to=None) | Q(valid_to__gte=day))
    return dict(held.order_by().values_list("organisation").annotate(Count("pk")))


def _records(type: str, codes: list[str]):
    return Record.objects.filter(type=type, status=Record.Status.IN_FORCE, organisation__in=codes)
