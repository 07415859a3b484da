from datetime import timedelta

from anlan.desk.access import addresses, sessions
from anlan.desk.clocks.tasks import Task

TASKS = [
    Task("access.sweep-sessions", sessions.sweep, every=timedelta(hours=6)),
    Task("access.sweep-addresses", addresses.sweep, every=timedelta(hours=6)),
]
