from datetime import timedelta

from anlan.desk.audit import seals
from anlan.desk.clocks.tasks import Task

TASKS = [Task("audit.seal", seals.write, every=timedelta(minutes=1))]
