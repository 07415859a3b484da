"""The verbs: tell somebody, mark as read, choose channels."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.notices import deliveries, gates
from anlan.desk.notices.channels.registry import CHANNELS
from anlan.desk.notices.live import announce
from anlan.desk.notices.models import ChannelChoice, Notice


@transaction.atomic
def tell(
    users: Iterable[User],
    *,
    title: str,
    body: str = "",
    url: str = "",
    level: int | None = None,
    room: str = "",
    key: str = "",
) -> list[Notice]:
    """Puts a notice into each person's inbox, rings on open pages, and hands it to the channels each has chosen.

    With a `key` each person is told once, however often this is called with it. Answers the new notices.
    """
    people = {user.pk: user for user in users if user.is_active}
    if key:
        for told in Notice.objects.filter(key=key, user__in=people).values_list("user", flat=True):
            del people[told]
    now = timezone.now()
    notices = [
        Notice(
            user=user,
            at=now,
            room=room,
            level=level,
            title=title[:200],
            body=body,
            url=url[:300],
            key=key[:120] or None,
        )
        for user in people.values()
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=bool(key), batch_size=500)
    if key:
        notices = list(Notice.objects.filter(key=key, user__in=people).select_related("user"))
    if notices:
        announce("inbox", [], users=[notice.user_id for notice in notices])
        deliveries.hand_over(notices)
    return notices


def read(user: User, notices: Iterable[int] | None = None) -> int:
    """Marks the person's own notices as read: those named, or all. Answers how many were unread."""
    unread = gates.seen_by(user).filter(read_at=None)
    if notices is not None:
        unread = unread.filter(pk__in=list(notices))
    count = unread.update(read_at=timezone.now())
    if count:
        announce("inbox", [], users=[user.pk])
    return count


def choose_channel(user: User, channel: str, *, enabled: bool, least_level: int) -> ChannelChoice:
    """By which channel, from which level on: 1 red only … 4 all four, 5 also what has no level."""
    if channel not in CHANNELS:
        raise ValidationError(_("没有这个渠道：%(channel)s。") % {"channel": channel})
    if least_level not in range(1, 6):
        raise ValidationError(_("最低等级须为 1 到 5。"))
    values = {"enabled": enabled, "least_level": least_level}
    return ChannelChoice.objects.update_or_create(user=user, channel=channel, defaults=values)[0]
