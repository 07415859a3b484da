from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify as verify_chain
from anlan.desk.documents.models import Document
from anlan.desk.notices.models import Notice
from anlan.desk.obligations import actions, gates, generating
from anlan.desk.obligations.declare import rules
from anlan.desk.obligations.models import Obligation
from anlan.desk.obligations.schedule import Occurrence
from anlan.desk.obligations.watching import escalate, remind
from anlan.desk.subjects.declare import Subject
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db
MINE = Subject("enterprise:A", TOWN, ENTERPRISE_A, {}, "甲矿")
OTHER = Subject("enterprise:B", OTHER_TOWN, ENTERPRISE_B, {}, "乙矿")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def bound(code="drill_listed_half_year", subject=MINE, days=20, period="p"):
    """An obligation whose deadline lies so many days from today."""
    today, rule = timezone.localdate(), rules()[code]
    opened = today - timedelta(days=90)
    occurrence = Occurrence(period, opened, opened, today + timedelta(days=days))
    row = generating.obligation(rule, rule.editions[-1], subject, occurrence)
    row.save()
    return row


@pytest.fixture
def report(cast):
    kept = {"name": "演练报告.pdf", "media_type": "application/pdf", "size": 9, "digest": "0" * 64}
    return Document.objects.create(**kept, region=TOWN, organisation=ENTERPRISE_A)


def test_one_hands_in_and_another_verifies(cast, report):
    row = bound()
    actions.meet(row, cast.manager, words="已演练", documents=[report])
    assert (row.state, row.is_open, list(row.documents.all())) == ("submitted", True, [report])
    actions.verify(row, cast.inspector)
    assert (row.state, row.is_open, row.met_on, row.late) == ("met", False, timezone.localdate(), False)
    assert [step.action for step in row.steps.order_by("pk")] == ["meet", "verify"]
    assert list(verify_chain()) == []


def test_nobody_verifies_what_he_handed_in(cast, report):
    row = actions.meet(bound(), cast.inspector, documents=[report])
    with pytest.raises(Refused, match="另一人"):
        actions.verify(row, cast.inspector)
    assert actions.available(row, cast.inspector) == ["waive"]


def test_without_the_demanded_evidence_nothing_happens(cast):
    row = bound()
    with pytest.raises(ValidationError) as refused:
        actions.meet(row, cast.manager)
    assert "documents" in refused.value.message_dict
    row.refresh_from_db()
    assert row.state == "pending" and not row.steps.exists()


@pytest.mark.parametrize("part", ["other_manager", "team_leader", "duty", "leader", "neighbour_duty", "stranger"])
def test_whoever_may_not_meet_it_is_refused(cast, report, part):
    row = bound()
    with pytest.raises(Refused):
        actions.meet(row, getattr(cast, part), documents=[report])


def test_what_is_not_accepted_goes_back_with_the_reason(cast, report):
    row = actions.meet(bound(days=-3), cast.manager, documents=[report])
    assert row.late
    with pytest.raises(ValidationError):
        actions.send_back(row, cast.inspector, words=" ")
    actions.send_back(row, cast.inspector, words="报告缺签名")
    assert (row.state, row.met_on, row.late) == ("overdue", None, False)


def test_a_day_in_the_future_or_before_the_period_is_refused(cast, report):
    row, today = bound(), timezone.localdate()
    for day in (today + timedelta(days=1), row.start_on - timedelta(days=1)):
        with pytest.raises(ValidationError) as refused:
            actions.meet(row, cast.manager, documents=[report], on=day)
        assert "on" in refused.value.message_dict


def test_the_first_time_may_lie_before_the_platform(cast, report):
    row = bound("plan_evaluation_three_years", period="first")
    actions.meet(row, cast.manager, documents=[report], on=date(2025, 1, 1))
    assert row.met_on == date(2025, 1, 1)


def test_waiving_needs_a_reason_and_the_right(cast):
    row = bound()
    with pytest.raises(Refused):
        actions.waive(row, cast.manager, words="停产")
    with pytest.raises(ValidationError):
        actions.waive(row, cast.inspector, words="")
    actions.waive(row, cast.inspector, words="停产")
    assert (row.state, row.is_open) == ("waived", False)
    with pytest.raises(ValidationError, match="已免除"):
        actions.meet(row, cast.manager)


def test_the_second_of_two_who_act_at_once_is_told(cast, report):
    row = bound()
    same = Obligation.objects.get(pk=row.pk)
    actions.waive(row, cast.inspector, words="停产")
    with pytest.raises(ValidationError, match="另一人刚刚办理"):
        actions.meet(same, cast.manager, documents=[report])


