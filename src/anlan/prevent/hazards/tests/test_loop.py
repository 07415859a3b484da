from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.notices.models import Notice
from anlan.prevent.hazards import dossier, gates, layers
from anlan.prevent.hazards.actions import register
from anlan.prevent.hazards.counting import rebuild
from anlan.prevent.hazards.models import Hazard, Tally
from anlan.prevent.hazards.rules import reported
from anlan.prevent.hazards.tasks import mark_veto, report_overdue


def soon(days=5) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_a_danger_found_by_self_check_leaves_seven_dated_records_in_order(cast, danger, hands):
    """S65: found, registered, assessed, reported, monitored, treated and cancelled."""
    hazard = hands.grade(danger(by=cast.manager), "major", by=cast.inspector)
    hands.settle(hazard, soon())
    hands.report_twice(hazard)
    hands.take(hazard, "monitor", cast.team_leader, "停泵、断电、专人看护")
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "accept", cast.inspector)
    hands.take(hazard, "strike", cast.inspector)
    assert hazard.state == "cancelled" and not hazard.is_open and hazard.closed_at
    happened = dossier.records(hazard)
    stages = [record.stage for record in happened if record.stage]
    first = [stages.index(name) for name in ("find", "register", "assess", "report", "monitor", "treat", "cancel")]
    assert first == sorted(first)
    assert [record.at for record in happened] == sorted(record.at for record in happened)
    assert dossier.missing(hazard, happened) == []
    assert not list(verify())


def test_cancelling_without_treatment_evidence_fails(cast, danger, hands):
    hazard = hands.settle(hands.grade(danger()), soon())
    with pytest.raises(ValidationError):
        hands.take(hazard, "cancel", cast.manager)
    with pytest.raises(ValidationError, match="佐证"):
        hands.take(hazard, "rectify", cast.team_leader, "接好了")
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    case = hazard.case
    case.refresh_from_db()
    type(case).objects.filter(pk=case.pk).update(data={**case.data, "treated": False})
    with pytest.raises(ValidationError, match="没有整改佐证材料"):
        hands.take(hazard, "cancel", cast.manager)
    assert hazard.is_open


def test_nobody_verifies_or_cancels_what_he_rectified_himself(cast, danger, hands):
    hazard = hands.settle(hands.grade(danger()), soon())
    hands.rectify(hazard, by=cast.manager)
    for action in ("verify", "reject"):
        with pytest.raises(Refused, match="另一人"):
            hands.take(hazard, action, cast.manager)
    hands.take(hazard, "verify", cast.town_officer)
    with pytest.raises(Refused, match="另一人"):
        hands.take(hazard, "cancel", cast.manager)
    assert hands.take(hazard, "cancel", cast.town_officer).state == "cancelled"


@pytest.mark.parametrize(
    ("action", "by"),
    [
        ("grade", "worker"), ("grade", "team_leader"), ("grade", "assessor"), ("grade", "other_manager"),
        ("grade", "other_town_officer"), ("grade", "neighbour_duty"), ("grade", "stranger"),
    ],
)  # fmt: skip
def test_the_verb_refuses_the_wrong_role(cast, danger, hands, action, by):
    hazard = danger()
    with pytest.raises(Refused):
        hands.take(hazard, action, getattr(cast, by), grade="general", criterion="none")
    assert hazard.grade == "" and hazard.case.steps.count() == 1


def test_each_later_step_refuses_whoever_does_not_hold_it(cast, danger, hands):
    hazard = hands.grade(danger(), "major", by=cast.inspector)
    values = {"rank": "county", "supervisor": "区应急管理局", "listed_until": soon().isoformat()}
    for by in (cast.manager, cast.town_officer, cast.assessor, cast.worker):
        with pytest.raises(Refused):
            hands.take(hazard, "list", by, **values)
    with pytest.raises(Refused):
        hands.settle(hazard, soon(), by=cast.inspector)
    hands.settle(hazard, soon())
    with pytest.raises(Refused):
        hands.rectify(hazard, by=cast.worker)
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    for by in (cast.manager, cast.town_officer, cast.assessor):
        with pytest.raises(Refused):
            hands.take(hazard, "accept", by)
    with pytest.raises(ValidationError):  # a major one is not cancelled by the enterprise's own step
        hands.take(hazard, "cancel", cast.manager)


