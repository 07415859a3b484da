from datetime import timedelta

from anlan.desk.clocks.tasks import Task
from anlan.watch.warnings.reckoning import reckon_all, renew
from anlan.watch.warnings.reports import make_due
from anlan.watch.warnings.weather import weigh_bulletins
from anlan.watch.warnings.weighing import end_expired

TASKS = [
    Task("warnings.renew", renew, every=timedelta(seconds=2)),
    Task("warnings.end_expired", end_expired, every=timedelta(seconds=30)),
    Task("warnings.weigh_bulletins", weigh_bulletins, every=timedelta(seconds=30)),
    Task("warnings.reckon_all", reckon_all, every=timedelta(hours=24)),
    Task("warnings.make_reports", make_due, every=timedelta(hours=1)),
]
