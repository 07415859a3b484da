"""What comes round for alarms: shelvings end, calendars and devices change, chatter settles."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import holders
from anlan.desk.audit.context import acting
from anlan.desk.clocks.tasks import Task
from anlan.desk.notices.actions import tell
from anlan.watch.alarms.actions import end, look_again
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm, Inhibition
from anlan.watch.alarms.policy import policy
from anlan.watch.alarms.rules import DESIGNED

BATCH = 500


def notice(now: datetime) -> int:
    """Shortly before a shelving ends, who asked for it and who takes alarms there are told."""
    before = timedelta(minutes=policy(timezone.localdate(now))["notice_minutes"])
    soon = Inhibition.objects.filter(in_force=True, noticed_at=None, until__gt=now, until__lte=now + before)
    told = 0
    for one in soon.select_related("asked_by")[:BATCH]:
        if not Inhibition.objects.filter(pk=one.pk, noticed_at=None).update(noticed_at=now):
            continue
        people = {user.pk: user for user in holders("alarms.shelve", region=one.region)} | {
            one.asked_by_id: one.asked_by
        }
        tell(
            people.values(),
            title=_("搁置即将到期：%(title)s") % {"title": one.title},
            body=_("到期后如仍在报警，将重新出现在报警台。"),
            url="/alarm-shelf/",
            level=one.level,
            room="alarms",
            key=f"shelf:{one.pk}",
        )
        told += 1
    return told


def expire(now: datetime) -> int:
    """What was held back until now comes back, with a note."""
    with transaction.atomic(), acting("clock"):
        over = Inhibition.objects.select_for_update(of=("self",)).filter(ended_at=None, until__lte=now)
        rows = list(over.order_by("pk")[:BATCH])
        if rows:
            end(rows, now)
    return len(rows)


def follow(now: datetime) -> int:
    """A device that starts, is repaired or is back in use, and the hours of a calendar, change what is held back."""
    suppressed = Inhibition.objects.filter(kind="suppressed", in_force=True).values("device")
    differs = (
        (Q(device__status__in=DESIGNED) & Q(held__in=["", "shelved"]))
        | (Q(held="suppressed") & ~Q(device__status__in=DESIGNED))
        | Q(device__in=suppressed)
    )
    with transaction.atomic(), acting("clock"):
        rows = list(Alarm.objects.filter(differs, active=True).order_by("pk")[:BATCH])
        return look_again(rows, now) if rows else 0


def settle(now: datetime) -> int:
    """A point that has been quiet for a while chatters no more; if it is back to normal, the others hear of it now."""
    quiet = now - policy(timezone.localdate(now)).seconds("chatter_quiet")
    with transaction.atomic(), acting("clock"):
        rows = list(Alarm.objects.filter(chatter=True, activated_at__lte=quiet).select_related("device")[:BATCH])
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in rows]).update(chatter=False)
        over = [Move(alarm, "cleared") for alarm in rows if not alarm.active]
        if over:
            alarms_moved.send(sender=Alarm, moves=over)
    return len(rows)


TASKS = [
    Task("alarms.notice", notice, every=timedelta(seconds=30)),
    Task("alarms.expire", expire, every=timedelta(seconds=5)),
    Task("alarms.follow", follow, every=timedelta(seconds=10)),
    Task("alarms.settle", settle, every=timedelta(seconds=20)),
]
