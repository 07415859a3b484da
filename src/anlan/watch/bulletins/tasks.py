from datetime import datetime, timedelta

from django.utils import timezone

from anlan.desk.clocks.tasks import Task
from anlan.watch.bulletins.feeds import poll
from anlan.watch.bulletins.models import Bulletin, Receipt
from anlan.watch.bulletins.receiving import tell_pages
from anlan.watch.bulletins.sources import sources

POLL = timedelta(minutes=1)
KEPT = timedelta(days=90)


def read_feeds(now: datetime) -> None:
    for source in sources().values():
        if source.feed:
            poll(source)
    # What ended since the last look disappears from open pages by itself.
    ended = list(Bulletin.objects.filter(expires__gt=now - 2 * POLL, expires__lte=now).values_list("pk", flat=True))
    if ended:
        tell_pages(ended)


def forget_receipts(now: datetime) -> None:
    Receipt.objects.filter(received_at__lt=timezone.now() - KEPT).delete()


TASKS = [
    Task("bulletins.feeds", read_feeds, every=POLL),
    Task("bulletins.forget", forget_receipts, every=timedelta(days=1)),
]
