from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.watch.clusters.actions import look

TASKS = [Task("clusters.look", look, every=timedelta(seconds=2))]
