"""What comes round for permits: what never began ends by itself; gas that must be tested again is called for."""

from datetime import datetime, timedelta

from anlan.desk.audit.context import acting
from anlan.desk.clocks.tasks import Task
from anlan.prevent.permits import actions
from anlan.prevent.permits.models import Permit, SmallWork
from anlan.prevent.permits.states import BEFORE_WORK

BATCH = 500


def expire(now: datetime) -> int:
    """A permit that was not begun before its end is void: nobody can begin with it any more."""
    late = Permit.objects.filter(is_open=True, state__in=BEFORE_WORK, valid_until__lt=now).select_related("case")
    with acting("clock"):
        return sum(actions.expire(permit) for permit in late.order_by("valid_until")[:BATCH])


def call_for_gas_tests(now: datetime) -> int:
    """At work and the last analysis is older than its interval: guardian and analysts are told, once an interval."""
    working = Permit.objects.filter(is_open=True, state="working").select_related("case", "guardian", "space")
    return sum(actions.call_for_gas_test(permit, now) for permit in working.order_by("valid_until")[:BATCH])


def close_small_works(now: datetime) -> int:
    """A small work whose planned end has passed asks for a last look; its next check is that day."""
    day = now.date()
    return SmallWork.objects.filter(is_open=True, ends_on__lt=day, next_check__gt=day).update(next_check=day)


TASKS = [
    Task("permits.expire", expire, every=timedelta(minutes=1)),
    Task("permits.gas", call_for_gas_tests, every=timedelta(minutes=1)),
    Task("permits.small_works", close_small_works, every=timedelta(hours=1)),
]
