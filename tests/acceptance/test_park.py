"""A park and a project in it, from the access to the next overall assessment (rows S44, S45, S56, S59, loop L18)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.models import Post
from anlan.desk.access.standing import Refused
from anlan.desk.figures.declare import figures
from anlan.desk.measures import assessing
from anlan.desk.measures.scorecards import scorecards
from anlan.desk.obligations.generating import generate
from anlan.desk.obligations.models import Obligation
from anlan.desk.registers import actions as registers
from anlan.desk.registers import advancing
from anlan.desk.registers.actions import Entry
from anlan.know.enterprises.actions import save_enterprise
from anlan.know.enterprises.models import Enterprise
from anlan.know.enterprises.rules import check_character
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.prevent.risks.actions import evaluate, save_event, save_point
from anlan.prevent.risks.models import Event, Point
from anlan.prevent.risks.tests.conftest import YELLOW
from anlan.standards.enterprise_grading import parks
from anlan.watch.alarms.actions import record
from tests.cast import DISTRICT, TOWN

pytestmark = pytest.mark.django_db
CARD = scorecards()["chemical_park"]
LOST = ("layout", "facilities")
NEWCOMER = "91999901MAA990001"
NEWCOMER += check_character(NEWCOMER)


@pytest.fixture
def park(db) -> Region:
    return Region.objects.create(code=DISTRICT, name="澄汀化工园", level=Region.Level.COUNTY, kind="zone")


def test_a_park_scored_by_the_guideline_has_its_grade_the_items_lost_and_a_task_for_each(cast, park, signed_in):
    """S59: Given a park scored by a configured guideline, when the score is saved, then its grade and the list of items
    lost appear, and each becomes a rectification task."""
    (subject,) = assessing.subjects_for(cast.inspector, CARD)
    for part in ("manager", "town_officer", "assessor", "duty", "neighbour_duty"):
        with pytest.raises(Refused):
            assessing.begin(getattr(cast, part), CARD, subject)
    row = assessing.begin(cast.inspector, CARD, subject)
    given = {item.code: {"points": item.points - 8 if item.code in LOST else item.points} for item in CARD.items}
    with pytest.raises(Refused):
        assessing.answer(cast.manager, row, given)
    assessing.answer(cast.inspector, row, given)
    row = assessing.submit(cast.inspector, row)
    assert (row.score, row.gaps) == (84, 2)
    assert row.grade == str(parks.grade(84).value.title.zh) == "C级 一般安全风险"
    page = signed_in(cast.leader).get(f"/assessments/{row.pk}/").text
    assert "功能分区合理" in page and "C级" in page
    tasks = Obligation.objects.filter(rule="scorecard_gap", subject=subject.key)
    assert sorted(task.title.partition("：")[2] for task in tasks) == sorted(
        CARD.by_code[code].title_zh for code in LOST
    )
    with pytest.raises(Refused):
        assessing.confirm(cast.inspector, row)
    assert assessing.confirm(cast.second_inspector, row).state == "confirmed"


@pytest.mark.parametrize("score", [100, 85, 84.99, 70, 69.99, 60, 59.99, 0])
def test_the_card_grades_as_the_guideline_does(score):
    found = next(title for least, title in CARD.grades if score >= least)
    assert str(found) == parks.grade(score).value.title.zh


def rate(day: date) -> float:
    """Of what fell due this month how much was done in time."""
    first = day.replace(day=1)
    until = (first + timedelta(days=32)).replace(day=1)
    due, met = (
        figures()[name].compute(first, until, DISTRICT) for name in ("obligations_due", "obligations_met_in_time")
    )
    return met / due


def test_l18_a_project_is_admitted_built_filed_its_risks_known_watched_and_the_park_assessed_every_five_years(
    cast, keep, gauge, event, monkeypatch
):
    cast.all()
    Post.objects.create(user=cast.manager, role="safety_manager", organisation=NEWCOMER, region=TOWN)
    project = {"code": "P-1", "name": "硝化扩建", "kind": "hazchem", "items": "微通道硝化", "distances": "800 米"}
    access = keep(cast.manager, "project_access", project | {"conclusion": "acceptable"}, organisation=NEWCOMER)
    build = {
        "code": "B-1", "name": "硝化扩建", "access": "P-1", "kind": "hazchem", "preassessment": "预评价1号",
        "health": "职评1号", "design": "设计专篇", "designer": "某设计院", "builder": "某建设公司",
        "acceptance": "验收1号",
    }  # fmt: skip
    works = keep(cast.manager, "construction_projects", build, organisation=NEWCOMER)
    with pytest.raises(ValidationError, match="准入项目"):
        advancing.advance(cast.manager, works, "assessed")
    advancing.advance(cast.manager, access, "submitted")
    for stage in ("assessed", "admitted"):
        for part in ("manager", "town_officer", "assessor", "stranger"):
            with pytest.raises(Refused):
                advancing.advance(getattr(cast, part), access, stage)
        access = advancing.advance(cast.inspector, access, stage)
    review = {"design_approved", "accepted"}
    for stage in ("assessed", "design_submitted", "design_approved", "construction", "trial", "accepted", "production"):
        if stage in review:
            for part in ("manager", "head", "town_officer", "assessor", "stranger"):
                with pytest.raises(Refused):
                    advancing.advance(getattr(cast, part), works, stage)
        works = advancing.advance(cast.inspector if stage in review else cast.manager, works, stage)
    assert works.stage == "production"
    firm = Enterprise(code=NEWCOMER, name="松塘化工有限公司", region=TOWN, lon=115.8, lat=28.7)
    with pytest.raises(Refused):
        save_enterprise(cast.manager, firm)
    firm = save_enterprise(cast.inspector, firm)
    unit = Facility.objects.create(
        enterprise=firm, organisation=firm.code, region=TOWN, kind="reactor", code="R-1", name="硝化釜"
    )
    point = Point(enterprise=firm, facility=unit, kind="equipment", code="F-1", name="硝化釜", responsible="马超")
    point = save_point(cast.manager, point)
    found = save_event(cast.manager, point, Event(name="反应失控"), unit="硝化釜")
    evaluate(cast.manager, found, method="lec", scores=YELLOW)
    gauge.device.facility, gauge.device.organisation = unit, firm.code
    gauge.device.save(update_fields=["facility", "organisation"])
    record([event("raised", "HH", 91.0)])
    point.refresh_from_db()
    assert (point.level, point.dynamic_level) == (3, 1), "monitored: an alarm of the new unit moves its risk"

    ledger = {"park": "澄汀化工园", "assessed_on": "2021-06-01", "agency": "某评价公司", "level": "2"}
    with pytest.raises(Refused):
        keep(cast.other_manager, "park_assessments", ledger, DISTRICT, "")
    assessed = keep(cast.inspector, "park_assessments", ledger, DISTRICT, "")
    generate(datetime(2026, 1, 15, tzinfo=UTC))
    due = Obligation.objects.get(subject=f"record:{assessed.pk}", rule="park_assessment_five_years", due_on__year=2026)
    assert due.is_open and due.by.remind[0] == 180 and due.due_on <= date(2026, 6, 1)
    now = datetime(2026, 6, 15, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert due.due_at < now and rate(due.due_on) == 0, "past its day it is overdue and the rate falls"
    head = Entry(values=assessed.data | {"assessed_on": "2026-09-01"}, region=DISTRICT, organisation="")
    registers.change(cast.inspector, assessed, assessed.version, head)
    generate(datetime(2031, 3, 20, tzinfo=UTC))
    assert Obligation.objects.filter(subject=f"record:{assessed.pk}", due_on__year=2031).exists(), "the next one"
