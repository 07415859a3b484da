"""The region's database, map and people follow the enterprise's evaluation (rows S33, S50, loop L05)."""

import pytest

from anlan.desk.access.standing import Refused
from anlan.desk.cases.actions import take
from anlan.desk.cases.models import Case
from anlan.desk.notices.models import Notice
from anlan.desk.obligations.models import Obligation
from anlan.prevent.risks import gates
from anlan.prevent.risks.actions import ask_review, confirm_review, evaluate
from anlan.prevent.risks.layers import LAYERS
from anlan.prevent.risks.models import Point
from anlan.prevent.risks.tests.conftest import BLUE, ORANGE, RED, YELLOW


@pytest.fixture
def red(event_of, point, cast) -> Case:
    """A yellow point on record that a new process makes red: its report waits."""
    event = event_of("反应失控", YELLOW)
    evaluate(cast.manager, event, method="lec", scores=RED, words="新增加氢工序")
    point.refresh_from_db()
    return Case.objects.get(kind="risk-reports.report")


def on_map(user) -> dict[int, int]:
    layer = next(each for each in LAYERS if each.name == "risks")
    return dict(layer.queryset(user).values_list("pk", layer.columns[layer.symbol].source))


def told() -> set[str]:
    return set(Notice.objects.values_list("user__username", flat=True))


def test_a_report_with_a_new_higher_level_risk_changes_database_and_map_when_approved_and_the_department_is_told(
    red, point, cast
):
    """S33: Given a report with a new higher-level risk, when it is approved, then the regional risk database and the
    four-colour map change, and the department is told."""
    assert on_map(cast.inspector) == {point.pk: 3}
    before = Notice.objects.filter(user=cast.inspector).count()
    take(red, "approve", cast.inspector)
    point.refresh_from_db()
    assert point.registered_level == 1
    assert on_map(cast.inspector) == {point.pk: 1}
    assert Notice.objects.filter(user=cast.inspector).count() > before


def test_a_yellow_risk_made_red_changes_list_board_and_cards_at_once_with_the_old_version_kept_and_people_told(
    red, point, cast, signed_in
):
    """S50: Given a risk graded yellow, when a new process raises it to red, then list, map, board and post cards change
    at once with old version kept, the person in charge and the department are notified, and it enters the "major risk"
    list."""
    assert point in gates.major_seen_by(cast.manager)
    assert point in gates.major_seen_by(cast.inspector)
    assert point.editions.first().level == 3
    assert {"manager", "inspector"} <= told()
    client = signed_in(cast.manager)
    card = client.get(f"/risks/{point.pk}/card/").content.decode()
    assert "红色" in card and "温度高高联锁切断进料" in card and "切断进料" in card and "13800000000" in card
    old = client.get(f"/risks/{point.pk}/card/?edition={point.editions.first().number}").content.decode()
    assert "黄色" in old and "不是现行版本" in old
    assert "1号车间反应区" in client.get(f"/risks/board/{point.enterprise_id}/").content.decode()
    assert "1号车间反应区" in client.get("/major-risks/").content.decode()


def test_yellow_and_blue_enter_at_once_and_open_no_report(point, event_of):
    event_of("灼烫", BLUE)
    point.refresh_from_db()
    assert point.registered_level == 4
    assert not Case.objects.exists()


def test_going_back_before_the_approval_withdraws_the_report(red, point, cast):
    evaluate(cast.manager, point.events.get(), method="lec", scores=YELLOW)
    red.refresh_from_db()
    assert (red.state, red.is_open) == ("withdrawn", False)


def test_a_further_change_amends_the_report_that_waits(red, point, cast):
    evaluate(cast.manager, point.events.get(), method="lec", scores=ORANGE)
    red.refresh_from_db()
    assert Case.objects.count() == 1
    assert (red.state, red.level, red.data["to"]) == ("waiting", 2, 2)


def test_a_lower_level_of_a_registered_red_risk_is_approved_too(red, point, cast):
    take(red, "approve", cast.inspector)
    point.refresh_from_db()
    evaluate(cast.manager, point.events.get(), method="lec", scores=BLUE)
    point.refresh_from_db()
    assert (point.level, point.registered_level) == (4, 1)
    report = Case.objects.get(is_open=True)
    assert report.level == 1
    take(report, "approve", cast.inspector)
    point.refresh_from_db()
    assert point.registered_level == 4


def test_a_returned_report_comes_back_with_words(red, cast):
    take(red, "return", cast.inspector, words="请补充计算依据")
    take(red, "resubmit", cast.manager, words="已补充")
    red.refresh_from_db()
    assert red.state == "waiting"


@pytest.mark.parametrize("part", ["manager", "team_leader", "town_officer", "duty", "other_manager", "neighbour_duty"])
def test_nobody_but_the_competent_department_approves(red, cast, part):
    with pytest.raises(Refused):
        take(red, "approve", getattr(cast, part))


def test_others_do_not_see_the_points_of_an_enterprise(red, point, cast):
    for part in ("other_manager", "other_town_officer", "neighbour_duty", "stranger"):
        assert point not in gates.seen_by(getattr(cast, part))


def test_a_change_of_process_asks_for_a_review_with_a_clock_and_evaluating_meets_it(event_of, point, cast):
    event = event_of("灼烫", BLUE)
    ask_review(cast.manager, [point], "process", "更换触媒")
    (asked,) = Obligation.objects.filter(subject=f"risk-point:{point.pk}")
    assert asked.is_open and asked.due_on > asked.opens_on
    ask_review(cast.manager, [point], "process", "更换触媒")
    assert Obligation.objects.filter(subject=f"risk-point:{point.pk}").count() == 1
    evaluate(cast.manager, event, method="lec", scores=BLUE)
    asked.refresh_from_db()
    assert not asked.is_open


def test_a_review_without_change_is_said_in_words_and_meets_what_asked_for_it(event_of, point, cast):
    event_of("灼烫", BLUE)
    ask_review(cast.manager, [point], "law", "新标准")
    point.refresh_from_db()
    confirm_review(cast.manager, [Point.objects.get(pk=point.pk)], "对照新标准复核，无变化")
    assert not Obligation.objects.filter(subject=f"risk-point:{point.pk}", is_open=True).exists()


def test_the_page_of_a_report_offers_the_approval_to_the_department_only(red, cast, signed_in):
    page = f"/cases/{red.pk}/"
    assert "审核通过" in signed_in(cast.inspector).get(page).content.decode()
    assert "审核通过，更新" not in signed_in(cast.manager).get(page).content.decode().split("timeline")[0]
    assert signed_in(cast.other_manager).get(page).status_code == 404
