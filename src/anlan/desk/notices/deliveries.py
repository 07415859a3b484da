"""The verbs of a delivery: hand over, try, note a receipt, try again by hand."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.tasks import task
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anlan.desk.notices import retry
from anlan.desk.notices.channels import Message, Passing, Permanent
from anlan.desk.notices.channels.registry import CHANNELS
from anlan.desk.notices.models import ChannelChoice, Delivery, Notice

log = logging.getLogger(__name__)
AT_ONCE = 200
DEFAULTS = {"sms": 2, "email": 2}  # least level without a choice of the person's own; the webhook only by choice
ALSO_WITHOUT_LEVEL = 5
KEPT = timedelta(days=180)


def wanted(level: int | None, channel: str, choice: ChannelChoice | None) -> bool:
    """Pure: does a person want a notice of this level by this channel?"""
    if choice is not None and not choice.enabled:
        return False
    least = choice.least_level if choice is not None else DEFAULTS.get(channel, 0)
    return least == ALSO_WITHOUT_LEVEL or (level is not None and level <= least)


def hand_over(notices: list[Notice]) -> list[Delivery]:
    """Within the teller's transaction: what goes out by which channel; sent once that has committed."""
    ready = {name: channel for name, channel in CHANNELS.items() if channel.ready()}
    if not ready or not notices:
        return []
    choices = {
        (choice.user_id, choice.channel): choice
        for choice in ChannelChoice.objects.filter(user__in={notice.user_id for notice in notices})
    }
    now = timezone.now()
    made = [
        Delivery(notice=notice, channel=name, address=channel.address_of(notice.user), next_at=now)
        for notice in notices
        for name, channel in ready.items()
        if wanted(notice.level, name, choices.get((notice.user_id, name))) and channel.address_of(notice.user)
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    if made:
        transaction.on_commit(send_due.enqueue)
    return made


@task()
def send_due() -> int:
    """Sends what is due. Enqueued when something is, and called by the schedule for what must be tried again."""
    return run(timezone.now())


def run(now: datetime) -> int:
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=now).order_by("next_at")
    return sum(attempt(number, now) for number in list(due.values_list("pk", flat=True)[:AT_ONCE]))


def attempt(number: int, now: datetime) -> bool:
    """Tries one delivery, if no other worker has it. Answers whether it tried."""
    mine = Delivery.objects.filter(pk=number, state=Delivery.State.WAITING, next_at__lte=now).update(
        next_at=now + retry.LEASE, attempts=F("attempts") + 1
    )
    if not mine:
        return False
    delivery = Delivery.objects.select_related("notice__user").get(pk=number)
    channel = CHANNELS.get(delivery.channel)
    with translation.override(settings.LANGUAGE_CODE):  # reasons are kept in the platform's own language
        _try(delivery, channel)
    return True


def _try(delivery: Delivery, channel) -> None:
    try:
        if channel is None or not channel.ready():
            raise Permanent(_("渠道已不再配置"))
        receipt = channel.send(message_of(delivery))
    except Permanent as error:
        _end(delivery, Delivery.State.DEAD, str(error))
    except Passing as error:
        _again(delivery, str(error))
    except Exception as error:
        log.exception("delivery %s by %s failed in a way nobody thought of", delivery.pk, delivery.channel)
        _again(delivery, type(error).__name__)
    else:
        _end(delivery, Delivery.State.SENT, "", receipt)


def message_of(delivery: Delivery) -> Message:
    notice = delivery.notice
    return Message(
        number=delivery.pk,
        address=delivery.address,
        title=notice.title,
        body=notice.body,
        url=f"{settings.PUBLIC_URL}{notice.url}" if settings.PUBLIC_URL and notice.url else "",
        level=notice.level,
        room=notice.room,
        at=notice.at,
    )


def note_receipt(channel: str, receipt: str, received: bool, reason: str = "") -> bool:
    """What the gateway reports later about a delivery it has taken. False when it is none of ours."""
    state = Delivery.State.RECEIVED if received else Delivery.State.DEAD
    found = Delivery.objects.filter(channel=channel, receipt=receipt, state=Delivery.State.SENT) if receipt else None
    return bool(found is not None and found.update(state=state, reason=reason[:300], ended_at=timezone.now()))


def try_again(deliveries: Iterable[Delivery]) -> int:
    """An administrator gives dead deliveries another round of attempts."""
    numbers = [delivery.pk for delivery in deliveries]
    again = Delivery.objects.filter(pk__in=numbers, state=Delivery.State.DEAD).update(
        state=Delivery.State.WAITING, attempts=0, next_at=timezone.now(), ended_at=None
    )
    if again:
        transaction.on_commit(send_due.enqueue)
    return again


def sweep(now: datetime) -> int:
    """Removes notices read, or left unread, for half a year, with their deliveries."""
    old = Notice.objects.filter(Q(read_at__lt=now - KEPT) | Q(at__lt=now - 2 * KEPT))
    return old.delete()[0]


def _again(delivery: Delivery, reason: str) -> None:
    following = retry.next_try(delivery.attempts, timezone.now())
    if following is None:
        _end(
            delivery,
            Delivery.State.DEAD,
            _("%(reason)s；尝试 %(count)d 次后放弃") % {"reason": reason, "count": delivery.attempts},
        )
        return
    Delivery.objects.filter(pk=delivery.pk).update(next_at=following, reason=reason[:300])


def _end(delivery: Delivery, state: str, reason: str, receipt: str = "") -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, reason=reason[:300], receipt=receipt, next_at=None, ended_at=timezone.now()
    )
    if state == Delivery.State.DEAD:
        log.warning("delivery %s by %s is dead: %s", delivery.pk, delivery.channel, reason)
