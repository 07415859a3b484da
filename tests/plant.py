"""A tank of enterprise A with a level gauge, as every test of watching needs it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from anlan.watch.alarms.rules import Event
from anlan.watch.devices.models import Device, Point, Rule
from tests.cast import ENTERPRISE_A, TOWN

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def gauge(db) -> Point:
    device = Device.objects.create(
        code="LT-101",
        name="1号储罐液位计",
        profile="tank_level",
        region=TOWN,
        organisation=ENTERPRISE_A,
        lon=115.8,
        lat=28.7,
    )
    point = Point.objects.create(device=device, key="level", title="液位", unit="%", low=0, high=100)
    Rule.objects.create(point=point, kind="H", limit=85, deadband=1, level=3)
    Rule.objects.create(point=point, kind="HH", limit=90, deadband=1, level=1)
    Rule.objects.create(point=point, kind="SILENCE", silence=300, level=4)
    return point


@pytest.fixture
def event(gauge):
    """`event("raised", "H", 86.0)` is what the rule worker would publish; the same episode unless told otherwise."""
    episodes = {}

    def make(transition, kind="H", value=86.0, *, seconds=0, episode=None, count=1):
        rule = gauge.rules.get(kind=kind)
        known = episodes.setdefault(kind, uuid4())
        at = NOON + timedelta(seconds=seconds)
        return Event(
            episode=episode or known,
            transition=transition,
            rule=rule.pk,
            point=gauge.pk,
            kind=kind,
            level=rule.level,
            value=value,
            limit=rule.limit,
            at=at,
            raised_at=NOON,
            received_at=at,
            count=count,
        )

    return make
