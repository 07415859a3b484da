"""The verbs of people: acknowledge, shelve, agree, release, take out of service, suppress by design."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, require
from anlan.desk.audit.chain import Act, append
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.conditions import MAY
from anlan.watch.alarms.models import Alarm, Inhibition
from anlan.watch.alarms.policy import policy
from anlan.watch.alarms.recording import record, tell_pages
from anlan.watch.alarms.rules import CAUSES, REASONS, held_by
from anlan.watch.devices.models import Device

__all__ = ["acknowledge", "agree", "look_again", "record", "release", "retire", "shelve", "suppress"]


@transaction.atomic
def acknowledge(user, alarms: Sequence[Alarm], cause: str = "") -> int:
    """Somebody has seen these alarms and says, if he knows, what caused them. Those already seen stay as they are."""
    if cause and cause not in CAUSES:
        raise ValidationError({"cause": _("原因须为列表中的一项。")})
    for alarm in alarms:
        require(user, "alarms.acknowledge", alarm)
    now = timezone.now()
    returned_level = _returned_level(now)
    seen = [alarm for alarm in _held_fast(alarms) if alarm.acknowledged_at is None]
    for alarm in seen:
        alarm.acknowledged_at, alarm.acknowledged_by, alarm.cause = now, user, cause
        alarm.last_act, alarm.last_by, alarm.last_at = Alarm.Act.ACKNOWLEDGED, user, now
        alarm.stand(returned_level)
    _write(seen, ["acknowledged_at", "acknowledged_by", "cause"])
    append(*(_act("acknowledge", alarm, {"cause": cause, "episode": str(alarm.episode)}) for alarm in seen))
    tell_pages(seen)
    return len(seen)


@transaction.atomic
def shelve(user, alarms: Sequence[Alarm], reason: str, until: datetime, words: str = "") -> list[Inhibition]:
    """Puts these alarms on the shelf until then. The most serious wait there for a second person to agree.

    Errors: Refused without the right; ValidationError for a reason, a time or an alarm with which it cannot be done.
    """
    _check_reason(reason, words)
    now = timezone.now()
    for alarm in alarms:
        require(user, "alarms.shelve", alarm)
        _check_ceiling(alarm, until, now)
    rows = [alarm for alarm in _held_fast(alarms) if alarm.state in MAY["shelve"]]
    if not rows:
        raise ValidationError(_("只有正在报警的报警可以搁置。"))
    by = policy(timezone.localdate(now))
    made = [
        _inhibition("shelved", user, alarm, reason, words, now, until, by.of_level("shelve_people", alarm.level) < 2)
        for alarm in rows
    ]
    _create(made)
    append(*(_of("shelve", one) for one in made))
    _stand(rows, now, user, Alarm.Act.SHELVED)
    return made


@transaction.atomic
def retire(user, alarms: Sequence[Alarm], reason: str, words: str = "") -> list[Inhibition]:
    """Takes these alarms out of service until somebody puts them back. Always two people."""
    _check_reason(reason, words)
    for alarm in alarms:
        require(user, "alarms.retire", alarm)
    rows = [alarm for alarm in _held_fast(alarms) if alarm.state in MAY["retire"]]
    if not rows:
        raise ValidationError(_("没有可以停用的报警。"))
    made = [_inhibition("out_of_service", user, alarm, reason, words, timezone.now(), None, False) for alarm in rows]
    _create(made)
    append(*(_of("retire", one) for one in made))
    tell_pages(rows)
    return made


@transaction.atomic
def suppress(user, device: Device, reason: str, words: str, until: datetime, hours: Sequence = ()) -> Inhibition:
    """Declares that a device's alarms say nothing in these hours of the week (or all the time) until that day."""
    require(user, "alarms.suppress", device)
    _check_reason(reason, words)
    now = timezone.now()
    if until <= now:
        raise ValidationError({"until": _("截止时间须在现在之后。")})
    one = Inhibition(
        kind="suppressed",
        device=device,
        region=device.region,
        organisation=device.organisation,
        level=device.alarms.filter(active=True).order_by("level").values_list("level", flat=True).first() or 4,
        title=str(device)[:200],
        reason=reason,
        words=words[:200],
        hours=list(hours),
        since=now,
        until=until,
        asked_by=user,
        in_force=True,
    )
    one.save()
    append(_of("suppress", one))
    _stand(_alarms_of(one), now)
    return one


@transaction.atomic
def agree(user, inhibitions: Sequence[Inhibition]) -> int:
    """The second person agrees; only then it holds. Never the one who asked."""
    now = timezone.now()
    waiting = [
        one for one in Inhibition.objects.select_for_update(of=("self",)).filter(
            pk__in=[one.pk for one in inhibitions], ended_at=None, in_force=False
        )
    ]  # fmt: skip
    for one in waiting:
        require(user, "alarms.agree", one)
        if one.asked_by_id == user.pk:
            raise Refused(_("须由另一人同意，提出人自己不能同意。"))
        if one.until is not None and one.until <= now:
            raise ValidationError(_("已过截止时间，请重新提出。"))
        one.agreed_by, one.in_force = user, True
        one.save(update_fields=["agreed_by", "in_force"])
    append(*(_of("agree", one) for one in waiting))
    for one in waiting:
        _stand(_alarms_of(one), now, user, Alarm.Act.RETIRED if one.kind == "out_of_service" else Alarm.Act.SHELVED)
    return len(waiting)


@transaction.atomic
def release(user, inhibitions: Sequence[Inhibition]) -> int:
    """Ends what holds alarms back before its time, or puts them back into service; who may shelve may take back."""
    now = timezone.now()
    rows = list(
        Inhibition.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in inhibitions], ended_at=None)
    )
    for one in rows:
        require(user, "alarms.shelve", one)
    end(rows, now, user)
    return len(rows)


