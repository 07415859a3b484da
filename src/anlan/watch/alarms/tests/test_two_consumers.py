"""Two processes that take the same events at the same instant write each alarm once and open each warning once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from anlan.desk.audit.chain import verify
from anlan.desk.cases.models import Case
from anlan.watch.alarms.actions import record
from anlan.watch.alarms.models import Alarm
from anlan.watch.devices.models import Device, Point, Rule

ROUNDS = 30


@pytest.mark.django_db(transaction=True)
def test_the_same_events_in_two_consumers_at_once_are_one_alarm_and_one_warning_each(event):
    rounds = [_another(event("raised"), number) for number in range(ROUNDS)]
    together = Barrier(2)

    def consume(_):
        try:
            for one in rounds:
                together.wait(20)
                record([one])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as consumers:
        list(consumers.map(consume, range(2)))
    assert Alarm.objects.count() == Case.objects.count() == ROUNDS
    assert list(verify()) == []


def _another(pattern, number: int):
    device = Device.objects.create(code=f"LT-{number}", name=f"{number}号液位计", profile="series", region="999901001")
    point = Point.objects.create(device=device, key="level", title="液位")
    rule = Rule.objects.create(point=point, kind="H", limit=85, level=3)
    return replace(pattern, point=point.pk, rule=rule.pk, episode=uuid4())
