import json

import pytest

from anlan.site.supervisor import setup


def test_a_first_start_prepares_the_database_then_the_demo_district(tmp_path):
    assert setup.choose_demo(tmp_path, {})
    assert [step.name for step in setup.wanted(tmp_path, {})] == ["database", "demo"]


def test_a_second_start_does_nothing(tmp_path):
    setup.choose_demo(tmp_path, {})
    (tmp_path / "anlan.sqlite3").touch()
    for step in setup.STEPS:
        setup.note(tmp_path, **{step.name: step.stamp(tmp_path, {})})
    assert setup.wanted(tmp_path, {}) == []


def test_a_lost_database_or_another_one_is_prepared_again(tmp_path):
    setup.choose_demo(tmp_path, {"ANLAN_DEMO": "no"})
    (tmp_path / "anlan.sqlite3").touch()
    setup.note(tmp_path, database=setup.STEPS[0].stamp(tmp_path, {}))
    assert [step.name for step in setup.wanted(tmp_path, {"ANLAN_DATABASE_URL": "postgresql://h/d"})] == ["database"]
    (tmp_path / "anlan.sqlite3").unlink()
    assert [step.name for step in setup.wanted(tmp_path, {})] == ["database"]


def test_real_data_are_never_joined_by_invented_ones(tmp_path):
    assert not setup.choose_demo(tmp_path, {"ANLAN_DEMO": "no"})
    assert not setup.choose_demo(tmp_path, {})
    assert not setup.choose_demo(tmp_path, {"ANLAN_DEMO": "yes"})


def test_a_database_of_ones_own_gets_no_demo_district_unless_asked_for(tmp_path):
    assert not setup.choose_demo(tmp_path, {"ANLAN_DATABASE_URL": "postgresql://h/d"})


def test_a_home_that_was_used_before_gets_no_demo_district(tmp_path):
    (tmp_path / "anlan.sqlite3").touch()
    assert not setup.choose_demo(tmp_path, {})


def test_a_choice_that_is_neither_yes_nor_no_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="write 'yes' or 'no'"):
        setup.choose_demo(tmp_path, {"ANLAN_DEMO": "perhaps"})


def test_a_damaged_stamp_file_only_costs_time(tmp_path):
    (tmp_path / "set-up.json").write_text("{")
    assert setup.stamps(tmp_path) == {}
    setup.note(tmp_path, database="x")
    assert json.loads((tmp_path / "set-up.json").read_text()) == {"database": "x"}
