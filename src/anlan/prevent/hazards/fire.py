"""Who has not searched within the interval, and which fire units have not promised: rows of enterprises, annotated."""

from datetime import date, datetime, time, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from anlan.desk.access.regions import within
from anlan.desk.access.standing import narrow
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards.gates import SEE
from anlan.prevent.hazards.models import FirePromise, Hazard, SelfCheck, Terms
from anlan.prevent.hazards.rules import promise_missed

FIRE_UNITS = ("fire_key_unit", "crowded_place")


def unchecked(user) -> QuerySet[Enterprise]:
    """Operating enterprises without a self-check within the interval of their region; `last_check` is the last."""
    checks = SelfCheck.objects.filter(enterprise=OuterRef("pk"))
    rows = narrow(user, SEE, Enterprise.objects.filter(status=Enterprise.Status.OPERATING))
    return rows.annotate(
        since=_by_region(lambda terms: _begin(terms.self_check_days), DateTimeField()),
        last_check=Subquery(checks.order_by("-at").values("at")[:1]),
    ).filter(~Exists(checks.filter(at__gte=OuterRef("since"))))


def fire_units(user) -> QuerySet[Enterprise]:
    """自知、自查、自改 of fire units: promised this year, last self-check, fire dangers still open; `late`: no promise
    although the yearly day is over."""
    today = timezone.localdate()
    dangers = Hazard.objects.filter(organisation=OuterRef("organisation"), kind="fire", is_open=True)
    count = dangers.order_by().values("organisation").annotate(n=Count("pk")).values("n")
    rows = narrow(user, SEE, Enterprise.objects.filter(categories__code__in=FIRE_UNITS)).distinct()
    promises = FirePromise.objects.filter(enterprise=OuterRef("pk"), year=today.year)
    return rows.annotate(
        promised_at=Subquery(promises.values("published_at")[:1]),
        day_over=_by_region(lambda terms: _day_over(terms, today), BooleanField()),
        last_check=Subquery(SelfCheck.objects.filter(enterprise=OuterRef("pk")).order_by("-at").values("at")[:1]),
        open_dangers=Coalesce(Subquery(count), 0, output_field=IntegerField()),
    ).annotate(late=Case(When(promised_at=None, day_over=True, then=Value(True)), default=Value(False)))


def _day_over(terms: Terms, today: date) -> bool:
    return promise_missed(False, today, terms.promise_month, terms.promise_day)


def _begin(days: int) -> datetime:
    """A check on the 1st serves until the 16th ends: the day of the check does not count."""
    day = timezone.localdate() - timedelta(days=days)
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _by_region(value, field) -> Case:
    """What holds in each region, the nearest terms first, the defaults last."""
    known = sorted(Terms.objects.all(), key=lambda terms: -len(terms.region))
    default = next((terms for terms in known if not terms.region), Terms(region=""))
    whens = [
        When(_within(terms.region), then=Value(value(terms), output_field=field)) for terms in known if terms.region
    ]
    return Case(*whens, default=Value(value(default), output_field=field), output_field=field)


def _within(region: str) -> Q:
    return within(region, "region")
