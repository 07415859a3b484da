"""When noon is, which readings are its weather, what a day begins with."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from anlan.standards.fire_weather import fwi
from anlan.watch.fireweather.policy import WEATHER, policy
from anlan.watch.fireweather.rules import Before, Reading, carried, noon, reckoned, weather

DAY = date(2026, 4, 13)
AT = datetime(2026, 4, 13, 4, tzinfo=UTC)
BY = policy(DAY)
UNITS = {"temperature": "Cel", "humidity": "%", "wind": "m/s", "rain": "mm"}
zones = some.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"])


def minutes(count: float) -> datetime:
    return AT + timedelta(minutes=count)


def at_noon(name: str, *rows) -> Reading | None:
    return weather({name: [(minutes(when), value) for when, value in rows]}, UNITS, AT, BY)[name]


def test_noon_here_is_four_o_clock_in_universal_time():
    assert noon(DAY, ZoneInfo("Asia/Shanghai")) == AT


@given(some.dates(date(2000, 1, 1), date(2050, 1, 1)), zones)
def test_noon_is_that_of_standard_time_whatever_the_clocks_show(day, zone):
    local = noon(day, ZoneInfo(zone)).astimezone(ZoneInfo(zone))
    assert (local - local.dst()).replace(tzinfo=None) == datetime.combine(day, datetime.min.time()).replace(hour=12)


def test_the_reading_nearest_to_noon_counts():
    assert at_noon("temperature", (-50, 15), (-4, 17), (8, 19)) == Reading(17, minutes(-4))
    assert at_noon("humidity", (-5, 40), (5, 42)) == Reading(40, minutes(-5))


def test_wind_is_the_mean_of_the_minutes_before_noon_in_kilometres_an_hour():
    found = at_noon("wind", (-30, 50), (-9, 5), (-1, 7), (2, 90))
    assert found == Reading(pytest.approx(21.6), minutes(-1))
    assert at_noon("wind", (-30, 5), (3, 10)).value == pytest.approx(36)


@pytest.mark.parametrize("when", [-61, 11])
def test_a_reading_far_from_noon_is_none_of_noon(when):
    assert at_noon("temperature", (when, 17)) is None


def test_a_unit_nobody_knows_is_lacking_and_not_guessed():
    assert weather({"temperature": [(AT, 290.0)]}, {"temperature": "K"}, AT, BY)["temperature"] is None


# --- what a day begins with ---------------------------------------------------------------------------------------
@given(some.integers(-10, 20))
def test_codes_are_carried_over_a_short_gap_and_begin_anew_after_a_long_one(back):
    last = Before(DAY - timedelta(days=back), (90.0, 30.0, 200.0))
    assert carried(last, DAY, 3) == (last if 1 <= back <= 3 else Before())


def test_without_any_day_before_the_codes_are_those_of_the_start():
    assert carried(None, DAY, 3).codes == fwi.START


# --- the day -------------------------------------------------------------------------------------------------------
def measured(**values) -> dict[str, Reading]:
    return {name: Reading(value, AT) for name, value in values.items()}


FIRST = measured(temperature=17, humidity=42, wind=25, rain=0)


def test_a_day_is_what_the_standard_says_and_tells_why():
    found = reckoned(DAY, FIRST, Before())
    assert round(found.found.fwi, 6) == 10.096371 and found.danger == "moderate"
    outline = found.finding.outline("en")
    assert all(said in outline for said in ("wind at noon: 25 km/h", "carries on the codes of: the start", "DMC = 6"))
    assert "2026-04-12" in reckoned(DAY, FIRST, Before(date(2026, 4, 12))).finding.outline()


@given(some.sets(some.sampled_from(WEATHER), min_size=1))
def test_whatever_is_lacking_is_named_and_there_is_no_index(without):
    found = reckoned(DAY, {**FIRST, **dict.fromkeys(without)}, Before())
    assert found.found is None and set(found.lacking) == without


def test_readings_that_no_weather_is_make_no_index():
    found = reckoned(DAY, measured(temperature=17, humidity=104, wind=25, rain=0), Before())
    assert (found.found, found.lacking, found.danger) == (None, ("weather",), "")
