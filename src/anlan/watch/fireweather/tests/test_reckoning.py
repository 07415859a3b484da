"""Stations over a real archive: the published days to the digit, gaps, late readings, repair; what is shown of it."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from anlan.columns import page
from anlan.columns.readings import Quality, readings
from anlan.standards.fire_weather.tests.test_fwi import DAYS
from anlan.telemetry import settings
from anlan.telemetry.archive.history import History
from anlan.telemetry.archive.writer import Store
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.models import Device
from anlan.watch.fireweather.layers import LAYERS
from anlan.watch.fireweather.models import FireWeather
from anlan.watch.fireweather.reckoning import last_day, reckon
from anlan.watch.fireweather.telling import tell
from tests.cast import TOWN

FIRST = date(2026, 4, 13)
KEYS = ("temperature", "humidity", "wind", "rain_24h")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def noon(number: int) -> datetime:
    return datetime(2026, 4, 13, 4, tzinfo=UTC) + timedelta(days=number)


def after(number: int) -> datetime:
    """When that day's noon is long enough over."""
    return noon(number) + timedelta(minutes=21)


class Station:
    """A station with the archive it reports into."""

    def __init__(self, device: Device, home):
        given = settings.load({"ANLAN_HOME": str(home)})
        self.device, self.store, self.batches = device, Store(given, "r"), 0
        self.points = {point.key: point.pk for point in device.points.all()}
        self.history = History(given)

    def says(self, at: datetime, quality: int = Quality.GOOD, **values) -> None:
        ts = round(at.timestamp() * 1e6)
        numbers = [self.points[key] for key in values]
        self.batches += 1
        batch = readings(numbers, [ts] * len(numbers), list(values.values()), [quality] * len(numbers))
        self.store.write(batch, self.batches)

    def noon(self, number: int, **changes) -> None:
        """The weather of the published day, said a minute before noon. None: not said."""
        t, h, w, r, *_ = DAYS[number]
        said = dict(zip(KEYS, (t, h, w / 3.6, r), strict=True)) | changes
        self.says(
            noon(number) - timedelta(minutes=1), **{key: value for key, value in said.items() if value is not None}
        )

    def reckon(self, number: int) -> list[FireWeather]:
        return reckon(after(number), self.history)

    def row(self, number: int) -> FireWeather:
        return FireWeather.objects.get(device=self.device, day=day(number))


def made(cast, home, code="FW-1", **fields) -> Station:
    device = Device(code=code, name=f"站{code}", profile="fire_weather", region=TOWN, lon=115.8, lat=28.7, **fields)
    return Station(save_device(cast.system_administrator, device), home)


@pytest.fixture
def station(cast, tmp_path) -> Station:
    return made(cast, tmp_path)


def codes(row: FireWeather) -> list[float]:
    return [row.ffmc, row.dmc, row.dc, row.isi, row.bui, row.fwi]


# --- reckoning ----------------------------------------------------------------------------------------------------
def test_the_ten_published_days_come_out_of_the_archive_one_after_another(station):
    for number, (*_weather, ffmc, dmc, dc, isi, bui, fwi) in enumerate(DAYS):
        station.noon(number)
        assert [row.day for row in station.reckon(number)] == [day(number)]
        assert codes(station.row(number)) == pytest.approx([ffmc, dmc, dc, isi, bui, fwi], rel=1e-5, abs=1e-5)
    assert station.row(0).carried_from is None and station.row(9).carried_from == day(8)
    assert station.row(4).danger == "high" and "14.8460" in str(station.row(4).explanation)


def test_a_new_station_begins_with_the_first_day_the_archive_has_of_it(station):
    for number in range(3):
        station.noon(number)
    station.reckon(2)
    assert list(FireWeather.objects.order_by("day").values_list("day", flat=True)) == [day(0), day(1), day(2)]
    assert station.row(2).fwi == pytest.approx(DAYS[2][-1], rel=1e-5)


def test_nothing_is_reckoned_before_noon_is_over_and_nothing_twice(station):
    station.noon(0)
    assert last_day(noon(0) + timedelta(minutes=19)) == day(-1)
    assert station.reckon(0) and not station.reckon(0)


@pytest.mark.parametrize("missing", [("wind",), ("temperature", "rain_24h")])
def test_a_day_without_a_reading_has_no_index_and_says_what_is_lacking(station, missing):
    station.noon(0, **dict.fromkeys(missing))
    station.reckon(0)
    row = station.row(0)
    assert (row.fwi, row.danger, row.explanation) == (None, "", {})
    assert row.lacking.split(",") == [key.removesuffix("_24h") for key in missing] and "正午前后没有" in row.why
    assert row.humidity == 42


@pytest.mark.parametrize("quality", [Quality.UNFIT, Quality.OUT_OF_RANGE, Quality.CLOCK_FUTURE, Quality.SUBSTITUTED])
def test_a_reading_that_something_speaks_against_does_not_count(station, quality):
    station.noon(0, wind=None)
    station.says(noon(0), quality, wind=5)
    station.reckon(0)
    assert station.row(0).lacking == "wind"


def test_over_a_short_gap_the_codes_are_carried_and_after_a_long_one_they_begin_anew(station):
    station.noon(0)
    station.reckon(0)
    for number in (1, 2):
        station.reckon(number)
    station.noon(3)
    station.reckon(3)
    assert (station.row(2).fwi, station.row(3).carried_from) == (None, day(0))
    for number in range(4, 7):
        station.reckon(number)
    station.noon(7)
    station.reckon(7)
    assert station.row(7).carried_from is None


