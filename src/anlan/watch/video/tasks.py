from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.watch.video import actions

TASKS = [Task("video.forget", actions.forget_old, every=timedelta(days=1))]
