"""A real broker and rule worker: a day that burns well raises the pack's alarm on the station's own point."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.telemetry import publish
from anlan.telemetry.archive.history import History
from anlan.telemetry.settings import load
from anlan.telemetry.tests.conftest import pipeline  # noqa: F401 - a fixture
from anlan.telemetry.tests.test_survival import alarms
from anlan.watch.devices import published
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.models import Device
from anlan.watch.fireweather.models import FireWeather
from anlan.watch.fireweather.reckoning import last_day
from anlan.watch.fireweather.rules import noon
from anlan.watch.fireweather.tasks import _put
from anlan.watch.fireweather.telling import tell
from tests.cast import TOWN


@pytest.mark.pipeline
@pytest.mark.django_db(transaction=True)
def test_an_index_above_the_packs_limit_raises_its_alarm_once_with_the_time_of_noon(cast, settings, pipeline):  # noqa: F811
    settings.NATS_URL = pipeline.url
    device = save_device(cast.system_administrator, Device(code="FW-1", name="站", profile="fire_weather", region=TOWN))
    point = device.points.get(key="fwi")
    pipeline.start("rules", "rules", "--shard", "0")
    rules = list(published.rules())
    publish.run(pipeline.url, lambda client: publish.put_all_rules(client, rules, 1))
    now = timezone.now()
    row = FireWeather.objects.create(device=device, day=last_day(now), fwi=29.0, danger="very_high")
    history = History(load({"ANLAN_HOME": str(pipeline.home)}))
    for _again in range(2):
        assert tell(now, history, _put) == 1
        FireWeather.objects.filter(pk=row.pk).update(told_at=None)
    deadline = timezone.now() + timedelta(seconds=30)
    while not (events := alarms(pipeline)):
        assert timezone.now() < deadline, "no alarm came"
    at = round(noon(row.day, timezone.get_current_timezone()).timestamp() * 1e6)
    told = [(event["point"], event["kind"], event["transition"], event["ts"]) for event in events]
    assert told == [(point.pk, "H", "raised", at)]
