from dataclasses import replace
from datetime import date

from anlan.desk.obligations.declare import Stage, faults, rules

RECHECK = rules()["certificate_recheck"]


def test_every_shipped_rule_is_sound_and_cites_its_instrument():
    for rule in rules().values():
        assert faults(rule) == [] and all(edition.instrument for edition in rule.editions)


def test_the_edition_of_a_day_is_that_in_force_and_before_the_first_there_is_none():
    assert "第30号" in RECHECK.edition(date(2026, 5, 31)).instrument
    assert "第19号" in RECHECK.edition(date(2026, 6, 1)).instrument
    assert RECHECK.edition(date(2010, 6, 30)) is None


def test_overlapping_or_disordered_editions_are_refused():
    old, new = RECHECK.editions
    assert "sort them by day" in faults(replace(RECHECK, editions=(new, old)))[0]
    assert "has not ended" in faults(replace(RECHECK, editions=(replace(old, until=None), new)))[0]
    assert "ends before it begins" in faults(replace(RECHECK, editions=(replace(old, until=date(2000, 1, 1)), new)))[0]


def test_the_stages_climb_in_time():
    assert faults(replace(RECHECK, escalate=(Stage(9, "a.b"), Stage(1, "a.b"))))


def test_the_tightest_reminder_in_place_is_chosen():
    rule = rules()["drill_listed_half_year"]  # 30, 7, 1
    assert [rule.tightest(days) for days in (31, 30, 8, 7, 2, 1, 0)] == [None, 30, 30, 7, 7, 1, 1]
