"""The verbs of a device: take into service, renew its token, change a rule, retry what could not be read."""

from copy import deepcopy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.initials import initials
from anlan.watch.devices.models import DeadLetter, Device, Rule
from anlan.watch.devices.profiles import all_profiles, fit
from anlan.watch.devices.tokens import digest, new_token

TOLD = ("kind", "of", "window", "other", "calendar", "limit", "deadband", "on_delay", "off_delay", "level", "enabled")


@transaction.atomic
def save_device(user, device: Device) -> Device:
    """Takes a device into service or changes it. A new one gets the points and rules of its profile."""
    new = device.pk is None
    require(user, "devices.change", device)
    device.initials = initials(device.name)
    if new and not device.settings and device.profile in all_profiles():
        device.settings = deepcopy(all_profiles()[device.profile].settings)
    device.save()
    if new:
        fit(device)
    append(_act("devices.add" if new else "devices.change", device, {"code": device.code, "profile": device.profile}))
    return device


@transaction.atomic
def renew_token(user, device: Device) -> str:
    """A new access token. The old one stops working; the new one is shown now and never again."""
    require(user, "devices.change", device)
    if device.gateway_id and not device.token_digest:
        raise ValidationError(_("网关下的设备用网关的令牌上报，没有自己的令牌。"))
    token = new_token()
    device.token_digest = digest(token)
    device.save(update_fields=["token_digest", "changed_at"])
    append(_act("devices.token", device))
    return token


@transaction.atomic
def save_rule(user, rule: Rule, permission: str = "devices.change") -> Rule:
    """Changes when a point alarms; who may, and after whose approval, is settled in tuning. The rule worker learns of
    it within seconds."""
    device = rule.point.device
    require(user, permission, device)
    before = Rule.objects.filter(pk=rule.pk).values(*TOLD).first()
    rule.full_clean()
    rule.version += bool(before)
    rule.save()
    device.save(update_fields=["changed_at"])
    after = {
        name: getattr(rule, f"{name}_id" if name == "other" else name) for name in before or {"kind": 0, "limit": 0}
    }
    append(_act("devices.rule", device, {"rule": rule.pk, "point": rule.point_id, "before": before, "after": after}))
    return rule


@transaction.atomic
def discard(user, letters: list[DeadLetter]) -> int:
    """Nothing is to be done about these messages. They stay, marked."""
    require(user, "devices.letters")
    count = DeadLetter.objects.filter(pk__in=[letter.pk for letter in letters], outcome=DeadLetter.Outcome.KEPT).update(
        outcome=DeadLetter.Outcome.DISCARDED, handled_at=timezone.now()
    )
    append(Act(action="devices.discard", words=_("忽略未读报文 %(count)d 条") % {"count": count}))
    return count


def _act(action: str, device: Device, data: dict | None = None) -> Act:
    return Act(
        action=action,
        subject=f"device:{device.pk}",
        region=device.region,
        organisation=device.organisation,
        words=device.name,
        data=data or {},
    )
