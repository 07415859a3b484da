from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.desk.obligations.generating import generate
from anlan.desk.obligations.watching import escalate, remind

TASKS = [
    Task("obligations.generate", generate, every=timedelta(hours=1)),
    Task("obligations.remind", remind, every=timedelta(hours=1)),
    Task("obligations.escalate", escalate, every=timedelta(minutes=5)),
]
