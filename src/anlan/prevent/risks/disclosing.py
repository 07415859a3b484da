"""What the public is told of major risks, at regular times: planned, published as things stood that day, overdue."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.regions import within
from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.live import announce
from anlan.prevent.risks.models import Disclosure, Point

EVERY_MONTHS = 3  # 定期: no period is given by the plans; configuration, decision 0102


def due_days(year: int) -> tuple[date, ...]:
    """The days on which a year's disclosures are due: the tenth after each quarter."""
    return tuple(date(year, month, 10) for month in range(1, 13, EVERY_MONTHS))


def plan(now: datetime) -> int:
    """The next disclosure of every county that has risks on record. Safe to repeat."""
    today = timezone.localdate(now)
    days = (*due_days(today.year), *due_days(today.year + 1))
    due = next(day for day in days if day >= today)
    if due - today > timedelta(days=45):
        return 0
    counties = _counties()
    new = [Disclosure(region=region, due_on=due, title=_("重大安全风险及管控情况公告")) for region in sorted(counties)]
    there = Disclosure.objects.filter(due_on=due, category="", region__in=counties).count()
    Disclosure.objects.bulk_create(new, ignore_conflicts=True, batch_size=200)
    return len(new) - there


def _counties() -> set[str]:
    """Found by jumping from one county to the next on the index of regions, not by reading all points."""
    found: set[str] = set()
    rows = Point.objects.order_by("region").values_list("region", flat=True)
    region = rows.first()
    while region:
        found.add(region[:6])
        region = rows.filter(region__gte=f"{int(region[:6]) + 1:06d}").first()
    return found


def told_of(disclosure: Disclosure) -> QuerySet[Point]:
    """The points it speaks of: red ones in the region's database, of its category if it has one."""
    rows = Point.objects.filter(within(disclosure.region), in_use=True, registered_level=1)
    if disclosure.category:
        rows = rows.filter(enterprise__categories__code=disclosure.category)
    return rows


def content(disclosure: Disclosure) -> list[dict]:
    """What the public reads: where, what may happen, how it is held, who answers. Nothing else leaves the house."""
    points = told_of(disclosure).select_related("enterprise").prefetch_related("events__controls").order_by("pk")[:2000]
    return [
        {
            "enterprise": point.enterprise.name,
            "name": point.name,
            "kind": point.kind,
            "region": point.region,
            "level": point.registered_level,
            "consequences": sorted({event.consequence for event in point.events.all() if event.consequence}),
            "controls": [
                control.text for event in point.events.all() for control in event.controls.all() if control.in_use
            ][:6],
            "responsible_level": point.responsible_level,
            "status": "strengthened" if point.dynamic_level and point.dynamic_level < (point.level or 4) else "held",
        }
        for point in points
    ]


@transaction.atomic
def publish(user, disclosures: list[Disclosure]) -> int:
    """Makes these public as things stand now; what was published is not changed any more."""
    for disclosure in disclosures:
        held = Disclosure.objects.select_for_update().get(pk=disclosure.pk)
        require(user, "risks.publish", held)
        if held.published_at:
            raise ValidationError(_("“%(title)s”已公布，内容不再改动。") % {"title": held.title})
        held.content, held.published_at, held.published_by = content(held), timezone.now(), user
        held.save()
        append(
            Act(
                action="risks.publish",
                subject=f"risk-disclosure:{held.pk}",
                region=held.region,
                words=f"{held.title} {held.due_on}",
                data={"risks": len(held.content)},
            )
        )
        announce("risks", [], held.region)
    return len(disclosures)
