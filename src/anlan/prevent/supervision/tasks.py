from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.prevent.supervision.actions import grade_all, renew

TASKS = [
    Task("supervision.grade", grade_all, every=timedelta(hours=24)),
    Task("supervision.renew", renew, every=timedelta(minutes=1)),
]
