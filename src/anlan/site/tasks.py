"""What the house itself does by the clock: clearing what nobody needs any more."""

from datetime import datetime, timedelta

from django.core.management import call_command

from anlan.desk.clocks.tasks import Task

KEPT_DAYS = 14  # jobs that are done; failed ones stay as long, to be looked at


def prune_jobs(now: datetime) -> None:
    call_command("prune_db_task_results", queue_name="*", min_age_days=KEPT_DAYS, verbosity=0)


TASKS = [Task("site.prune-jobs", prune_jobs, every=timedelta(days=1))]
