from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.desk.fieldwork import actions

TASKS = [Task("fieldwork.look-after", actions.look_after, every=timedelta(minutes=10))]
