"""Levels, validity, gas analyses and everything that forbids special work, on both sides of every bound."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.citing import Refusal, Status
from anlan.standards.dating import NotInForce, When
from anlan.standards.special_work import blocking, confined_space, gas_tests, gb30871, simultaneous
from anlan.standards.special_work.blocking import Certificate, Work
from anlan.standards.special_work.confined_space import Entry
from anlan.standards.special_work.gas_tests import Reading
from anlan.standards.special_work.simultaneous import Neighbour
from anlan.standards.tables import OutsideTable

WHEN = When(date(2026, 11, 24))
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WORK = Work(
    kind="hot_work",
    level="second",
    at=NINE,
    starts=NINE - HOUR,
    ends=NINE + 7 * HOUR,
    guardian="甲",
    guardian_trained=True,
    analysed=NINE - 20 * MINUTE,
    analysis_passed=True,
)


def codes(work: Work) -> list[str]:
    return [block.code for block in blocking.blocks(work)]


@pytest.mark.parametrize(
    ("kind", "level", "hours"),
    [
        ("hot_work", "special", 8),
        ("hot_work", "first", 8),
        ("hot_work", "second", 72),
        ("confined_space_entry", "", 24),
        ("work_at_height", "III", 168),
        ("temporary_power", "", 360),
    ],
)
def test_the_standards_own_hours_are_verified_and_a_site_may_only_shorten_them(kind, level, hours):
    finding = gb30871.validity(kind, level)
    assert finding.value == hours and finding.status is Status.VERIFIED
    assert gb30871.validity(kind, level, {kind: hours - 1}).value == hours - 1
    assert gb30871.validity(kind, level, {kind: hours + 1}).value == hours


@pytest.mark.parametrize("kind", ["blinding", "excavation", "road_closure"])
def test_where_the_standard_gives_no_hours_the_answer_is_a_setting_and_says_so(kind):
    assert gb30871.validity(kind).status is Status.RECALLED
    assert gb30871.validity(kind, policy={kind: 5}).value == 5


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"in_hazard_area": True, "on_running_equipment": True}, "special"),
        ({"in_hazard_area": True, "in_tank_farm_dike": True, "shut_down_and_agreed": True}, "special"),
        ({"in_hazard_area": True}, "first"),
        ({"in_hazard_area": False, "on_pipe_rack": True}, "first"),
        ({"in_hazard_area": True, "shut_down_and_agreed": True}, "second"),
        ({"in_hazard_area": False}, "second"),
        ({"in_hazard_area": False, "in_fixed_area": True}, None),
    ],
)
def test_hot_work_is_graded_by_where_it_is_done(facts, level):
    assert gb30871.hot_work_level(WHEN, **facts).value == level


@pytest.mark.parametrize(
    ("metres", "conditions", "level"),
    [
        (1.9, (), None),
        (1.9, ("inside_vessel",), "II"),
        (2, (), "I"),
        (5, (), "I"),
        (5.1, (), "II"),
        (15, (), "II"),
        (30, (), "III"),
        (30.1, (), "IV"),
        (2, ("cold",), "II"),
        (40, ("cold",), "IV"),
        (3, ("rain",), "IV"),
        (20, ("opening_edge",), "III"),
    ],
)
def test_work_at_height_is_graded_by_band_factor_and_situation(metres, conditions, level):
    assert gb30871.height_level(metres, conditions).value == level


@given(st.floats(0, 500), st.sets(st.sampled_from(sorted(gb30871.height_conditions()))))
def test_another_condition_never_lowers_the_level_of_work_at_height(metres, conditions):
    def rank(found):
        return -1 if found.value is None else gb30871.ROMAN.index(found.value)

    every = gb30871.height_conditions()
    assert rank(gb30871.height_level(metres, conditions)) <= rank(gb30871.height_level(metres, every))


@pytest.mark.parametrize(
    ("tonnes", "level"),
    [(9.9, None), (10, "third"), (39.9, "third"), (40, "second"), (100, "second"), (100.1, "first")],
)
def test_lifting_is_graded_by_mass(tonnes, level):
    assert gb30871.lifting_level(tonnes).value == level


def test_hot_work_rises_one_level_at_night_and_other_work_does_not():
    assert gb30871.upgraded("hot_work", "second", ["night"]).value == "first"
    assert gb30871.upgraded("hot_work", "first", ["holiday", "night"]).value == "special"
    assert gb30871.upgraded("hot_work", "special", ["holiday"]).value == "special"
    assert gb30871.upgraded("hot_work", "second", []).value == "second"
    assert gb30871.upgraded("work_at_height", "II", ["night"]).value == "II"


def test_excavation_is_countersigned_by_seven_and_then_approved():
    assert [one.zh for one in gb30871.approvers("excavation")][-2:] == ["安全管理", "所在单位专业部门"]
    assert len(gb30871.approvers("excavation")) == 8


def test_every_kind_has_its_measures_numbered_without_gap():
    counts = {kind: [one.no for one in gb30871.measures(kind)] for kind in gb30871.Kind}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in counts.values())
    assert sum(map(len, counts.values())) == 106


@pytest.mark.parametrize(
    "asking",
    [
        lambda: gb30871.validity("diving"),
        lambda: gb30871.validity("hot_work", "fourth"),
        lambda: gb30871.lifting_level(0),
        lambda: gb30871.height_level(-1),
        lambda: gb30871.height_level(3, ["boredom"]),
        lambda: gb30871.distance_to_live_parts(750),
        lambda: gb30871.upgraded("hot_work", "first", ["monday"]),
        lambda: gas_tests.judged(Reading("oxygen", 20, "ppm")),
        lambda: gas_tests.judged(Reading("硫化氢", 1, "%vol")),
        lambda: gas_tests.judged(Reading("flammable", -1)),
    ],
)
def test_what_no_table_holds_is_refused(asking):
    with pytest.raises(OutsideTable):
        asking()


@pytest.mark.parametrize(
    ("reading", "within"),
    [
        (Reading("oxygen", 19.5), True),
        (Reading("oxygen", 19.4), False),
        (Reading("oxygen", 21), True),
        (Reading("oxygen", 21.1), False),
        (Reading("flammable", 0.5, lel=4), True),
        (Reading("flammable", 0.51, lel=4), False),
        (Reading("flammable", 0.2, lel=3.9), True),
        (Reading("flammable", 0.21, lel=3.9), False),
        (Reading("flammable", 10, "%LEL", lel=5), True),
        (Reading("flammable", 10.1, "%LEL", lel=5), False),
        (Reading("H2S", 7, "ppm"), True),
        (Reading("H2S", 7.1, "ppm"), False),
        (Reading("CO", 20, "mg/m3"), True),
    ],
)
def test_gas_limits_on_both_sides(reading, within):
    assert gas_tests.judged(reading).value is within


SPACE = [Reading("oxygen", 20.9), Reading("flammable", 0, "%LEL"), Reading("H2S", 0, "ppm")]


@pytest.mark.parametrize(("minutes", "allows"), [(0, True), (30, True), (31, False), (-1, False)])
def test_a_sample_is_taken_at_most_half_an_hour_before_the_start(minutes, allows):
    start = NINE + minutes * MINUTE
    assert gas_tests.gas_result("confined_space_entry", SPACE, NINE, start).value is allows


def test_an_analysis_without_oxygen_or_without_the_top_of_a_large_space_does_not_allow_entry():
    assert gas_tests.gas_result("confined_space_entry", SPACE[1:], NINE, NINE).value is False
    assert gas_tests.gas_result("confined_space_entry", SPACE, NINE, NINE, points=["top"]).value is False
    with pytest.raises(Refusal, match="offset"):
        gas_tests.gas_result("hot_work", SPACE, datetime(2026, 1, 1), NINE)


@pytest.mark.parametrize(
    ("kind", "level", "minutes", "holds"),
    [
        ("hot_work", "first", 30, True),
        ("hot_work", "first", 31, False),
        ("hot_work", "second", 60, True),
        ("hot_work", "second", 61, False),
        ("confined_space_entry", "", 60, True),
        ("confined_space_entry", "", 61, False),
    ],
)
def test_a_break_longer_than_the_level_allows_asks_for_a_new_analysis(kind, level, minutes, holds):
    paused, at = NINE + HOUR, NINE + HOUR + minutes * MINUTE
    old = gas_tests.analysis_holds(kind, level, NINE, at, began=NINE, paused=paused)
    new = gas_tests.analysis_holds(kind, level, at - MINUTE, at, began=NINE, paused=paused)
    assert (old.value, new.value) == (holds, True)


def test_hot_work_needs_an_analysis_of_its_own_day_and_a_confined_space_a_record_every_two_hours():
    tomorrow = NINE + 24 * HOUR
    assert gas_tests.analysis_holds("hot_work", "second", NINE, NINE + 5 * HOUR, began=NINE).value is True
    assert gas_tests.analysis_holds("hot_work", "second", NINE, tomorrow, began=NINE).value is False
    assert gas_tests.log_due("confined_space_entry", "", NINE).value == NINE + 2 * HOUR
    assert gas_tests.analysis_ends("hot_work", "first", NINE).value == NINE + 30 * MINUTE
    assert gas_tests.analysis_ends("lifting", "first", NINE).value is None


def test_work_in_order_is_not_blocked():
    assert codes(WORK) == []
    assert blocking.may_work(WORK).value is True


@pytest.mark.parametrize(
    ("change", "code", "article"),
    [
        ({"at": NINE + 7 * HOUR, "began": NINE}, "expired", "4.16"),
        ({"at": NINE - 2 * HOUR, "analysed": NINE - 2 * HOUR}, "too_early", "4.16"),
        ({"ends": NINE + 72 * HOUR}, "too_long", "5.1.5"),
        ({"conditions": ("night",)}, "upgrade", "5.1"),
        ({"guardian": ""}, "no_guardian", "4.10"),
        ({"guardian_trained": None}, "guardian_untrained", "4.10"),
        ({"guardian_elsewhere": ("DH-7",)}, "guardian_elsewhere", "4.10"),
        ({"approved_on_site": False}, "not_on_site", "4.11"),
        ({"isolated_by": ("blind", "valve")}, "isolation_wrong", "5.2"),
        ({"needs_isolation": True}, "not_isolated", "5.2"),
        ({"analysed": None}, "no_gas_test", "5.3.1"),
        ({"analysis_passed": False}, "gas_failed", "5.3.2, 6.4"),
        ({"analysed": NINE - 31 * MINUTE}, "gas_expired", "5.3.1"),
        ({"measures_done": frozenset(range(2, 17))}, "measures", "附录A"),
        ({"certificates": (Certificate("乙", "焊接"),)}, "no_certificate", "第30条"),
        ({"certificates": (Certificate("乙", "焊接", date(2026, 11, 23)),)}, "certificate_expired", "第30条"),
        ({"contractor": "某公司", "contractor_admitted": False}, "contractor", "第49条"),
        ({"in_open": True, "beaufort": 5}, "wind", "5.2.15"),
        ({"neighbours": (Neighbour("blinding", "MB-1", 30),)}, "neighbour", "7"),
        ({"neighbours": (Neighbour("painting", metres=10),)}, "neighbour", "5.2"),
        ({"neighbours": (Neighbour("gas_release"),)}, "neighbour", "5.2"),
    ],
)
def test_each_reason_forbids_the_work_and_names_its_clause(change, code, article):
    block, *more = blocking.blocks(replace(WORK, **change))
    assert (block.code, block.clause.article, more) == (code, article, [])
    assert block.words.zh and block.words.en


@pytest.mark.parametrize(
    "change",
    [
        {"certificates": (Certificate("乙", "焊接", date(2026, 11, 24)),)},
        {"in_open": True, "beaufort": 4},
        {"neighbours": (Neighbour("blinding", "MB-1", 30.1),)},
        {"neighbours": (Neighbour("lifting", "DZ-1", 0),)},
        {"measures_done": frozenset(range(1, 16))},
        {"needs_isolation": True, "isolated_by": ("removed_spool",)},
    ],
)
def test_what_is_just_allowed_does_not_forbid(change):
    assert codes(replace(WORK, **change)) == []


def test_special_hot_work_is_monitored_and_filmed():
    work = replace(WORK, level="special", ends=NINE + 5 * HOUR, monitored=False, video=False)
    assert codes(work) == ["not_monitored", "no_video"]


def test_clashes_count_from_both_sides():
    assert simultaneous.clashing("blinding", Neighbour("hot_work", metres=12))
    assert simultaneous.clashing("blinding", Neighbour("blinding", same_pipe=True))
    assert not simultaneous.clashing("blinding", Neighbour("blinding", metres=1))
    assert simultaneous.clashing("work_at_height", Neighbour("excavation", below=True))
    assert not simultaneous.clashing("work_at_height", Neighbour("excavation", below=True, separated=True))


def test_a_day_before_the_standard_is_refused():
    early = timedelta(days=2000)
    with pytest.raises(NotInForce):
        blocking.blocks(replace(WORK, at=NINE - early, starts=NINE - early, ends=NINE))


ENTRY = Entry(
    at=NINE,
    attendant="丙",
    attendant_able=True,
    in_ledger=True,
    approver="appointed",
    trained_on=(date(2025, 11, 24), date(2026, 3, 1)),
    plan_drilled=True,
    sign=True,
    barred=True,
    gear=True,
    ventilated=NINE - HOUR,
    tested=NINE - 10 * MINUTE,
    test_passed=True,
)


def test_an_entry_in_order_is_not_blocked():
    assert confined_space.blocks(ENTRY) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"attendant": ""}, "no_attendant"),
        ({"in_ledger": None}, "no_ledger"),
        ({"approver": "other"}, "not_approved"),
        ({"contracted": True}, "contractor"),
        ({"trained_on": (date(2025, 11, 23),)}, "untrained"),
        ({"trained_on": ()}, "untrained"),
        ({"plan_drilled": False}, "no_plan"),
        ({"sign": False}, "no_sign"),
        ({"barred": False}, "barrier"),
        ({"gear": False}, "no_gear"),
        ({"ventilated": NINE - 5 * MINUTE}, "sequence"),
        ({"tested": NINE - 31 * MINUTE}, "sequence"),
        ({"began": NINE}, "not_watched"),
        ({"attendant_inside_or_away": True}, "not_watched"),
    ],
)
def test_each_article_of_order_13_forbids_by_itself(change, code):
    assert [block.code for block in confined_space.blocks(replace(ENTRY, **change))] == [code]


def test_where_nobody_can_be_poisoned_another_may_approve():
    assert confined_space.blocks(replace(ENTRY, approver="other", toxic=False)) == ()


def test_readings_of_a_limited_space_rest_on_recalled_limits_and_need_oxygen():
    finding = confined_space.may_enter([Reading("oxygen", 19.5), Reading("CO", 20, "mg/m3")])
    assert finding.value is True and finding.status is Status.RECALLED
    assert confined_space.may_enter([Reading("oxygen", 19.4)]).value is False
    with pytest.raises(Refusal, match="oxygen"):
        confined_space.may_enter([Reading("CO", 0, "ppm")])
    with pytest.raises(NotInForce):
        confined_space.blocks(replace(ENTRY, at=NINE - timedelta(days=1200)))
