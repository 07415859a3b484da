"""The verbs of a closure: set or change, lift."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import posts_for, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.history import difference
from anlan.desk.notices.live import announce
from anlan.know.places.locate import region_at
from anlan.know.roads.models import Closure

KEPT = ("road", "reason", "words", "lon", "lat", "radius", "passable", "since", "until", "region")


@transaction.atomic
def save_closure(user, closure: Closure) -> Closure:
    """Closes a road, or changes for how long and why. `version` is the one that was read."""
    before = Closure.objects.select_for_update().filter(pk=closure.pk).first() if closure.pk else None
    if before is not None:
        require(user, "closures.set", before)
        if before.version != closure.version:
            raise ValidationError(_("您打开之后，别人已修改了这处封闭。请重新打开再修改。"))
        if before.lifted_at:
            raise ValidationError(_("这处封闭已解除，不能再修改；仍须封闭的请重新登记。"))
    _settle(user, closure)
    require(user, "closures.set", closure)
    if closure.until and closure.until <= closure.since:
        raise ValidationError({"until": _("预计恢复应晚于封闭时间。")})
    closure.full_clean()
    closure.version = (before.version if before else 0) + 1
    closure.save()
    words = _("变更道路封闭“%(name)s”") if before else _("封闭道路“%(name)s”")
    _record("closures.set", closure, words, {"changes": difference(before, closure, KEPT)})
    return closure


@transaction.atomic
def lift(user, closures: list[Closure], words: str) -> int:
    """These roads are open again. Whoever comes second changes nothing."""
    lifted = 0
    for closure in Closure.objects.select_for_update().filter(pk__in=[row.pk for row in closures]).order_by("pk"):
        require(user, "closures.lift", closure)
        if closure.lifted_at:
            continue
        closure.lifted_at, closure.lifted_by, closure.lift_words = timezone.now(), user, words[:300]
        closure.version += 1
        closure.save(update_fields=["lifted_at", "lifted_by", "lift_words", "version", "changed_at"])
        _record("closures.lift", closure, _("解除道路封闭“%(name)s”"), {"words": words})
        lifted += 1
    return lifted


def _settle(user, closure: Closure) -> None:
    """What follows from the place: the region it lies in, and what the road is called."""
    if closure.lon is None or closure.lat is None:
        raise ValidationError(_("请给出封闭处的经度和纬度，或从地图上点选。"))
    posts = posts_for(user, "closures.set")
    region = region_at(closure.lon, closure.lat)
    if region is not None:
        closure.region = region.code
    elif not closure.region and posts:
        closure.region = posts[0].region
    if not closure.organisation and posts:
        closure.organisation = posts[0].organisation
    closure.set_by = closure.set_by or user
    closure.road = closure.road.strip() or _named(closure)


def _named(closure: Closure) -> str:
    from anlan.know.roads.network import network

    roads = network(settings.ROADS)
    return roads.name_at((closure.lon, closure.lat))[:120] if roads else ""


def _record(action: str, closure: Closure, words: str, data: dict) -> None:
    append(
        Act(
            action=action,
            subject=f"closure:{closure.pk}",
            region=closure.region,
            organisation=closure.organisation,
            words=words % {"name": closure},
            data=data,
        )
    )
    announce("closures", [closure.pk], closure.region, closure.organisation)
