"""Concentrations, exposure limits and alarm settings, on both sides of every bound."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.citing import Refusal
from anlan.standards.dating import NotInForce, When
from anlan.standards.gas_alarms import coal_mine, conversion, exposure_limits, gbt50493, places
from anlan.standards.tables import OutsideTable

TODAY = When(date(2026, 11, 24))
AMOUNT = st.decimals(0, 10**6, places=3)
MASS = st.decimals("0.5", 500, places=2)


@given(AMOUNT, MASS, st.integers(-40, 60), st.integers(60, 120))
def test_ppm_to_mass_and_back_is_the_same_number(amount, mass, celsius, kpa):
    mg = conversion.mg_from_ppm(amount, mass, celsius, kpa).value
    assert conversion.ppm_from_mg(mg, mass, celsius, kpa).value == Fraction(amount)


@given(AMOUNT, st.decimals("0.1", 99, places=2))
def test_percent_of_the_explosion_limit_and_back_is_the_same_number(amount, lel):
    assert conversion.lel_from_vol(conversion.vol_from_lel(amount, lel), lel) == Fraction(amount)


@pytest.mark.parametrize("row", exposure_limits.gases(), ids=lambda row: row.formula)
def test_the_ppm_of_both_stages_agree_with_the_table_to_three_digits(row):
    for stage, ppm in (("low", row.low_ppm), ("high", row.high_ppm)):
        finding = gbt50493.toxic(row.name, stage, TODAY)
        assert float(finding.because[2].value) == pytest.approx(float(ppm), rel=5e-3)


def test_a_mole_of_gas_fills_24_055_litres_at_20_degrees():
    assert float(conversion.molar_volume()) == pytest.approx(24.055, abs=5e-4)
    assert float(conversion.molar_volume(0)) == pytest.approx(22.414, abs=5e-4)


@pytest.mark.parametrize("wrong", [(-1, 34), (1, 0), ("x", 34), (float("nan"), 34)])
def test_impossible_concentrations_and_masses_are_refused(wrong):
    with pytest.raises(Refusal):
        conversion.mg_from_ppm(*wrong)
    with pytest.raises(OutsideTable):
        conversion.molar_volume(-300)
    with pytest.raises(OutsideTable):
        conversion.vol_from_lel(1, 0)


@pytest.mark.parametrize("name", ["硫化氢", "hydrogen SULFIDE", "H2S", "7783-06-4", " h2s "])
def test_a_gas_is_found_by_name_formula_or_cas(name):
    assert exposure_limits.limit(name).value == 10


def test_an_unknown_gas_is_refused():
    with pytest.raises(OutsideTable, match="氦"):
        exposure_limits.gas("氦")


@pytest.mark.parametrize(("stage", "mg"), [("low", 10), ("high", 20)])
def test_hydrogen_sulphide_alarms_at_its_exposure_limit_and_twice_of_it(stage, mg):
    finding = gbt50493.toxic("硫化氢", stage, TODAY)
    assert finding.value == mg
    assert gbt50493.complies(mg, finding).value is True
    assert gbt50493.complies(mg + 0.001, finding).value is False
    assert gbt50493.complies(0, finding).value is False


def test_a_detector_that_does_not_reach_the_exposure_limit_counts_by_idlh():
    # phosgene: limit 0.5, IDLH 8 → 5 % of 8 = 0.4 mg/m³
    assert gbt50493.toxic("光气", "low", TODAY, reaches=0.6).value == Fraction("0.4")
    assert gbt50493.toxic("光气", "low", TODAY, reaches=0.5).value == Fraction("0.5")
    with pytest.raises(Refusal, match="IDLH"):
        gbt50493.toxic("氯乙烯", "low", TODAY, reaches=99)


def test_methane_alarms_at_a_quarter_and_a_half_of_its_explosion_limit():
    assert gbt50493.flammable("low", 5, TODAY).value == Fraction("1.25")
    assert gbt50493.flammable("high", "4.4", TODAY).value == Fraction("2.2")


def test_oxygen_alarms_low_and_high():
    assert [gbt50493.setting("oxygen", stage, TODAY).value for stage in ("low", "high")] == [
        Fraction("19.5"),
        Fraction("23.5"),
    ]


def test_before_2020_and_outside_the_table_nothing_is_answered():
    with pytest.raises(NotInForce):
        gbt50493.setting("toxic", "low", When(date(2019, 12, 31)))
    with pytest.raises(OutsideTable):
        gbt50493.setting("noise", "low", TODAY)


def test_every_placing_is_marked_recalled():
    assert {row.status.value for row in gbt50493.placings().values()} == {"recalled"}


@pytest.mark.parametrize(
    ("place", "value", "acts"),
    [
        ("ammonia_room", 149.9, False),
        ("ammonia_room", 150, True),
        ("ammonia_quick_freeze", 9, False),
        ("ammonia_quick_freeze", 10, True),
        ("collector_hopper", 65, False),
        ("collector_hopper", 64.9, True),
        ("co_first", 24, True),
    ],
)
def test_places_act_on_the_right_side_of_their_limit(place, value, acts):
    assert (places.judged(place, value).value is not None) is acts


@pytest.mark.parametrize(("co", "minutes"), [(0, None), (30, None), (31, 60), (50, 60), (100, 30), (200, 20)])
def test_the_more_carbon_monoxide_the_shorter_the_stay(co, minutes):
    assert places.stay(co).value == minutes


@pytest.mark.parametrize("co", [200.1, -1])
def test_beyond_the_table_nobody_works_in_carbon_monoxide(co):
    with pytest.raises(Refusal):
        places.stay(co)
    with pytest.raises(OutsideTable):
        places.judged("moon", 1)


THEN = When(date(2025, 6, 1))


@pytest.mark.parametrize(("methane", "value"), [(0.99, "normal"), (1, "alarm"), (1.49, "alarm"), (1.5, "power_off")])
def test_methane_at_a_coal_face_by_the_edition_of_2016(methane, value):
    assert coal_mine.judged("ch4-02", methane, THEN).value == value


def test_a_place_that_only_alarms_never_cuts_power():
    assert coal_mine.judged("ch4-18", 5, THEN).value == "alarm"


def test_the_mine_limits_of_2016_are_not_given_for_a_day_of_the_next_edition():
    with pytest.raises(NotInForce, match="2026-02-01"):
        coal_mine.judged("ch4-02", 1, TODAY)
    with pytest.raises(OutsideTable):
        coal_mine.judged("ch4-99", 1, THEN)
    with pytest.raises(OutsideTable):
        coal_mine.judged("ch4-02", 101, THEN)