def test_late_readings_make_the_days_after_them_new(station):
    for number in (0, 2, 3):
        station.noon(number)
        station.reckon(number)
    before = station.row(3).fwi
    station.noon(1)
    assert [row.day for row in station.reckon(3)] == [day(1), day(2), day(3)]
    assert station.row(3).fwi == pytest.approx(DAYS[3][-1], rel=1e-5) != before


def test_after_a_week_late_readings_are_not_waited_for(station):
    station.noon(0)
    station.reckon(0)
    station.reckon(1)
    station.noon(1)
    station.reckon(9)
    assert station.row(1).fwi is None


def test_a_station_under_repair_has_no_index_of_that_day_even_when_it_is_in_use_again(station):
    station.noon(0)
    Device.objects.filter(pk=station.device.pk).update(status="maintenance")
    station.reckon(0)
    Device.objects.filter(pk=station.device.pk).update(status="in_service")
    station.reckon(1)
    assert station.row(0).lacking == "maintenance" and "检修" in station.row(0).why


def test_devices_that_are_no_stations_or_retired_are_left_alone(station, gauge):
    station.noon(0)
    Device.objects.filter(pk=station.device.pk).update(status="retired")
    assert station.reckon(0) == []


# --- told to the pipeline -----------------------------------------------------------------------------------------
def told(station: Station, number: int) -> list:
    batches = []
    tell(after(number), station.history, batches.append)
    return [
        (int(point), int(ts), float(value))
        for batch in batches
        for point, ts, value in zip(batch.point, batch.ts, batch.value, strict=True)
    ]


def test_the_newest_index_becomes_one_reading_of_the_stations_own_point_at_noon(station):
    for number in (0, 1):
        station.noon(number)
    station.reckon(1)
    ts = round(noon(1).timestamp() * 1e6)
    assert told(station, 1) == [(station.points["fwi"], ts, pytest.approx(DAYS[1][-1], rel=1e-5))]
    assert told(station, 1) == []


def test_what_was_told_comes_back_from_the_archive_and_is_not_taken_for_the_stations_own(station):
    station.noon(0)
    station.reckon(0)
    ((_, _, value),) = told(station, 0)
    station.says(noon(0), fwi=value)
    station.noon(1)
    station.reckon(1)
    assert len(told(station, 1)) == 1


@pytest.mark.parametrize("minutes", [-600, 0, 5])
def test_a_station_that_says_its_index_itself_is_believed(station, minutes):
    station.noon(0)
    station.says(noon(0) + timedelta(minutes=minutes), fwi=3.0)
    station.reckon(0)
    assert told(station, 0) == [] and station.row(0).fwi is not None


def test_what_could_not_be_told_is_told_the_next_time(station):
    station.noon(0)
    station.reckon(0)
    with pytest.raises(TimeoutError):
        tell(after(0), station.history, put_nowhere)
    assert len(told(station, 0)) == 1


def put_nowhere(_batch) -> None:
    raise TimeoutError


# --- shown ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def officer(cast, signed_in):
    return signed_in(cast.duty)


@pytest.fixture
def today(station) -> FireWeather:
    values = {"ffmc": 87.7, "dmc": 8.5, "dc": 19.0, "isi": 10.9, "bui": 8.5, "fwi": 24.2, "dsr": 2.0}
    weather = {"temperature": 31.0, "humidity": 22.0, "wind": 25.0, "rain": 0.0}
    day = last_day(timezone.now())
    FireWeather.objects.create(device=station.device, day=day - timedelta(days=1), lacking="wind")
    return FireWeather.objects.create(device=station.device, day=day, danger="very_high", **values, **weather)


def test_the_station_its_list_and_its_day_show_the_index_or_why_there_is_none(officer, today):
    of_device = officer.get(reverse("devices.item", args=[today.device_id])).content.decode()
    assert "24.2" in of_device and "很高" in of_device and "正午前后没有风速读数" in of_device
    listed = officer.get("/fire-weather/").content.decode()
    assert "24.2" in listed and "很高" in listed and "正午前后没有风速读数" in listed
    assert "31" in officer.get(reverse("fire-weather.item", args=[today.pk])).content.decode()
    only = officer.get("/fire-weather/?without=1").content.decode()
    assert "正午前后没有风速读数" in only and "24.2" not in only


def test_the_curve_has_no_number_on_a_day_without_index(officer, today):
    columns, _ = page.unpack(officer.get(reverse("devices.fire-weather", args=[today.device_id])).content)
    assert np.isnan(columns["mean"][0]) and columns["mean"][1] == pytest.approx(24.2)


def test_nobody_sees_a_station_outside_his_region(cast, signed_in, today):
    client = signed_in(cast.neighbour_duty)
    assert client.get(reverse("devices.fire-weather", args=[today.device_id])).status_code == 404
    assert today.device.name not in client.get("/fire-weather/").content.decode()


def test_the_map_shows_the_newest_day_by_its_class(cast, today):
    (layer,) = LAYERS
    assert list(layer.queryset(cast.duty)) == [today]
    assert {mark.value for mark in layer.legend} == {"low", "moderate", "high", "very_high", "extreme", ""}


def test_the_list_asks_as_much_for_many_stations_as_for_few(cast, tmp_path, officer, today):
    officer.get("/fire-weather/")
    with CaptureQueriesContext(connection) as few:
        officer.get("/fire-weather/")
    for number in range(5):
        FireWeather.objects.create(device=made(cast, tmp_path, f"FW-9{number}").device, day=today.day)
    with CaptureQueriesContext(connection) as many:
        officer.get("/fire-weather/")
    assert len(many) == len(few)