def test_an_enterprise_registers_only_for_itself(cast, enterprise, other_enterprise):
    with pytest.raises(Refused):
        register(cast.manager, enterprise=other_enterprise, found_by="self", title="配电箱无盖")
    with pytest.raises(Refused):
        register(cast.stranger, enterprise=enterprise, found_by="self", title="配电箱无盖")
    assert not Hazard.objects.exists()


def test_registering_twice_with_one_key_makes_one(danger):
    assert danger(key="phone:1").pk == danger(key="phone:1").pk
    assert Hazard.objects.count() == 1


def test_a_danger_that_lies_in_the_future_is_refused(danger):
    with pytest.raises(ValidationError, match="不能晚于现在"):
        danger(found_at=timezone.now() + timedelta(hours=1))


def test_the_same_kind_at_the_same_place_within_a_year_is_a_repetition(danger):
    first = danger(found_at=timezone.now() - timedelta(days=100))
    assert danger().repeats_id == first.pk
    assert danger(kind="fire").repeats_id is None
    assert danger(place="罐区").repeats_id is None


def test_photos_of_the_finding_are_evidence_of_the_registration(cast, danger, photo):
    hazard = danger(photos=[photo(cast.worker), photo(cast.worker)])
    assert hazard.case.steps.get(action="open").documents.count() == 2


def test_five_things_are_settled_or_the_step_is_refused(cast, danger, hands):
    hazard = hands.grade(danger())
    with pytest.raises(ValidationError):
        hands.take(hazard, "settle", cast.manager, measure="接线", deadline=soon().isoformat())
    with pytest.raises(ValidationError, match="早于今天"):
        hands.settle(hazard, soon(-1))
    with pytest.raises(ValidationError, match="申请延期"):
        hands.settle(hazard, soon(40))
    hands.settle(hazard, soon(5))
    assert (hazard.responsible, hazard.funds, hazard.deadline) == ("马超", 0.5, soon(5))
    hazard.case.refresh_from_db()
    assert timezone.localdate(hazard.case.due_at - timedelta(seconds=1)) == soon(5)


def test_an_extension_is_asked_for_granted_by_another_and_counted(cast, danger, hands):
    hazard = hands.settle(hands.grade(danger()), soon(3))
    with pytest.raises(ValidationError, match="晚于现在的整改期限"):
        hands.take(hazard, "ask_time", cast.manager, asked_until=soon(2).isoformat())
    hands.take(hazard, "ask_time", cast.manager, "备件未到货", asked_until=soon(20).isoformat())
    with pytest.raises(Refused):
        hands.take(hazard, "grant_time", cast.manager)
    hands.take(hazard, "grant_time", cast.town_officer)
    assert hazard.extensions == 1 and hazard.deadline == soon(20)
    hands.take(hazard, "ask_time", cast.manager, asked_until=soon(30).isoformat())
    hands.take(hazard, "refuse_time", cast.town_officer)
    assert hazard.extensions == 1 and hazard.deadline == soon(20)
    hands.take(hazard, "ask_time", cast.manager, asked_until=soon(30).isoformat())
    hands.take(hazard, "grant_time", cast.town_officer)
    with pytest.raises(ValidationError, match="达到上限"):
        hands.take(hazard, "ask_time", cast.manager, asked_until=soon(40).isoformat())