def end(rows: Sequence[Inhibition], now: datetime, user=None) -> None:
    """Within a transaction: these hold nothing back any more. What is still active comes back with a note."""
    for one in rows:
        one.ended_at, one.ended_by, one.in_force = now, user, False
        one.save(update_fields=["ended_at", "ended_by", "in_force"])
    append(*(_of("release" if user else "expire", one) for one in rows))
    for one in rows:
        words = _("搁置到期") if user is None else _("提前结束搁置")
        note = f"{words}：{REASONS[one.reason]} {one.words}".strip()[:200]
        _stand(_alarms_of(one), now, user, Alarm.Act.RELEASED, note)


def look_again(alarms: Sequence[Alarm], now: datetime) -> int:
    """Within a transaction: what holds these alarms back may have changed, by a device's status or by the clock."""
    return _stand(alarms, now)


def _stand(alarms: Sequence[Alarm], now: datetime, user=None, act: str = "", note: str = "") -> int:
    """Works out again what holds each alarm back. One that is free again and still active is shown as new."""
    rows = _held_fast(alarms, only=Q(active=True))
    held = {}
    for one in Inhibition.objects.filter(device__in={alarm.device_id for alarm in rows}, ended_at=None, in_force=True):
        held.setdefault(one.device_id, []).append(one)
    local, changed, moves = timezone.localtime(now), [], []
    for alarm in rows:
        found = held_by(held.get(alarm.device_id, ()), alarm.point_id, alarm.rule, alarm.device.status, local)
        free = not alarm.held
        if not alarm.hold(found):
            continue
        if free:
            moves.append(Move(alarm, "held"))
        elif not alarm.held:
            alarm.acknowledged_at = alarm.acknowledged_by = None
            alarm.note = note or alarm.note
            if alarm.annunciated_at is None:
                alarm.annunciated_at = now
            moves.append(Move(alarm, "released"))
        if act:
            alarm.last_act, alarm.last_by, alarm.last_at = act, user, now
        alarm.stand(_returned_level(now))
        changed.append(alarm)
    _write(changed, ["held", "note", "acknowledged_at", "acknowledged_by", "annunciated_at"])
    if moves:
        alarms_moved.send(sender=Alarm, moves=moves)
    tell_pages(changed)
    return len(changed)


def _held_fast(alarms: Sequence[Alarm], only: Q | None = None) -> list[Alarm]:
    """The rows as they are now, locked until the transaction ends."""
    numbers = sorted(alarm.pk for alarm in alarms)
    locked = Alarm.objects.select_for_update(of=("self",)).filter(only or Q(), pk__in=numbers)
    return list(locked.select_related("device").order_by("pk"))


def _write(alarms: Sequence[Alarm], fields: list[str]) -> None:
    if alarms:
        Alarm.objects.bulk_update(alarms, [*fields, "state", "rank", "last_act", "last_by", "last_at"], batch_size=200)


def _alarms_of(one: Inhibition) -> list[Alarm]:
    found = Alarm.objects.filter(device=one.device_id, active=True)
    if one.point_id:
        found = found.filter(point=one.point_id)
    return list(found.filter(rule=one.rule) if one.rule is not None else found)


def _inhibition(kind, user, alarm: Alarm, reason, words, now, until, in_force: bool) -> Inhibition:
    return Inhibition(
        kind=kind,
        device=alarm.device,
        point=alarm.point,
        rule=alarm.rule,
        region=alarm.region,
        organisation=alarm.organisation,
        level=alarm.level,
        title=alarm.title,
        reason=reason,
        words=words[:200],
        since=now,
        until=until,
        asked_by=user,
        in_force=in_force,
    )


def _create(made: Sequence[Inhibition]) -> None:
    try:
        with transaction.atomic():
            for one in made:
                one.save()
    except IntegrityError:
        raise ValidationError(_("其中有报警已在搁置、停用或等待同意。")) from None


def _check_reason(reason: str, words: str) -> None:
    if reason not in REASONS:
        raise ValidationError({"reason": _("请选择原因。")})
    if reason == "other" and not words.strip():
        raise ValidationError({"words": _("原因为“其他”时须写明。")})


def _check_ceiling(alarm: Alarm, until: datetime, now: datetime) -> None:
    if until <= now:
        raise ValidationError({"until": _("截止时间须在现在之后。")})
    hours = policy(timezone.localdate(now)).of_level("shelve_hours", alarm.level)
    if until > now + timedelta(hours=hours, minutes=1):
        raise ValidationError(
            {"until": _("“%(title)s”最长搁置 %(hours)g 小时。") % {"title": alarm.title, "hours": hours}}
        )


def _returned_level(now: datetime) -> int:
    return int(policy(timezone.localdate(now))["returned_level"])


def _act(action: str, alarm: Alarm, data: dict) -> Act:
    return Act(
        action=f"alarms.{action}",
        subject=f"alarm:{alarm.pk}",
        region=alarm.region,
        organisation=alarm.organisation,
        words=alarm.title,
        data=data,
    )


def _of(action: str, one: Inhibition) -> Act:
    return Act(
        action=f"alarms.{action}",
        subject=f"inhibition:{one.pk}",
        region=one.region,
        organisation=one.organisation,
        words=f"{one.title} {one.words}".strip(),
        data={
            "kind": one.kind,
            "reason": one.reason,
            "point": one.point_id,
            "rule": one.rule,
            "until": one.until,
            "asked_by": one.asked_by_id,
        },
    )
