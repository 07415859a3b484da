"""What must be blocked is blocked, and the clause is said."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.cases.actions import take
from anlan.prevent.admission.models import Contractor, Entry, Staff
from anlan.prevent.permits import actions, judging
from anlan.prevent.permits.kinds import KINDS, SIGNERS, chain
from anlan.prevent.permits.models import Permit
from anlan.standards.special_work import gb30871
from tests.cast import ENTERPRISE_A, TOWN

SHANGHAI = ZoneInfo("Asia/Shanghai")


def said(permit: Permit, stage: str | None = None) -> str:
    permit = Permit.objects.get(pk=permit.pk)
    found = judging.blocks(permit, stage) if stage else judging.now_against(permit)
    return "；".join(judging.said(reason) for reason in found)


def test_the_kinds_levels_and_letters_are_those_of_the_standard():
    for code, kind in KINDS.items():
        assert set(kind.levels) == {row.level for row in gb30871.levels(code)}
        assert all(set(signers) <= set(SIGNERS) for signers in kind.chain.values())
    assert chain("confined_space_entry", "", toxic=True) == ("unit", "chief")


def test_a_gas_test_older_than_thirty_minutes_does_not_let_the_work_begin(cast, clock, welder, issued):
    welder()
    permit = issued()
    clock.passes(minutes=31)
    with pytest.raises(ValidationError, match=r"气体分析已失效.*5\.3\.1"):
        take(permit.case, "start", cast.guardian)
    actions.record_gas(cast.gas_analyst, permit, place="动火点", readings={"oxygen": 20.9, "flammable": 0})
    assert take(permit.case, "start", cast.guardian).state == "working"


def test_after_a_long_break_gas_is_tested_again(cast, clock, space, working):
    permit = working(kind="confined_space_entry", space=space)
    take(permit.case, "interrupt", cast.guardian, words="换班")
    clock.passes(minutes=61)
    with pytest.raises(ValidationError, match="气体分析已失效"):
        take(Permit.objects.get(pk=permit.pk).case, "resume", cast.guardian)


@pytest.mark.parametrize(
    ("readings", "clause"),
    [({"oxygen": 19.4, "flammable": 0, "H2S": 0}, "6.4"), ({"oxygen": 20.9, "flammable": 11, "H2S": 0}, "5.3.2"),
     ({"oxygen": 20.9, "flammable": 0, "H2S": 20}, "6.4"), ({"oxygen": 20.9}, "6.3")],
)  # fmt: skip
def test_a_bad_or_incomplete_analysis_is_kept_and_blocks_with_its_clause(cast, space, prepared, readings, clause):
    permit = prepared(kind="confined_space_entry", space=space)
    test = actions.record_gas(cast.gas_analyst, permit, place="底部", readings=readings)
    assert not test.passed and clause in str(test.explanation)
    assert "气体分析不合格" in said(permit, "sign")


def test_no_analysis_from_the_future_is_kept(cast, clock, welder, prepared):
    welder()
    with pytest.raises(ValidationError, match="不能在现在之后"):
        later = clock.now + timedelta(minutes=5)
        actions.record_gas(cast.gas_analyst, prepared(), place="x", readings={"oxygen": 21}, at=later)


def test_blinding_within_thirty_metres_of_hot_work_at_the_same_time_is_refused(cast, clock, welder, issued, prepared):
    welder()
    hot = issued(lon=115.8, lat=28.7)
    near = prepared(kind="blinding", lon=115.8002, lat=28.7)
    assert "30 m" in said(near) and hot.number in said(near)
    with pytest.raises(ValidationError, match=r"盲板抽堵.*GB 30871-2022 7"):
        take(near.case, "submit", cast.team_leader)
    far = actions.apply(cast.team_leader, _like(near, lon=115.8006))
    assert hot.number not in said(far).replace(f"监护其他作业：{hot.number}", "")


def _like(permit: Permit, **given) -> actions.Application:
    usual = {name: getattr(permit, name) for name in ("enterprise", "kind", "level", "work", "place", "leader",
                                                      "guardian", "starts_at", "lon", "lat", "hazards")}  # fmt: skip
    return actions.Application(**(usual | {"ends_at": permit.valid_until, "workers": [("甲", "")]} | given))


def test_incompatible_work_after_the_first_has_ended_is_no_conflict(cast, clock, welder, issued, application):
    welder()
    issued(lon=115.8, lat=28.7)
    later = clock.now + timedelta(hours=7)
    given = {"kind": "blinding", "lon": 115.8, "lat": 28.7, "starts_at": later, "ends_at": later + timedelta(hours=2)}
    assert "盲板抽堵" not in said(actions.apply(cast.team_leader, application(**given)))


def test_a_guardian_of_two_works_at_once_is_refused(cast, clock, welder, issued, prepared):
    welder()
    first = issued()
    second = prepared(kind="lifting", level="third", lon=115.9, lat=28.9)
    assert f"监护其他作业：{first.number}" in said(second)
    with pytest.raises(ValidationError, match=r"4\.10"):
        take(second.case, "submit", cast.team_leader)


@pytest.mark.parametrize(
    ("number", "kind", "days", "expected"),
    [("", "", 0, "没有特种作业证"), ("T-200001", "welding", -1, "到期"), ("T-200001", "electric_low", 90, "不适用"),
     ("T-299999", "", 0, "不在特种作业证台账中")],
)  # fmt: skip
def test_no_expired_or_wrong_certificate_gets_a_permit(cast, clock, welder, prepared, number, kind, days, expected):
    if kind:
        welder(kind=kind, until=clock.now.date() + timedelta(days=days))
    permit = prepared(workers=[("沈师傅", number)])
    assert expected in said(permit)
    with pytest.raises(ValidationError, match="安全生产法 第30条"):
        take(permit.case, "submit", cast.team_leader)


def test_a_contractor_that_is_not_admitted_does_not_work(cast, clock, welder, prepared):
    welder()
    contractor = Contractor.objects.create(region=TOWN, organisation=ENTERPRISE_A, code="91X", name="恒安检修")
    permit = prepared(contractor=contractor)
    assert "恒安检修 今天没有有效的入厂许可" in said(permit)
    staff = Staff.objects.create(region=TOWN, organisation=ENTERPRISE_A, contractor=contractor, name="沈师傅")
    today = timezone.localdate()
    entry = Entry.objects.create(
        contractor=contractor, region=TOWN, organisation=ENTERPRISE_A, work="x", starts_on=today, ends_on=today,
        state="admitted", asked_at=clock.now, asked_by=cast.manager,
    )  # fmt: skip
    entry.staff.add(staff)
    assert said(permit) == ""


def test_hot_work_rises_a_level_on_a_rest_day_and_at_night_and_says_why(cast, clock, application):
    def level(*when) -> tuple[str, str]:
        start = datetime(*when, tzinfo=SHANGHAI)
        given = {"starts_at": start, "ends_at": start + timedelta(hours=3)}
        permit = actions.apply(cast.team_leader, application(**given))
        return permit.level, permit.upgraded

    assert level(2026, 3, 3, 9) == ("second", "")
    saturday, why = level(2026, 3, 7, 9)
    assert saturday == "first" and "休息日" in why and "5.1" in why
    night, why = level(2026, 3, 3, 21)
    assert night == "first" and "夜间" in why


def test_a_long_permit_does_not_begin_at_night_under_its_daytime_level(cast, clock, welder, issued):
    welder()
    permit = issued(ends_at=clock.now + timedelta(hours=70))
    assert permit.level == "second"
    clock.passes(hours=10)  # ten in the evening
    actions.record_gas(cast.gas_analyst, permit, place="动火点", readings={"oxygen": 20.9, "flammable": 0})
    with pytest.raises(ValidationError, match=r"升级管理.*5\.1"):
        take(permit.case, "start", cast.guardian)


def test_a_grave_height_or_mass_raises_the_level_the_applicant_chose(cast, application):
    high = actions.apply(cast.team_leader, application(kind="work_at_height", level="I", facts={"height_m": 18}))
    assert high.level == "III" and high.case.data["chain"] == ["unit", "profession"]
    heavy = actions.apply(cast.team_leader, application(kind="lifting", level="third", facts={"mass_t": 120}))
    assert heavy.level == "first" and heavy.case.data["chain"][-1] == "chief"


def test_no_permit_is_longer_than_its_kind_allows(cast, clock, application):
    with pytest.raises(ValidationError, match=r"不超过 8 小时.*5\.1\.5"):
        actions.apply(cast.team_leader, application(level="first", ends_at=clock.now + timedelta(hours=9)))
    with pytest.raises(ValidationError, match="不超过 24 小时"):
        actions.apply(cast.team_leader, application(kind="blinding", ends_at=clock.now + timedelta(hours=30)))


def test_work_does_not_begin_before_its_hour_nor_after_its_end(cast, clock, welder, issued):
    welder()
    permit = issued(starts_at=clock.now + timedelta(minutes=10), ends_at=clock.now + timedelta(hours=2))
    with pytest.raises(ValidationError, match="未到"):
        take(permit.case, "start", cast.guardian)
    clock.passes(hours=3)
    with pytest.raises(ValidationError, match="有效期"):
        take(permit.case, "start", cast.guardian)


def test_hot_work_without_isolation_and_with_open_measures_is_not_submitted(cast, clock, welder, application):
    welder()
    permit = actions.apply(cast.team_leader, application(hazards=""))
    told = said(permit)
    assert "隔绝" in told and "项安全措施未确认" in told and "风险辨识" in told


def test_a_space_without_sign_or_out_of_use_is_not_entered(cast, space, prepared):
    permit = prepared(kind="confined_space_entry", space=space)
    space.signed, space.in_use = False, False
    space.save()
    assert "没有警示标志" in said(permit) and "已停用" in said(permit) and "第11条" in said(permit)


def test_a_leader_who_guards_or_somebody_without_the_post_is_no_guardian(cast, application):
    for person in (cast.team_leader, cast.manager, cast.other_manager):
        with pytest.raises(ValidationError, match="监护人"):
            actions.apply(cast.team_leader, application(guardian=person))


def test_rows_of_another_enterprise_are_refused(cast, enterprise, application, tank):
    tank.organisation = "91999901MAA0000026"
    with pytest.raises(ValidationError, match="不属于该企业"):
        actions.apply(cast.team_leader, application(facility=tank))
