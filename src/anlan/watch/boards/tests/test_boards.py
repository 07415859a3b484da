"""What boards show, to whom, in how many questions, and what they send again."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anlan.columns import page
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.telemetry.archive.history import COLUMNS as KINDS
from anlan.watch.alarms.actions import record
from anlan.watch.boards import facilities, trends
from anlan.watch.devices import past
from anlan.watch.devices.latest import Latest
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.warnings.models import Standing
from anlan.watch.warnings.reckoning import reckon_all
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN
from tests.plant import NOON

HOUR = 3_600_000


@pytest.fixture
def enterprise(cast) -> Enterprise:
    district = Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN, parent=district)
    enterprise = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN)
    RegulatedAs.objects.create(enterprise=enterprise, code="hazchem_production")
    return enterprise


@pytest.fixture
def tank(enterprise, gauge) -> Facility:
    tank = Facility.objects.create(
        enterprise=enterprise, kind="tank", code="T-1", name="1号储罐", region=TOWN, organisation=ENTERPRISE_A
    )
    gauge.device.facility = tank
    gauge.device.save()
    return tank


@pytest.fixture
def known(gauge, monkeypatch):
    """What the rule workers would answer."""
    values = {gauge.pk: Latest(42.5, NOON, 0)}
    monkeypatch.setattr(facilities, "latest", lambda points: {pk: values[pk] for pk in points if pk in values})
    return values


@pytest.fixture
def archive(gauge, monkeypatch):
    def read(points, start, end, rows):
        if not points:
            return {name: np.empty(0, kind) for name, kind in KINDS.items()}
        ts = np.array([int(NOON.timestamp() * 1e6)], "<i8")
        one = {"point": np.array([points[0].pk]), "ts": ts, "quality": np.zeros(1)}
        values = {name: np.array([value]) for name, value in (("mean", 42.5), ("low", 40), ("high", 45), ("count", 3))}
        return {name: ({**one, **values}[name]).astype(KINDS[name]) for name in trends.COLUMNS}

    monkeypatch.setattr(trends, "read", read)


def span() -> str:
    end = round(NOON.timestamp() * 1000) + HOUR
    return f"start={end - 24 * HOUR}&end={end}"


def test_a_trend_comes_with_its_limits_alarms_and_warnings(gauge, event, cast, signed_in):
    record([event("raised")])
    found = signed_in(cast.duty).get(f"/boards/marks?points={gauge.pk}&{span()}").json()
    assert [(line["kind"], line["limit"]) for line in found["limits"]] == [("H", 85), ("HH", 90)]
    assert [(mark["level"], mark["to"]) for mark in found["alarms"]] == [(3, None)]
    assert len(found["cases"]) == 1
    assert found["cases"][0]["url"].startswith("/cases/")


def test_an_alarm_before_or_after_the_window_is_not_drawn(gauge, event, cast, signed_in):
    record([event("raised")])
    record([event("cleared", value=70.0, seconds=60)])
    later = round(NOON.timestamp() * 1000) + HOUR
    found = signed_in(cast.duty).get(f"/boards/marks?points={gauge.pk}&start={later}&end={later + HOUR}").json()
    assert found["alarms"] == []


def test_several_points_come_in_one_page_and_those_of_others_are_left_out(gauge, cast, signed_in, archive):
    answer = signed_in(cast.duty).get(f"/boards/series?points={gauge.pk},999999&{span()}&rows=100")
    columns, meta = page.unpack(answer.content)
    assert columns["mean"].tolist() == [42.5]
    assert [one["id"] for one in meta["points"]] == [gauge.pk]
    hidden = signed_in(cast.other_manager).get(f"/boards/series?points={gauge.pk}&{span()}&rows=100")
    assert page.unpack(hidden.content)[1]["points"] == []


@pytest.mark.parametrize("wrong", ["", "start=5&end=1&rows=10", "start=0&end=9&rows=0", "start=a&end=b&rows=c",
                                   "start=0&end=99999999999999999999&rows=5", "start=0&end=9&rows=99999"])  # fmt: skip
def test_a_window_that_is_none_is_refused_with_words(wrong):
    query = dict(part.split("=") for part in wrong.split("&") if part)
    with pytest.raises(ValidationError, match="毫秒"):
        past.window(query)


def test_the_chart_can_be_taken_away_by_whoever_may_export_and_that_is_recorded(gauge, cast, signed_in, archive):
    from anlan.desk.audit.models import Entry

    address = f"/boards/series/export?points={gauge.pk}&{span()}&rows=100&format=csv"
    answer = signed_in(cast.duty).get(address)
    body = b"".join(answer.streaming_content) if not answer.is_async else b""
    assert answer.status_code == 200
    assert not body or "42.5" in body.decode("utf-8-sig")
    assert Entry.objects.filter(action="exchange.export", subject="list:trend").count() == 1
    assert signed_in(cast.team_leader).get(address).status_code == 403


def test_a_board_shows_every_point_with_value_limits_and_age(tank, known, cast, signed_in):
    body = signed_in(cast.duty).get(f"/boards/facilities/{tank.pk}/").content.decode()
    assert "42.50" in body
    assert "gauge-zone zone-level-1" in body
    assert f'data-at="{round(NOON.timestamp() * 1000)}"' in body
    assert signed_in(cast.other_manager).get(f"/boards/facilities/{tank.pk}/").status_code == 404


def test_only_what_is_newer_is_sent_and_alarms_always(tank, known, gauge, event, cast, signed_in):
    record([event("raised")])
    client, at = signed_in(cast.duty), round(NOON.timestamp() * 1000)
    first = client.get(f"/boards/facilities/{tank.pk}/values?since=0").json()
    assert first == {"answered": True, "values": [[gauge.pk, 42.5, at, 0]], "alarms": {str(gauge.pk): 3}}
    assert client.get(f"/boards/facilities/{tank.pk}/values?since={at}").json()["values"] == []
    known[gauge.pk] = Latest(43.0, NOON + timedelta(seconds=5), 0)
    assert len(client.get(f"/boards/facilities/{tank.pk}/values?since={at}").json()["values"]) == 1
    assert client.get(f"/boards/facilities/{tank.pk}/values?since=x").status_code == 400


def test_a_feed_that_does_not_answer_says_so_and_shows_no_old_value_as_new(tank, monkeypatch, cast, signed_in):
    monkeypatch.setattr(facilities, "latest", lambda points: None)
    client = signed_in(cast.duty)
    assert client.get(f"/boards/facilities/{tank.pk}/values?since=0").json()["answered"] is False
    body = client.get(f"/boards/facilities/{tank.pk}/").content.decode()
    assert "data-lost>" in body
    assert "规则进程没有应答" in body


def test_a_sector_counts_its_devices_alarms_and_warnings_and_names_the_gravest(tank, event, cast, signed_in):
    record([event("raised")])
    reckon_all(datetime.now(UTC))
    client = signed_in(cast.duty)
    body = client.get("/boards/sectors/").content.decode()
    assert "0 / 1" in body  # one device, not on line
    assert "松塘化工" in body
    assert "dot dot-3" in body
    hidden = signed_in(cast.neighbour_duty).get("/boards/sectors/").content.decode()
    assert "松塘化工" not in hidden


def test_a_region_is_a_row_of_colours_that_leads_to_its_enterprises(tank, event, cast, signed_in):
    record([event("raised")])
    reckon_all(datetime.now(UTC))
    body = signed_in(cast.duty).get(f"/boards/regions/?region={DISTRICT}").content.decode()
    assert "松塘镇" in body
    assert "cell cell-3" in body
    assert f"scope=enterprise&amp;region={TOWN}" in body


@pytest.mark.parametrize("address", ["/boards/sectors/", "/boards/regions/"])
def test_a_part_is_sent_again_only_when_it_changed(tank, cast, signed_in, address):
    reckon_all(datetime.now(UTC))
    client = signed_in(cast.duty)
    first = client.get(f"{address}?part=1&region=&seen=")
    assert first.status_code == 200
    again = f"{address}?part=1&region=&seen={first.headers['X-Digest']}"
    assert client.get(again).status_code == 204
    Standing.objects.filter(scope="enterprise").update(level=1, value=70)
    assert client.get(again).status_code == 200


@pytest.mark.parametrize("address", ["/boards/sectors/", "/boards/regions/", "facility"])
def test_a_board_asks_as_many_questions_for_many_rows_as_for_few(tank, known, cast, signed_in, address):
    def more(numbers):
        for n in numbers:
            code = f"91999901MB{n:07d}X"
            enterprise = Enterprise.objects.create(code=code, name=f"企业{n}", region=TOWN)
            RegulatedAs.objects.create(enterprise=enterprise, code="hazchem_production")
            device = Device.objects.create(
                code=f"D{n}", name=f"表{n}", profile="tank_level", facility=tank, region=TOWN, organisation=code
            )
            point = Point.objects.create(device=device, key="level", title="液位", low=0, high=100)
            Rule.objects.create(point=point, kind="H", limit=80)
        reckon_all(datetime.now(UTC))

    address = f"/boards/facilities/{tank.pk}/" if address == "facility" else address
    client = signed_in(cast.duty)

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as questions:
            assert client.get(address).status_code == 200
        return len(questions)

    more(range(2))
    few = asked()
    more(range(2, 12))
    assert asked() == few
