"""The loops of dual prevention from end to end, over the capabilities, with the wrong roles refused by the verbs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.cases.actions import take
from anlan.desk.cases.models import Case
from anlan.desk.notices.models import Notice
from anlan.prevent.checks.actions import Given, answer, finish
from anlan.prevent.checks.models import Task
from anlan.prevent.checks.planning import derive, generate
from anlan.prevent.hazards import dossier, fire, gates, statistics
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.hazards.tasks import mark_veto, report_overdue
from anlan.prevent.risks.actions import ask_review, evaluate
from anlan.prevent.risks.models import Influence, Point
from anlan.prevent.risks.tests.conftest import RED, YELLOW
from anlan.prevent.supervision import actions as supervision
from anlan.prevent.supervision.models import Grade, Visit
from anlan.watch.alarms.actions import record
from tests.cast import DISTRICT

pytestmark = pytest.mark.django_db
OUTSIDE = ("other_manager", "other_town_officer", "neighbour_duty", "stranger")


def soon(days=5):
    return timezone.localdate() + timedelta(days=days)


def at_noon(year, month, day):
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.fixture
def on(monkeypatch):
    """`on(2026, 3, 1)`: it is noon of that day."""
    return lambda *day: monkeypatch.setattr(timezone, "now", lambda: at_noon(*day))


def test_l01_a_danger_is_found_graded_reported_monitored_treated_accepted_cancelled_analysed_and_weighs_on_the_risk(
    cast, event_of, point, hands, danger, refused
):
    event_of("反应失控", YELLOW)
    point.refresh_from_db()
    hazard = danger(by=cast.worker, point=point)
    refused(hazard.case, "grade", "worker", "team_leader", "delegate", "assessor", *OUTSIDE, words="x")
    hands.grade(hazard, "major", by=cast.inspector)
    point.refresh_from_db()
    assert point.dynamic_level == 1 and point.level == 3, "an open danger feeds the dynamic grade"
    refused(hazard.case, "settle", "worker", "town_officer", "inspector", "assessor", *OUTSIDE)
    hands.settle(hazard, soon())
    hands.report_twice(hazard)
    refused(hazard.case, "monitor", "worker", "inspector", "delegate", "assessor", *OUTSIDE, words="x")
    hands.take(hazard, "monitor", cast.team_leader, "停泵、断电、专人看护")
    refused(hazard.case, "rectify", "worker", "inspector", "town_officer", "assessor", *OUTSIDE, words="x")
    hands.rectify(hazard)
    refused(hazard.case, "verify", "worker", "team_leader", "delegate", "assessor", *OUTSIDE, words="x")
    hands.take(hazard, "verify", cast.manager)
    refused(hazard.case, "accept", "manager", "head", "town_officer", "assessor", *OUTSIDE, words="x")
    hands.take(hazard, "accept", cast.inspector)
    refused(hazard.case, "strike", "manager", "head", "town_officer", "assessor", *OUTSIDE)
    hands.take(hazard, "strike", cast.second_inspector)
    assert dossier.missing(hazard, dossier.records(hazard)) == []
    point.refresh_from_db()
    assert point.dynamic_level == 3 and not Influence.objects.filter(ended_at=None).exists()
    month = timezone.localdate().replace(day=1)
    for reader in (cast.inspector, cast.manager):
        whole = statistics.counted(reader, statistics.Asked(month, month)).whole
        assert (whole.found, whole.closed) == (1, 1)
    assert list(verify()) == []


def test_l02_a_major_danger_is_listed_reported_twice_assessed_by_a_third_party_delisted_and_published(
    cast, danger, hands, photo, refused, client
):
    hazard = hands.settle(hands.grade(danger(), "major", by=cast.inspector), soon())
    order = {"rank": "county", "supervisor": "区应急管理局", "listed_until": soon(2).isoformat()}
    refused(hazard.case, "list", "manager", "town_officer", "assessor", "delegate", *OUTSIDE, words="x", values=order)
    hands.take(hazard, "list", cast.leader, "限期治理，每周报告", **order)
    for receiver, by in (("department", cast.inspector), ("congress", cast.delegate)):
        refused(hazard.case, f"report_{receiver}", "worker", "inspector", "delegate", "assessor", *OUTSIDE, words="x")
        hands.take(hazard, f"report_{receiver}", cast.head, "现状、危害程度、治理方案")
        others = ("manager", "head", "assessor", "delegate" if receiver == "department" else "inspector", *OUTSIDE)
        refused(hazard.case, f"receive_{receiver}", *others)
        hands.take(hazard, f"receive_{receiver}", by)
    hands.take(hazard, "progress", cast.manager, percent=60)
    assert mark_veto(timezone.now() + timedelta(days=3)) == 1, "late: the mark and a proposal, people decide"
    hazard.listing.refresh_from_db()
    assert hazard.listing.vetoed_at and hazard.listing.proposal
    hands.rectify(hazard)
    passed = {"words": "现场验收合格", "values": {"conclusion": "passed"}}
    refused(hazard.case, "assess", "manager", "inspector", "town_officer", "delegate", *OUTSIDE, **passed)
    hands.take(hazard, "assess", cast.assessor, documents=[photo(cast.assessor)], conclusion="passed")
    refused(hazard.case, "approve_assessment", "assessor", "manager", "town_officer", "delegate", *OUTSIDE, words="x")
    with pytest.raises(ValidationError):
        hands.take(hazard, "delist", cast.inspector)
    hands.take(hazard, "approve_assessment", cast.inspector)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "accept", cast.inspector)
    hands.take(hazard, "ask_delisting", cast.manager)
    refused(hazard.case, "delist", "assessor", "manager", "town_officer", "delegate", *OUTSIDE, words="x")
    hands.take(hazard, "delist", cast.inspector)
    refused(hazard.case, "publish", "assessor", "manager", "town_officer", "delegate", *OUTSIDE)
    hands.take(hazard, "publish", cast.inspector)
    hands.take(hazard, "strike", cast.inspector)
    assert hazard.title in client.get("/public/hazards/").text
    assert list(gates.published_listings()) == [hazard.listing] and list(verify()) == []


def test_l03_a_self_check_every_15_days_its_danger_cancelled_within_15_or_reported_up(
    cast, enterprise, event_of, hands, on
):
    on(2026, 3, 1)
    event_of("反应失控", YELLOW)
    derive(cast.manager, enterprise)
    generate(timezone.now())
    assert list(fire.unchecked(cast.town_officer).filter(pk=enterprise.pk)) == [enterprise]
    task = Task.objects.get()
    for part in ("inspector", "assessor", "other_manager", "stranger"):
        with pytest.raises(Refused):
            answer(getattr(cast, part), task, Given(item=task.sheet.items[0]["key"], verdict="ok"))
    found = answer(cast.manager, task, Given(item=task.sheet.items[0]["key"], verdict="not", note="联锁未投用"))
    finish(cast.manager, task)
    assert not fire.unchecked(cast.town_officer).filter(pk=enterprise.pk).exists(), "a finished check is a self-check"
    hazard = Hazard.objects.get(pk=found.hazard_id)
    hands.settle(hands.grade(hazard), timezone.localdate() + timedelta(days=10))
    assert report_overdue(at_noon(2026, 3, 16)) == 0
    cast.inspector, cast.leader  # noqa: B018 – they are there to be told
    assert report_overdue(at_noon(2026, 3, 17)) == 1 and report_overdue(at_noon(2026, 3, 18)) == 0
    assert Notice.objects.filter(user=cast.leader, url=f"/cases/{hazard.pk}/").exists()
    on(2026, 3, 17)
    assert list(fire.unchecked(cast.town_officer).filter(pk=enterprise.pk)) == [enterprise], "15 days without a check"
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "cancel", cast.town_officer)
    assert hazard.state == "cancelled" and report_overdue(at_noon(2026, 4, 20)) == 0


def test_l04_an_alarm_warns_is_handled_looked_after_on_line_removed_and_moves_the_risk_and_the_grade(
    cast, event_of, point, gauge, event, refused
):
    event_of("反应失控", YELLOW)
    device = gauge.device
    device.facility = point.facility
    device.save(update_fields=["facility"])
    supervision.grade_some([point.enterprise_id])
    before = Grade.objects.get().mark
    record([event("raised", "HH", 91.0)])
    warning = Case.objects.get(kind="warnings.warning")
    point.refresh_from_db()
    assert (warning.level, point.dynamic_level) == (1, 1)
    supervision.grade_some([point.enterprise_id])
    assert Grade.objects.get().mark > before, "the grade of supervision follows while it lasts"
    refused(warning, "confirm", "manager", "worker", "grid_worker", "assessor", *OUTSIDE)
    take(warning, "confirm", cast.duty)
    refused(warning, "attend", "worker", "inspector", "assessor", *OUTSIDE)
    take(warning, "attend", cast.manager)
    done = {"words": "关小进料阀", "values": {"cause": "operation"}}
    refused(warning, "feedback", "worker", "assessor", *OUTSIDE, **done)
    take(warning, "feedback", cast.manager, **done)
    with pytest.raises(ValidationError):
        take(warning, "verify", cast.duty)
    record([event("cleared", "HH", value=70.0, seconds=300)])
    warning.refresh_from_db()
    with pytest.raises(ValidationError, match="巡查"):
        take(warning, "verify", cast.second_duty)
    seen = {"words": "视频巡查，阀门已关小，液位回落", "values": {"patrol": "normal"}}
    refused(warning, "patrol", "manager", "worker", "grid_worker", "assessor", *OUTSIDE, **seen)
    take(warning, "patrol", cast.town_officer, **seen)
    refused(warning, "verify", "manager", "team_leader", "town_officer", "assessor", *OUTSIDE)
    take(warning, "verify", cast.second_duty)
    point.refresh_from_db()
    supervision.grade_some([point.enterprise_id])
    assert not warning.is_open and point.dynamic_level == 3
    assert Grade.objects.get().mark == before and list(verify()) == []


def test_l05_a_risk_is_identified_graded_controlled_shown_assessed_anew_and_moves_the_inspections(
    cast, event_of, point, signed_in, refused, monkeypatch
):
    from datetime import date

    monkeypatch.setattr(supervision.timezone, "localdate", lambda *_: date(2026, 1, 2))
    found = event_of("反应失控", YELLOW)
    for part in ("worker", "team_leader", "town_officer", "inspector", "assessor", "delegate", *OUTSIDE):
        with pytest.raises(Refused):
            evaluate(getattr(cast, part), found, method="lec", scores=RED)
    supervision.grade_some([point.enterprise_id])
    assert supervision.draw(cast.inspector, DISTRICT, 2026) == Visit.objects.filter(state="planned").count()
    few = Visit.objects.filter(enterprise=point.enterprise, state="planned").count()
    with pytest.raises(Refused):
        supervision.draw(cast.manager, DISTRICT, 2026)
    ask_review(cast.manager, [Point.objects.get(pk=point.pk)], "process", "新增加氢工序")
    evaluate(cast.manager, found, method="lec", scores=RED, words="新增加氢工序")
    report = Case.objects.get(kind="risk-reports.report")
    refused(report, "approve", "manager", "head", "town_officer", "assessor", "delegate", *OUTSIDE)
    take(report, "approve", cast.inspector)
    point.refresh_from_db()
    assert (point.level, point.registered_level, point.editions.count() > 0) == (1, 1, True)
    board = signed_in(cast.manager).get(f"/risks/board/{point.enterprise_id}/").text
    assert "1号车间反应区" in board and "温度高高联锁切断进料" in board
    assert signed_in(cast.stranger).get(f"/risks/board/{point.enterprise_id}/").status_code in (403, 404)
    supervision.grade_some([point.enterprise_id])
    many = Visit.objects.filter(enterprise=point.enterprise, state="planned").count()
    assert many > few, "a graver grade is inspected more often"
    assert list(verify()) == []
