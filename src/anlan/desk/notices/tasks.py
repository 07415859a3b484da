from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.desk.notices import deliveries

TASKS = [
    Task("notices.deliver", deliveries.run, every=timedelta(seconds=20)),
    Task("notices.sweep", deliveries.sweep, every=timedelta(days=1)),
]
