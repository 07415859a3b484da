from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.registers import actions, advancing, words
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.announcements import stage_opened
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record, Signature
from anlan.desk.registers.stages import faults, stages_of
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN

pytestmark = pytest.mark.django_db
PROJECT = {"code": "P-001", "name": "硝化扩建", "kind": "hazchem", "items": "苯硝化；间歇釜"}
BUILD = {
    "code": "B-001", "name": "硝化扩建", "access": "P-001", "kind": "hazchem", "preassessment": "预评价 1 号",
    "health": "职评 1 号", "design": "设计专篇", "designer": "某设计院", "builder": "某建设公司",
}  # fmt: skip


def kept(user, code, values, region=TOWN, organisation=ENTERPRISE_A, **head):
    return actions.add(
        user, record_types()[code], Entry(values=values, region=region, organisation=organisation, **head)
    )


def admitted(cast, **values):
    record = kept(
        cast.manager, "project_access", PROJECT | {"distances": "距居民区 800 米", "conclusion": "acceptable"} | values
    )
    for part, stage in (("manager", "submitted"), ("inspector", "assessed"), ("inspector", "admitted")):
        record = advancing.advance(getattr(cast, part), record, stage)
    return record


def test_a_project_with_a_process_on_the_banned_list_is_stopped_by_veto_and_the_entry_is_shown(cast):
    kept(
        cast.inspector, "prohibited_items", {"name": "苯硝化；硝化苯", "kind": "banned", "basis": "目录一"},
        region=DISTRICT, organisation="",
    )  # fmt: skip
    record = kept(cast.manager, "project_access", PROJECT)
    turned = advancing.advance(cast.manager, record, "submitted")
    assert turned.stage == "vetoed"
    assert "禁限控目录" in turned.versions.get(action="stage").words and "苯硝化" in turned.versions.last().words
    with pytest.raises(ValidationError):
        advancing.advance(cast.inspector, record, "assessed")
    assert list(verify()) == []


def test_a_limited_process_and_an_entry_out_of_force_veto_nothing(cast):
    for name, kind, until in (("苯硝化", "limited", None), ("间歇釜", "banned", date(2020, 1, 1))):
        entry = {"name": name, "kind": kind, "basis": "目录"}
        kept(cast.inspector, "prohibited_items", entry, region=DISTRICT, organisation="", valid_to=until)
    record = kept(cast.manager, "project_access", PROJECT)
    assert advancing.advance(cast.manager, record, "submitted").stage == "submitted"


def test_only_the_reviewing_side_keeps_the_catalogue_and_admits(cast):
    with pytest.raises(Refused):
        kept(cast.manager, "prohibited_items", {"name": "x", "kind": "banned", "basis": "y"})
    record = kept(cast.manager, "project_access", PROJECT | {"distances": "远", "conclusion": "acceptable"})
    advancing.advance(cast.manager, record, "submitted")
    for part in ("manager", "town_officer", "duty", "neighbour_duty", "stranger"):
        with pytest.raises(Refused):
            advancing.advance(getattr(cast, part), record, "assessed")
    record.refresh_from_db()
    assert record.stage == "submitted"


def test_construction_is_blocked_until_the_design_is_approved_and_production_until_acceptance(cast):
    admitted(cast)
    record = kept(cast.manager, "construction_projects", BUILD)
    with pytest.raises(ValidationError, match="设计审查通过"):
        advancing.advance(cast.manager, record, "construction")
    for stage in ("assessed", "design_submitted"):
        advancing.advance(cast.manager, record, stage)
    with pytest.raises(ValidationError, match="设计审查通过"):
        advancing.advance(cast.manager, record, "construction")
    with pytest.raises(Refused):
        advancing.advance(cast.manager, record, "design_approved")
    advancing.advance(cast.inspector, record, "design_approved")
    advancing.advance(cast.manager, record, "construction")
    with pytest.raises(ValidationError, match="竣工验收通过"):
        advancing.advance(cast.manager, record, "production")
    with pytest.raises(ValidationError, match="验收评价报告"):
        advancing.advance(cast.inspector, record, "accepted")


def test_three_simultaneous_begins_only_for_a_project_that_was_admitted(cast):
    kept(cast.manager, "project_access", PROJECT)
    record = kept(cast.manager, "construction_projects", BUILD)
    with pytest.raises(ValidationError, match="准入项目"):
        advancing.advance(cast.manager, record, "assessed")


def test_who_opened_a_stage_does_not_approve_it(cast):
    admitted(cast)
    record = kept(cast.inspector, "construction_projects", BUILD)
    for stage in ("assessed", "design_submitted"):
        advancing.advance(cast.inspector, record, stage)
    with pytest.raises(Refused, match="另一人"):
        advancing.advance(cast.inspector, record, "design_approved")


def test_a_record_that_has_ended_is_changed_no_more(cast):
    record = admitted(cast)
    with pytest.raises(ValidationError, match="准入"):
        actions.change(
            cast.inspector, record, record.version,
            Entry(values=record.data | {"name": "另一项目"}, region=TOWN, organisation=ENTERPRISE_A),
        )  # fmt: skip


def test_a_change_leaves_the_stage_and_the_stage_leaves_the_content(cast):
    record = kept(cast.manager, "project_access", PROJECT)
    advancing.advance(cast.manager, record, "submitted")
    record.refresh_from_db()
    entry = Entry(values=record.data | {"distances": "800 米"}, region=TOWN, organisation=ENTERPRISE_A)
    changed = actions.change(cast.manager, record, record.version, entry)
    assert (changed.stage, changed.data["distances"]) == ("submitted", "800 米")
    assert "stage" not in changed.versions.last().difference


