"""Rounds: places with a code on the wall, passed in order. A scan opens the place; one tap says "I was here"."""

import math
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.checks import rules
from anlan.prevent.checks.models import Passing, Patrol, Stop
from anlan.prevent.risks.models import Point

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 i l: people type a code when a camera fails
EARTH = 6_371_000.0
MOST_STOPS = 100


@transaction.atomic
def make(by, enterprise: Enterprise, title: str, points: list[Point]) -> Patrol:
    """A round over these risk points, in the order given."""
    require(by, "checks.plan", enterprise)
    if not title.strip():
        raise ValidationError({"title": _("请填写路线名称。")})
    if not 1 <= len(points) <= MOST_STOPS:
        raise ValidationError({"points": _("请选择 1 至 %(most)d 个风险点。") % {"most": MOST_STOPS}})
    if any(point.enterprise_id != enterprise.pk for point in points):
        raise ValidationError({"points": _("巡查点应是本企业的风险点。")})
    patrol = Patrol.objects.create(
        enterprise=enterprise, region=enterprise.region, organisation=enterprise.code, title=title.strip()[:120],
        synthetic=enterprise.synthetic,
    )  # fmt: skip
    for order, point in enumerate(points, start=1):
        Stop.objects.create(
            patrol=patrol, order=order, name=point.name, point=point, lon=point.lon, lat=point.lat, token=new_token()
        )
    append(
        Act(
            action="checks.patrol",
            subject=f"patrol:{patrol.pk}",
            region=patrol.region,
            organisation=patrol.organisation,
            words=_("巡查路线“%(title)s”，%(count)d 个点") % {"title": patrol.title, "count": len(points)},
        )
    )
    announce("checks", [], patrol.region, patrol.organisation)
    return patrol


@transaction.atomic
def passed(by, stop: Stop, *, lon: float | None = None, lat: float | None = None) -> Passing:
    """Somebody stands at the stop. A second tap within a minute is the same passing."""
    patrol = stop.patrol
    require(by, "checks.answer_post", patrol)
    if not patrol.in_use:
        raise ValidationError(_("这条巡查路线已停用。"))
    now = timezone.now()
    Patrol.objects.select_for_update().get(pk=patrol.pk)
    own = Passing.objects.filter(stop__patrol=patrol, by=by).select_related("stop").order_by("-at", "-pk")
    last = own.first()
    if last is not None and last.stop_id == stop.pk and (now - last.at).total_seconds() < 60:
        return last
    orders = list(patrol.stops.order_by("order").values_list("order", flat=True))
    number, in_order = rules.round_of(
        stop.order, orders[0], last.round if last else 0, last.stop.order if last else None, orders
    )
    placed = lon is not None and lat is not None and stop.lon is not None
    made = Passing.objects.create(
        stop=stop, by=by, at=now, round=number, in_order=in_order, lon=lon, lat=lat,
        metres=round(metres(lon, lat, stop.lon, stop.lat)) if placed else None,
    )  # fmt: skip
    append(
        Act(
            action="checks.pass",
            subject=f"patrol:{patrol.pk}",
            region=patrol.region,
            organisation=patrol.organisation,
            words=_("到达巡查点“%(name)s”") % {"name": stop.name},
            data={"stop": stop.pk, "round": number, "in_order": in_order, "metres": made.metres},
        )
    )
    announce("checks", [], patrol.region, patrol.organisation)
    return made


def new_token() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle distance."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))