def test_each_sees_his_own(cast):
    bound(), bound(subject=OTHER)
    counts = {"manager": 1, "other_manager": 1, "town_officer": 1, "duty": 2, "neighbour_duty": 0, "grid_worker": 0}
    assert {part: gates.seen_by(getattr(cast, part)).count() for part in counts} == counts
    assert gates.to_meet(cast.manager).count() == 1 and gates.to_meet(cast.duty).count() == 0


def test_a_reminder_goes_once_to_the_enterprise_itself(cast):
    bound(days=20), cast.manager, cast.inspector, cast.town_officer
    now = timezone.now()
    remind(now), remind(now)
    assert [notice.user for notice in Notice.objects.all()] == [cast.manager]
    remind(now + timedelta(days=14))  # six days left: the next reminder
    assert Notice.objects.count() == 2


def test_without_anybody_in_the_enterprise_the_nearest_office_is_told(cast):
    bound(days=5), cast.town_officer, cast.inspector
    remind(timezone.now())
    assert [notice.user for notice in Notice.objects.all()] == [cast.town_officer]


def test_what_is_late_climbs_one_stage_at_a_time(cast):
    row = bound(days=-1)
    people = [cast.manager, cast.inspector, cast.leader]
    now = row.due_at + timedelta(minutes=1)
    assert escalate(now) == 1 and escalate(now) == 0
    row.refresh_from_db()
    assert (row.state, row.escalations, row.climbs_at) == ("overdue", 1, row.due_at + timedelta(days=1))
    assert escalate(row.due_at + timedelta(days=1)) == 1
    assert escalate(row.due_at + timedelta(days=15)) == 1
    assert escalate(row.due_at + timedelta(days=400)) == 0
    told = [Notice.objects.filter(user=user).count() for user in people]
    assert told == [1, 1, 1]


def test_what_was_handed_in_does_not_climb(cast, report):
    row = actions.meet(bound(days=-1), cast.manager, documents=[report])
    assert escalate(row.due_at + timedelta(days=30)) == 0


def test_the_page_shows_the_basis_and_takes_the_evidence(cast, signed_in):
    row = bound()
    page = signed_in(cast.manager).get(f"/obligations/{row.pk}/")
    assert "生产安全事故应急条例" in page.text and "提交核实" in page.text
    answer = signed_in(cast.manager).post(
        f"/obligations/{row.pk}/meet/",
        {"words": "已演练", "documents": SimpleUploadedFile("报告.pdf", PDF, "application/pdf")},
    )
    row.refresh_from_db()
    assert answer.status_code == 302 and row.state == "submitted" and row.documents.count() == 1


def test_the_page_of_another_enterprise_does_not_exist(cast, signed_in):
    row = bound()
    assert signed_in(cast.other_manager).get(f"/obligations/{row.pk}/").status_code == 404
    assert signed_in(cast.other_manager).post(f"/obligations/{row.pk}/waive/", {"words": "x"}).status_code == 404
    assert signed_in(cast.manager).post(f"/obligations/{row.pk}/erase/").status_code == 404
    assert signed_in(cast.manager).get(f"/obligations/{row.pk}/waive/").status_code == 405


def test_the_calendar_shows_the_month_asked_for_and_only_what_one_may_see(cast, signed_in):
    row = bound()
    month = f"{row.due_on:%Y-%m}"
    assert "甲矿" in signed_in(cast.manager).get(f"/obligations/calendar/?month={month}").text
    assert "甲矿" not in signed_in(cast.other_manager).get(f"/obligations/calendar/?month={month}").text
    assert signed_in(cast.grid_worker).get("/obligations/calendar/").status_code == 403
    assert signed_in(cast.manager).get("/obligations/calendar/?month=nonsense").status_code == 200


def test_an_office_that_stands_in_for_many_gets_one_notice_for_all(cast):
    for number in range(7):
        bound(subject=Subject(f"enterprise:{number}", TOWN, f"NOBODY{number}", {}, f"第{number}厂"), days=5)
    assert cast.town_officer and cast.inspector
    remind(timezone.now()), remind(timezone.now())
    (notice,) = Notice.objects.all()
    assert notice.user == cast.town_officer and "7 个对象" in notice.title and "rule=drill_listed" in notice.url
    assert "第0厂" in notice.body and "第6厂" not in notice.body
