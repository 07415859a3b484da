"""The verbs of the limited-space book: keep an entry, take it out of use."""

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.initials import initials
from anlan.desk.notices.live import announce
from anlan.prevent.permits.models import Space


@transaction.atomic
def save_space(user, space: Space) -> Space:
    """Errors: Refused; ValidationError by field."""
    new = space.pk is None
    if not new:
        require(user, "spaces.change", Space.objects.get(pk=space.pk))
    space.region, space.organisation = space.enterprise.region, space.enterprise.code
    require(user, "spaces.change", space)
    space.initials = initials(space.name)
    if space.lon is None or space.lat is None:
        near = space.facility or space.enterprise
        space.lon, space.lat = near.lon, near.lat
    space.full_clean()
    space.save()
    _record(space, _("登记有限空间“%(name)s”") if new else _("变更有限空间“%(name)s”"))
    return space


@transaction.atomic
def retire(user, spaces: list[Space]) -> int:
    for space in spaces:
        require(user, "spaces.change", space)
        space.in_use = False
        space.save(update_fields=["in_use", "changed_at"])
        _record(space, _("有限空间“%(name)s”停用"))
    return len(spaces)


def _record(space: Space, words: str) -> None:
    append(
        Act(
            action="spaces.change",
            subject=f"space:{space.pk}",
            region=space.region,
            organisation=space.organisation,
            words=words % {"name": space.name},
        )
    )
    announce("spaces", [space.pk], space.region, space.organisation)
