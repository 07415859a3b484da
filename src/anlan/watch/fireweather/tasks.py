import logging
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from nats.errors import Error as NatsError

from anlan.columns.readings import Readings
from anlan.desk.clocks.tasks import Task
from anlan.telemetry import entering, publish
from anlan.telemetry.archive.history import History
from anlan.telemetry.settings import load
from anlan.watch.fireweather.reckoning import reckon
from anlan.watch.fireweather.telling import tell

log = logging.getLogger(__name__)
WAIT = 5.0  # seconds for the broker; who is not told now is told next time


def day_by_day(now: datetime) -> None:
    """Reckons what is due, and gives the pipeline what it was not told yet."""
    reckon(now, _archive())
    try:
        tell(now, _archive(), _put)
    except (NatsError, TimeoutError, OSError) as problem:
        log.warning("the pipeline was not told of fire weather: %r", problem)


@cache
def _archive() -> History:
    return History(load())


def _put(batch: Readings) -> None:
    shards = load().shards
    publish.run(settings.NATS_URL, lambda client: entering.put(client, batch, shards, "fire-weather"), wait=WAIT)


TASKS = [Task("fireweather.reckon", day_by_day, every=timedelta(minutes=10))]