def test_a_plant_listed_for_automation_is_overdue_when_its_day_has_passed_without_acceptance(cast):
    kind = record_types()["elimination_items"]
    values = {"object": "硝化装置", "measure": "automate", "due_on": "2022-12-31", "basis": "规划004 五（二）2"}
    record = kept(cast.manager, "elimination_items", values | {"price": 200, "share": 0.08})
    assert record.data["subsidy"] == 16
    assert words.overdue(record, kind, date(2023, 1, 1)) and not words.overdue(record, kind, date(2022, 12, 31))
    advancing.advance(cast.manager, record, "started")
    entry = Entry(values=record.data | {"accepted_by": "区应急局"}, region=TOWN, organisation=ENTERPRISE_A)
    record.refresh_from_db()
    actions.change(cast.manager, record, record.version, entry)
    record = advancing.advance(cast.inspector, record, "accepted")
    assert not words.overdue(record, kind, date(2023, 1, 1))


def test_a_judgement_is_issued_after_three_departments_have_signed_and_keeps_the_figures_of_its_day(cast):
    heard = []
    stage_opened.connect(lambda sender, stage, **_: heard.append(stage.code), weak=False, dispatch_uid="test")
    values = {"title_words": "汛期会商", "season": "flood", "held_on": timezone.localdate(), "weather": "连续降雨"}
    values |= {"opinions": "各部门意见", "judgement": "内涝风险较大", "level": "2", "plan": "停工检查"}
    record = kept(cast.inspector, "risk_consultations", values, region=DISTRICT, organisation="")
    assert {item["figure"] for item in record.gathered} >= {"enterprises_count", "enterprises_red"}
    advancing.advance(cast.inspector, record, "judged")
    for number in range(3):
        with pytest.raises(ValidationError, match="需要 3 个单位签署"):
            advancing.advance(cast.inspector, record, "issued")
        user = User.objects.create(username=f"dept{number}", name="某局")
        Post.objects.create(user=user, role="inspector", organisation=f"DEPT{number}", region=DISTRICT)
        advancing.sign(user, record, "同意")
        with pytest.raises(ValidationError, match="已经签署"):
            advancing.sign(user, record)
    assert advancing.advance(cast.inspector, record, "issued").stage == "issued"
    stage_opened.disconnect(dispatch_uid="test")
    assert heard == ["judged", "issued"] and Signature.objects.count() == 3


def test_who_may_not_review_signs_nothing(cast):
    values = {
        "title_words": "会商",
        "season": "flood",
        "held_on": timezone.localdate(),
        "weather": "雨",
        "opinions": "有",
    }
    record = kept(cast.inspector, "risk_consultations", values | {"judgement": "大"}, region=DISTRICT, organisation="")
    advancing.advance(cast.inspector, record, "judged")
    for part in ("manager", "town_officer", "neighbour_duty"):
        with pytest.raises(Refused):
            advancing.sign(getattr(cast, part), record)


def test_the_page_shows_what_hinders_and_a_button_where_nothing_does(cast, signed_in):
    record = kept(cast.manager, "project_access", PROJECT)
    client, url = signed_in(cast.manager), f"/ledgers/project_access/{record.pk}/"
    assert "提交申报" in client.get(url).text
    assert "现在是“提交申报”" in client.post(f"{url}stage/", {"stage": "submitted"}, follow=True).text
    client = signed_in(cast.inspector)
    assert "还没有填写" in client.get(url).text
    assert "还没有填写" in client.post(f"{url}stage/", {"stage": "assessed"}, follow=True).text
    assert Record.objects.get(pk=record.pk).stage == "submitted"


def test_an_enterprise_reads_and_moves_only_its_own(cast, signed_in):
    record = kept(cast.manager, "project_access", PROJECT)
    answer = signed_in(cast.other_manager).post(f"/ledgers/project_access/{record.pk}/stage/", {"stage": "submitted"})
    assert answer.status_code == 404
    with pytest.raises(Refused):
        advancing.advance(cast.other_manager, record, "submitted")


def test_stages_that_cannot_work_stop_the_start():
    wrong = stages_of(
        [
            {"code": "a", "title": "甲", "title_en": "A"},
            {"code": "b", "title": "乙", "title_en": "B", "from": ["x"], "needs": ["y"]},
        ],
        "registers.change",
    )
    told = " ".join(faults(wrong, ["z"]))
    assert "'x', which is no stage" in told and "'y', which is no field" in told
    lost = stages_of(
        [{"code": "a", "title": "甲", "title_en": ""}, {"code": "b", "title": "乙", "title_en": ""}], "x.y"
    )
    assert "from nowhere" in " ".join(faults(lost, []))


def test_late_records_are_found_by_the_filter(cast, signed_in):
    base = {"measure": "close", "basis": "规划"}
    yesterday = timezone.localdate() - timedelta(days=1)
    kept(cast.manager, "elimination_items", base | {"object": "甲", "due_on": yesterday})
    kept(cast.manager, "elimination_items", base | {"object": "乙", "due_on": timezone.localdate()})
    page = signed_in(cast.inspector).get("/ledgers/elimination_items/?overdue=1").text
    assert ">甲<" in page and ">乙<" not in page
