"""Ten published days to six digits, the limits of the codes, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.fire_weather import fwi
from anlan.standards.tables import OutsideTable

# Weather of Van Wagner and Pickett: T, H, W, r of ten days in April; then FFMC, DMC, DC, ISI, BUI, FWI.
DAYS = (
    (17, 42, 25, 0, 87.692980, 8.545051, 19.014000, 10.853661, 8.490427, 10.096371),
    (20, 21, 25, 2.4, 86.247642, 10.411088, 23.568000, 8.837574, 10.364136, 9.283879),
    (8.5, 40, 17, 0, 86.967133, 11.807496, 26.052000, 6.539145, 11.748040, 7.583084),
    (6.5, 25, 6, 0, 88.828600, 13.189359, 28.176000, 4.903407, 13.114050, 6.160463),
    (13, 34, 24, 0, 89.101485, 15.445431, 31.470000, 12.630648, 15.346335, 14.846094),
    (6, 40, 22, 0.4, 88.656702, 16.478191, 33.504000, 10.713382, 16.377463, 13.471193),
    (5.5, 52, 6, 0, 87.354157, 17.246216, 35.448000, 3.969617, 17.150282, 5.864454),
    (8.5, 46, 16, 0, 87.402641, 18.502983, 37.932000, 6.616004, 18.404987, 9.655307),
    (9.5, 54, 20, 0, 86.811028, 19.685082, 40.596000, 7.439392, 19.589248, 10.993339),
    (7, 93, 14, 9, 29.858878, 10.167222, 29.524695, 0.006713, 10.927161, 0.004251),
)
weather = st.tuples(
    st.integers(1, 12), st.floats(-40, 50), st.floats(0, 100), st.floats(0, 120), st.floats(0, 300)
)  # fmt: skip
codes = st.tuples(st.floats(0, 101), st.floats(0, 400), st.floats(0, 1500))


def test_ten_days_one_after_another_are_met_to_six_digits():
    before = fwi.START
    for t, h, w, r, *wanted in DAYS:
        found = fwi.day(4, t, h, w, r, before)
        assert [round(value, 6) for value in found[:6]] == wanted
        before = found[:3]


@given(weather, codes)
def test_whatever_the_weather_codes_stay_where_they_can_be(given_weather, before):
    found = fwi.day(*given_weather, before)
    assert 0 <= found.ffmc <= 101
    assert min(found) >= 0
    assert max(found) < 1e6


@given(weather, codes)
def test_more_rain_never_makes_it_burn_better(given_weather, before):
    month, t, h, w, r = given_weather
    assert fwi.day(month, t, h, w, r + 10, before).fwi <= fwi.day(month, t, h, w, r, before).fwi + 1e-9


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "low"),
        (5.19, "low"),
        (5.2, "moderate"),
        (11.2, "high"),
        (21.3, "very_high"),
        (37.99, "very_high"),
        (38, "extreme"),
    ],
)
def test_a_class_begins_at_its_limit(value, code):
    assert fwi.danger(value).code == code


@pytest.mark.parametrize(
    "wrong", [(0, 20, 40, 10, 0), (13, 20, 40, 10, 0), (4, 20, 101, 10, 0), (4, 20, 40, -1, 0), (4, 20, 40, 10, -1)]
)
def test_what_no_weather_is_is_refused(wrong):
    with pytest.raises(OutsideTable):
        fwi.day(*wrong)


def test_the_finding_names_every_part_and_the_class():
    found = fwi.of_day(4, 17, 42, 25, 0)
    assert found.value == 10.096371
    assert "8.545051" in found.outline("en")
    assert "moderate" in found.outline("en")
