"""The verbs of a facility: add, change, take out of service."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.history import difference
from anlan.desk.layers.initials import initials
from anlan.desk.notices.live import announce
from anlan.know.facilities.geometry import WrongGeometry, middle, parse
from anlan.know.facilities.kinds import all_kinds
from anlan.know.facilities.models import Facility

KEPT = (
    *("kind", "code", "name", "enterprise", "parent", "region", "organisation", "lon", "lat", "geometry"),
    *("hazard_level", "r_value", "consequence_m", "in_service", "attributes"),
)


@transaction.atomic
def save_facility(user, facility: Facility) -> Facility:
    """Adds or changes a facility. `version` is the one that was read: who read an older one is told so."""
    before = Facility.objects.select_for_update().filter(pk=facility.pk).first() if facility.pk else None
    _settle(facility)
    if before is not None:
        require(user, "facilities.change", before)
        if before.version != facility.version:
            raise ValidationError(_("您打开之后，别人已修改了这个设施。请重新打开再修改。"))
    require(user, "facilities.change" if before else "facilities.add", facility)
    _check(facility)
    facility.full_clean()
    facility.version = (before.version if before else 0) + 1
    facility.save()
    _record(before, facility)
    return facility


@transaction.atomic
def retire(user, facilities: list[Facility]) -> int:
    """These facilities are out of service: they stay on record and leave the map."""
    for facility in facilities:
        require(user, "facilities.change", facility)
        before = Facility.objects.get(pk=facility.pk)
        facility.in_service, facility.version = False, before.version + 1
        facility.save(update_fields=["in_service", "version", "changed_at"])
        _record(before, facility)
    return len(facilities)


def _settle(facility: Facility) -> None:
    """What follows from other fields: the owner from the enterprise, the point from the geometry, the initials."""
    if facility.enterprise_id:
        facility.organisation = facility.enterprise.code
        facility.region = facility.region or facility.enterprise.region
    facility.initials = initials(facility.name)
    try:
        shape = parse(facility.geometry)
    except WrongGeometry as wrong:
        raise ValidationError({"geometry": _("几何不可用：%(reason)s") % {"reason": wrong}}) from None
    if shape is not None and (facility.lon is None or facility.lat is None):
        facility.lon, facility.lat = middle(shape)


def _check(facility: Facility) -> None:
    kind = all_kinds().get(facility.kind)
    if kind is None:
        raise ValidationError({"kind": _("没有设施类别“%(kind)s”。") % {"kind": facility.kind}})
    if facility.hazard_level and not kind.hazard:
        raise ValidationError({"hazard_level": _("“%(kind)s”不会构成重大危险源。") % {"kind": kind.title}})
    if facility.parent_id and _circles(facility):
        raise ValidationError({"parent": _("所属设施不能是它自己或其下级。")})
    if facility.parent_id and facility.parent.organisation != facility.organisation:
        raise ValidationError({"parent": _("所属设施应属于同一单位。")})


def _circles(facility: Facility) -> bool:
    above, seen = facility.parent, {facility.pk}
    while above is not None:
        if above.pk in seen:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _record(before: Facility | None, facility: Facility) -> None:
    words = _("变更设施“%(name)s”") if before else _("登记设施“%(name)s”")
    append(
        Act(
            action="facilities.change" if before else "facilities.add",
            subject=f"facility:{facility.pk}",
            region=facility.region,
            organisation=facility.organisation,
            words=words % {"name": facility.name},
            data={"changes": difference(before, facility, KEPT)},
        )
    )
    announce("facilities", [facility.pk], facility.region, facility.organisation)
