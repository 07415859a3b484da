"""What comes round for checks: plans follow the controls, tasks follow the plans, and who is late is told."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from anlan.desk.access.standing import holders
from anlan.desk.audit.context import acting
from anlan.desk.clocks.tasks import Task as Recurring
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.prevent.checks.models import Task
from anlan.prevent.checks.planning import derive_changed, generate
from anlan.prevent.checks.rules import LEVEL_PERMISSIONS

BATCH = 500


def tell_overdue(now: datetime) -> int:
    """A check that was not made in time: whoever should have made it is told once, and who plans for the enterprise."""
    late = list(
        Task.objects.filter(state=Task.State.OPEN, due_at__lt=now, told_at=None).order_by("due_at", "id")[:BATCH]
    )
    for task in late:
        if Task.objects.filter(pk=task.pk, told_at=None).update(told_at=now, late=True):
            _tell(task)
    if late:
        announce(
            "checks", [task.pk for task in late], {task.region for task in late}, {task.organisation for task in late}
        )
    return len(late)


def _tell(task: Task) -> None:
    where = {"region": task.region, "organisation": task.organisation}
    people = [task.assignee] if task.assignee_id else list(holders(LEVEL_PERMISSIONS[task.level], **where))
    planners = [] if task.level == "government" else list(holders("checks.plan", **where))
    title = _("检查逾期：%(title)s") % {"title": task.title}
    tell([*people, *planners], title=title, url=task.url, room="checks", key=f"check-overdue:{task.pk}")


def _acting(work):
    def run(now: datetime) -> int:
        with acting("clock"):
            return work(now)

    return run


TASKS = [
    Recurring("checks.derive", _acting(derive_changed), every=timedelta(hours=1)),
    Recurring("checks.generate", _acting(generate), every=timedelta(minutes=10)),
    Recurring("checks.overdue", _acting(tell_overdue), every=timedelta(minutes=5)),
]
