"""What comes round for risks: influences that were only until a moment, and the yearly review."""

from datetime import datetime, timedelta

from django.utils import timezone

from anlan.desk.audit.context import acting
from anlan.desk.clocks.tasks import Task
from anlan.prevent.risks import disclosing
from anlan.prevent.risks.influences import end_expired
from anlan.prevent.risks.models import Point
from anlan.prevent.risks.reviewing import ask

BATCH = 500


def ask_yearly(now: datetime) -> int:
    """Each point whose review is due is asked for once; its next is reckoned when it was evaluated."""
    today = timezone.localdate(now)
    late = list(Point.objects.filter(in_use=True, review_due__lte=today).order_by("review_due")[:BATCH])
    with acting("clock"):
        asked = sum(ask(point, "yearly", now) for point in late)
    for point in late:  # asked for: comes up again only after a further quarter if nobody evaluated it
        point.review_due = today + timedelta(days=90)
    Point.objects.bulk_update(late, ["review_due"], batch_size=200)
    return asked


TASKS = [
    Task("risks.end_influences", end_expired, every=timedelta(seconds=30)),
    Task("risks.ask_yearly", ask_yearly, every=timedelta(hours=6)),
    Task("risks.plan_disclosures", disclosing.plan, every=timedelta(hours=12)),
]
