"""The verbs of a region: add, change, end. Imports of whole tables are in `loading` and `boundaries`."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.regions import prefix
from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.history import difference
from anlan.desk.layers.initials import initials
from anlan.know.places.models import Region
from anlan.know.places.rules import ancestors, level_of, short_name

KEPT = ("code", "name", "short_name", "kind", "lon", "lat", "area_km2", "valid_from", "valid_to", "source")


@transaction.atomic
def save_region(user, region: Region) -> Region:
    """Adds a region below one that exists, or changes what is said of it. Its code never changes."""
    before = Region.objects.select_for_update().filter(pk=region.pk).first() if region.pk else None
    if before is None:
        _place(region)
    elif before.code != region.code:
        raise ValidationError({"code": _("区划代码不能修改。请登记新的区划，并填写原区划的撤销日期。")})
    require(user, "places.change" if before else "places.add", region)
    region.initials = initials(region.name)
    region.short_name = region.short_name or short_name(region.name, region.level)
    region.full_clean()
    region.save()
    changes = difference(before, region, KEPT)
    words = _("变更行政区划“%(name)s”") if before else _("登记行政区划“%(name)s”")
    append(_act("places.change" if before else "places.add", region, words, changes))
    return region


@transaction.atomic
def end_region(user, region: Region, day: date) -> Region:
    """The region exists until this day. It stays, so that what lies in it keeps its name."""
    require(user, "places.change", region)
    open_below = region.children.filter(valid_to=None).count()
    if open_below:
        raise ValidationError(
            _("“%(name)s”还有 %(count)d 个下级区划，请先处理。") % {"name": region, "count": open_below}
        )
    region.valid_to = day
    region.full_clean()
    region.save(update_fields=["valid_to", "changed_at"])
    append(_act("places.end", region, _("撤销行政区划“%(name)s”"), {"valid_to": [None, str(day)]}))
    return region


def _place(region: Region) -> None:
    """Level and parent follow from the code."""
    try:
        region.code = prefix(region.code)
        region.level = level_of(region.code)
    except ValueError:
        raise ValidationError({"code": _("区划代码应为 2、4、6、9、12 或 15 位数字。")}) from None
    above = ancestors(region.code)
    region.parent = Region.objects.filter(code__in=above).order_by("-level").first()
    if above and region.parent is None:
        raise ValidationError({"code": _("没有上级区划 %(code)s，请先登记上级。") % {"code": above[0]}})


def _act(action: str, region: Region, words: str, changes: dict) -> Act:
    return Act(
        action=action,
        subject=f"region:{region.pk}",
        region=region.code,
        words=words % {"name": region.name},
        data={"changes": changes},
    )
