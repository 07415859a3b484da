from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.desk.documents import actions

TASKS = [Task("documents.sweep", lambda now: actions.sweep(), every=timedelta(days=1))]
