"""Identify, evaluate, hold: levels follow by themselves and explain themselves."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.prevent.risks.actions import evaluate, remove_event, retire, save_event, save_point
from anlan.prevent.risks.evaluating import ask, ways
from anlan.prevent.risks.models import Event, Point, Unit
from anlan.prevent.risks.rules import Active, at_least, dynamic_level, held_high_enough, level_of, must_be_approved
from anlan.prevent.risks.tests.conftest import BLUE, ORANGE, RED, YELLOW

LEVELS = st.one_of(st.none(), st.integers(1, 4))


def test_a_point_takes_the_gravest_level_of_its_events(point, event_of):
    event_of("灼烫", BLUE)
    event_of("反应失控", ORANGE)
    point.refresh_from_db()
    assert (point.level, point.dynamic_level) == (2, 2)


def test_the_explanation_is_stored_and_leads_from_the_level_to_every_score(event_of):
    event = event_of("反应失控", ORANGE)
    event.refresh_from_db()
    said = str(event.explanation)
    assert event.explanation["value"] == 2
    assert all(word in said for word in ("270", "'L': 3", "'E': 6", "'C': 15"))


def test_identification_by_job_steps_makes_a_unit_for_each_step_once(point, event_of):
    event_of("触电", unit="停机断电", way="jha")
    event_of("机械伤害", unit="停机断电", way="jha")
    event_of("窒息", unit="进入釜内", way="jha")
    assert list(point.units.values_list("name", "way")) == [("停机断电", "jha"), ("进入釜内", "jha")]


def test_a_graver_level_lifts_who_must_answer_and_never_lowers_it(point, event_of, cast):
    event = event_of("反应失控", RED)
    point.refresh_from_db()
    assert point.responsible_level == "company"
    evaluate(cast.manager, event, method="lec", scores=BLUE)
    point.refresh_from_db()
    assert point.responsible_level == "company"


def test_a_score_outside_the_table_is_refused_and_nothing_changes(point, event_of, cast):
    event = event_of("反应失控", YELLOW)
    with pytest.raises(ValidationError):
        evaluate(cast.manager, event, method="lec", scores={"L": 4, "E": 6, "C": 15})
    event.refresh_from_db()
    assert (event.level, event.scores["L"]) == (3, 3)


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(ValidationError, match="没有评价方法"):
        ask("guess", {})


def test_every_method_offered_can_be_answered_with_its_own_choices():
    for way in ways().values():
        level, finding = ask(way.name, {factor.name: factor.choices[0].score for factor in way.factors})
        assert level in (1, 2, 3, 4)
        assert finding.as_dict()["rule"]["en"]


def test_a_case_of_the_list_is_major_whatever_its_scores(event_of, cast):
    event = event_of("氨泄漏", BLUE)
    evaluate(cast.manager, event, method="directly-major", scores={"reason": "ten_people_exposed"})
    event.refresh_from_db()
    assert event.level == 1


def test_the_old_version_is_kept_whole_before_each_change(point, event_of, cast):
    event = event_of("反应失控", YELLOW)
    evaluate(cast.manager, event, method="lec", scores=RED, words="新增加氢工序")
    old = point.editions.first()
    assert (old.words, old.level) == ("新增加氢工序", 3)
    assert old.content["units"][0]["events"][0]["level"] == 3
    assert old.content["units"][0]["events"][0]["controls"][0]["text"] == "温度高高联锁切断进料"


def test_removing_the_gravest_event_lowers_the_level_and_asks_why(point, event_of, cast):
    grave, light = event_of("反应失控", YELLOW), event_of("灼烫", BLUE)
    with pytest.raises(ValidationError, match="说明"):
        remove_event(cast.manager, grave, "")
    remove_event(cast.manager, grave, "工序已拆除")
    point.refresh_from_db()
    assert point.level == 4
    assert list(Event.objects.all()) == [light]
    assert Unit.objects.count() == 1


def test_nobody_but_the_enterprise_itself_identifies_and_evaluates(point, event_of, cast):
    event = event_of("反应失控", YELLOW)
    for part in ("other_manager", "team_leader", "inspector", "duty", "town_officer", "stranger"):
        with pytest.raises(Refused):
            evaluate(getattr(cast, part), event, method="lec", scores=BLUE)
        with pytest.raises(Refused):
            save_event(getattr(cast, part), point, Event(name="x"), unit="y")
        with pytest.raises(Refused):
            retire(getattr(cast, part), [point])


def test_who_read_an_older_version_is_told_so(point, event_of, cast):
    stale = Point.objects.get(pk=point.pk)
    event_of("反应失控", YELLOW)
    stale.name = "别名"
    with pytest.raises(ValidationError, match="别人已修改"):
        save_point(cast.manager, stale)


def test_a_retired_point_is_changed_no_more(point, event_of, cast):
    event = event_of("反应失控", YELLOW)
    retire(cast.manager, [point])
    with pytest.raises(ValidationError, match="已停用"):
        evaluate(cast.manager, event, method="lec", scores=BLUE)


def test_every_step_is_sealed(event_of):
    event_of("反应失控", RED)
    assert list(verify()) == []


@given(st.lists(LEVELS))
def test_the_level_of_a_point_is_the_least_number_among_its_events_in_any_order(levels):
    known = [level for level in levels if level]
    assert level_of(levels).value == (min(known) if known else None)
    assert level_of(levels).value == level_of(list(reversed(levels))).value


@given(LEVELS, st.lists(st.integers(1, 4)))
def test_influences_only_make_a_level_worse(static, levels):
    found = dynamic_level(static, [Active(f"alarm:{n}", level, "x") for n, level in enumerate(levels)]).value
    if static:
        assert found is not None and found <= static
    assert found == min([*levels, *([static] if static else [])], default=None)


@given(LEVELS, st.sampled_from(["company", "workshop", "team", "post"]))
def test_whoever_answers_answers_high_enough(level, responsible):
    assert held_high_enough(level, at_least(level, responsible))


def test_only_red_and_orange_wait_for_the_department():
    assert must_be_approved(3, 1) and must_be_approved(2, 4) and must_be_approved(None, 2)
    assert not must_be_approved(3, 4) and not must_be_approved(None, 3) and not must_be_approved(1, 1)