def test_registered_on_1_march_with_15_days_it_is_overdue_when_16_march_ends(cast, danger, monkeypatch):
    """S67: reported up once, and not before the day has ended."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 1, 2, tzinfo=UTC))
    assert cast.inspector  # the county officer is there to be told
    hazard = danger()
    ends = datetime(2026, 3, 16, 16, tzinfo=UTC)  # midnight in Beijing
    assert hazard.cancel_by == ends
    assert report_overdue(ends - timedelta(seconds=1)) == 0
    assert report_overdue(ends) == 1
    assert report_overdue(ends) == 0
    hazard.refresh_from_db()
    assert hazard.told_overdue_at is not None
    assert hazard.case.steps.filter(action="overdue").count() == 1
    assert Notice.objects.filter(user=cast.inspector, url=f"/cases/{hazard.pk}/", title__contains="超期").exists()


def test_an_officer_who_grades_a_candidate_for_major_as_general_is_flagged(cast, danger, hands):
    hazard = danger()
    Hazard.objects.filter(pk=hazard.pk).update(candidates=[{"id": "HG-02", "title": "特种作业无证", "strong": True}])
    hazard.refresh_from_db()
    hands.grade(hazard, "general", by=cast.town_officer)
    assert hazard.graded_down
    with pytest.raises(Refused):
        hands.take(hazard, "regrade", cast.town_officer, grade="major", criterion="HG-02")
    hands.take(hazard, "regrade", cast.inspector, "属判定标准第2条", grade="major", criterion="HG-02")
    assert (hazard.grade, hazard.level, hazard.criterion, hazard.graded_down) == ("major", 1, "HG-02", False)
    assert hazard.case.steps.get(action="grade").actor == cast.town_officer


def test_a_criterion_nobody_proposed_is_refused(danger, hands):
    with pytest.raises(ValidationError):
        hands.grade(danger(), "major", criterion="XX-99")


def test_double_report_is_half_while_the_congress_has_not_received_it(cast, danger, hands):
    """S69."""
    hazard = hands.settle(hands.grade(danger(), "major", by=cast.inspector), soon())
    hands.take(hazard, "report_department", cast.manager)
    hands.take(hazard, "receive_department", cast.inspector)
    state = reported(hazard.reports.exclude(received_at=None).values_list("receiver", flat=True))
    assert state.state == "half" and state.missing == ("congress",)
    assert "职工代表大会" in str(state.words)
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "accept", cast.inspector)
    with pytest.raises(ValidationError, match="双报告未完成"):
        hands.take(hazard, "strike", cast.inspector)
    hands.take(hazard, "report_congress", cast.manager)
    with pytest.raises(Refused):
        hands.take(hazard, "receive_congress", cast.manager)
    hands.take(hazard, "receive_congress", cast.delegate)
    assert hands.take(hazard, "strike", cast.inspector).state == "cancelled"


def test_delisting_is_refused_until_a_third_party_report_is_attached_and_approved(cast, danger, hands, photo):
    """S68, L02."""
    hazard = hands.settle(hands.grade(danger(), "major", by=cast.inspector), soon())
    values = {"rank": "county", "supervisor": "区应急管理局", "listed_until": soon().isoformat()}
    hands.take(hazard, "list", cast.inspector, "限期治理，每周报告", **values)
    assert hazard.listed and hazard.case.supervised
    hands.report_twice(hazard)
    hands.take(hazard, "progress", cast.manager, percent=60)
    hands.rectify(hazard)
    with pytest.raises(ValidationError, match="没有第三方验收报告"):
        hands.take(hazard, "ask_delisting", cast.manager)
    with pytest.raises(Refused):
        hands.take(hazard, "assess", cast.manager, documents=[photo(cast.manager)], conclusion="passed")
    with pytest.raises(ValidationError):
        hands.take(hazard, "assess", cast.assessor, conclusion="passed")
    hands.take(hazard, "assess", cast.assessor, documents=[photo(cast.assessor)], conclusion="passed")
    with pytest.raises(ValidationError, match="尚未得到督办部门认可"):
        hands.take(hazard, "ask_delisting", cast.manager)
    hands.take(hazard, "approve_assessment", cast.inspector)
    hands.take(hazard, "ask_delisting", cast.manager)
    hands.take(hazard, "publish", cast.inspector)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "accept", cast.inspector)
    with pytest.raises(ValidationError, match="仍在挂牌督办"):
        hands.take(hazard, "strike", cast.inspector)
    hands.take(hazard, "delist", cast.inspector)
    assert not hazard.listed and hazard.listing.delisted_at
    assert hands.take(hazard, "strike", cast.inspector).state == "cancelled"
    assert list(gates.published_listings()) == [hazard.listing]


def test_a_listed_danger_that_is_late_brings_the_veto_mark_and_a_proposal(cast, danger, hands):
    hazard = hands.settle(hands.grade(danger(), "major", by=cast.inspector), soon())
    values = {"rank": "county", "supervisor": "区应急管理局", "listed_until": soon(2).isoformat()}
    hands.take(hazard, "list", cast.inspector, **values)
    assert mark_veto(timezone.now() + timedelta(days=2)) == 0
    assert mark_veto(timezone.now() + timedelta(days=3)) == 1
    assert mark_veto(timezone.now() + timedelta(days=3)) == 0
    hazard.listing.refresh_from_db()
    assert hazard.listing.vetoed_at and "停产停业" in hazard.listing.proposal


def test_of_three_major_dangers_the_map_shows_two_when_one_is_cancelled(cast, danger, hands):
    """S66: and the file of the third is complete."""
    three = [hands.settle(hands.grade(danger(), "major", by=cast.inspector), soon()) for _ in range(3)]
    (layer,) = (found for found in layers.LAYERS if found.name == "hazards")
    assert layer.queryset(cast.inspector).count() == 3
    third = hands.report_twice(three[2])
    hands.take(third, "monitor", cast.team_leader)
    hands.rectify(third)
    hands.take(third, "verify", cast.manager)
    hands.take(third, "accept", cast.inspector)
    hands.take(third, "strike", cast.inspector)
    assert {row.pk for row in layer.queryset(cast.inspector)} == {three[0].pk, three[1].pk}
    assert dossier.missing(third, dossier.records(third)) == []


def test_who_found_graded_rectified_and_accepted_is_known_with_the_time(cast, danger, hands):
    """S37."""
    hazard = hands.settle(hands.grade(danger()), soon())
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "cancel", cast.town_officer)
    answers = [record.who for _title, record in dossier.responsibility(dossier.records(hazard)) if record]
    assert answers == [cast.worker, cast.manager, cast.team_leader, cast.manager, cast.town_officer]


def test_a_rejected_treatment_goes_back_and_its_evidence_no_longer_counts(cast, danger, hands):
    hazard = hands.settle(hands.grade(danger()), soon())
    hands.rectify(hazard)
    hands.take(hazard, "reject", cast.manager, "接地电阻不合格")
    assert hazard.state == "rectifying" and hazard.rectified_at is None
    assert "treated" not in type(hazard.case).objects.get(pk=hazard.pk).data


def test_the_stored_counts_are_those_that_a_recount_finds(cast, danger, hands):
    danger(kind="fire")
    hazard = hands.settle(hands.grade(danger()), soon())
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "cancel", cast.town_officer)
    hands.grade(danger(found_at=timezone.now() - timedelta(days=40)), "major", by=cast.inspector)

    def counts():
        rows = Tally.objects.values_list("dimension", "month", "region", "grade", "value", "found", "closed",
                                         "in_time", "repeated", "extended")  # fmt: skip
        return sorted(row for row in rows if any(row[5:]))

    kept = counts()
    rebuild()
    assert counts() == kept
    (whole,) = Tally.objects.filter(dimension="all", grade="general", found__gt=0)
    assert (whole.closed, whole.in_time) == (1, 1) and whole.days > 0
