"""Joint control of a risk by several areas: a warning of one is told to the others, and what they answer is kept."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import holders, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.prevent.risks.models import Agreement, SharedWarning


@transaction.atomic
def save_agreement(user, agreement: Agreement) -> Agreement:
    require(user, "joint-control.change", agreement)
    regions = list(dict.fromkeys([agreement.region, *agreement.regions]))
    if len(regions) < 2:
        raise ValidationError({"regions": _("联防联控至少涉及两个地区，请写明对方地区代码。")})
    agreement.regions = regions
    agreement.full_clean()
    agreement.save()
    _record("joint-control.agree", agreement, agreement.title)
    return agreement


@transaction.atomic
def share(*, source: str, region: str, level: int, words: str) -> list[SharedWarning]:
    """Tells a warning to the partners of every agreement in force that covers its place. Safe to repeat."""
    now, today = timezone.now(), timezone.localdate()
    told = []
    running = Agreement.objects.filter(Q(until=None) | Q(until__gte=today), since__lte=today, from_level__gte=level)
    for agreement in running:
        own = [code for code in agreement.regions if region.startswith(code)]
        if not own:
            continue
        for partner in agreement.regions:
            if partner in own:
                continue
            sharing, new = SharedWarning.objects.get_or_create(
                agreement=agreement,
                source=source,
                region=partner,
                defaults={
                    "from_region": region,
                    "level": level,
                    "words": words[:300],
                    "sent_at": now,
                    "due_at": now + timedelta(hours=agreement.reply_hours),
                },
            )
            if new:
                told.append(sharing)
                _tell(sharing)
    return told


def _tell(sharing: SharedWarning) -> None:
    people = holders("joint-control.reply", region=sharing.region)
    tell(
        people,
        title=_("联防通报，请回复：%(words)s") % {"words": sharing.words[:80]},
        body=sharing.agreement.title,
        url=f"/shared-warnings/{sharing.pk}/",
        level=sharing.level,
        room="joint-control",
        key=f"joint:{sharing.pk}",
    )
    announce("joint-control", [sharing.pk], (sharing.region, sharing.from_region))
    _record("joint-control.share", sharing, sharing.words)


@transaction.atomic
def reply(user, sharings: Sequence[SharedWarning], words: str) -> int:
    """What the partner answers, once."""
    if not words.strip():
        raise ValidationError({"words": _("请写明已采取或将采取的措施。")})
    for sharing in sharings:
        require(user, "joint-control.reply", sharing)
        done = SharedWarning.objects.filter(pk=sharing.pk, replied_at=None).update(
            reply=words[:300], replied_at=timezone.now(), replied_by=user
        )
        if not done:
            raise ValidationError(_("“%(words)s”已经回复过。") % {"words": sharing.words})
        _record("joint-control.reply", sharing, words)
        announce("joint-control", [sharing.pk], (sharing.region, sharing.from_region))
    return len(sharings)


def _record(action: str, row, words: str) -> None:
    append(
        Act(
            action=action,
            subject=f"{row._meta.model_name}:{row.pk}",
            region=row.region,
            organisation=row.organisation,
            words=words,
        )
    )
