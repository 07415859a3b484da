from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.desk.measures.computing import renew

TASKS = [Task("measures.renew", renew, every=timedelta(hours=1))]
