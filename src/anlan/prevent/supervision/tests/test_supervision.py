from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.figures.declare import figures
from anlan.desk.registers import actions as registers
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.organisations.models import Organisation
from anlan.prevent.supervision import actions, rules
from anlan.prevent.supervision.models import Grade, GradeChange, Visit
from tests.cast import DISTRICT, ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


def firm(code=ENTERPRISE_A, region=TOWN, **values):
    return Enterprise.objects.create(code=code, name=f"企业{code[-3:]}", region=region, **values)


def kept(user, code, values, organisation=ENTERPRISE_A, region=TOWN, **head):
    entry = Entry(values=values, region=region, organisation=organisation, **head)
    return registers.add(user, record_types()[code], entry)


def graded(enterprise):
    actions.grade_some([enterprise.pk])
    return Grade.objects.get(pk=enterprise.pk)


@pytest.fixture
def january(monkeypatch):
    """The plan is drawn at the beginning of an even year, so that every grade has visits to come."""
    day = date(2026, 1, 2)
    monkeypatch.setattr(actions.timezone, "localdate", lambda *_: day)
    return day


def test_the_grade_follows_risk_certificate_accidents_and_credit_and_tells_each(cast):
    one = firm(level=3)
    first = graded(one)
    kept(
        cast.inspector, "standardisation_certificates",
        {"number": "BZ-0001", "grade": "level_1", "issued_on": "2026-01-01"}, valid_to=date(2030, 1, 1),
    )  # fmt: skip
    better = graded(one)
    assert better.mark < first.mark
    kept(cast.inspector, "credit_entries", {"reason": "名单", "decided_on": "2026-01-01", "authority": "局"})
    worse = graded(one)
    assert worse.mark > better.mark
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    kept(cast.inspector, "accident_history", {"title_words": "机械伤害", "day": day, "deaths": 1})
    red = graded(one)
    assert red.level == 1
    told = {part["rule"]["zh"]: part for part in red.explanation["because"]}
    assert told["事故（权重 15）"]["inputs"]["deaths"] == 1 and any("死亡" in rule for rule in told)
    assert [change.after for change in one.grade_changes.order_by("at")][-1] == 1 and list(verify()) == []


def test_an_expired_certificate_an_old_accident_and_another_ones_records_count_for_nothing(cast):
    one = firm(level=3)
    before = graded(one).mark
    certificate = {"number": "BZ-0001", "grade": "level_1", "issued_on": "2020-01-01"}
    kept(cast.inspector, "standardisation_certificates", certificate, valid_to=date(2023, 1, 1))
    kept(cast.inspector, "accident_history", {"title_words": "旧事故", "day": "2015-01-01", "deaths": 2})
    kept(
        cast.inspector, "credit_entries", {"reason": "名单", "decided_on": "2026-01-01", "authority": "局"},
        organisation=ENTERPRISE_B, region=OTHER_TOWN,
    )  # fmt: skip
    assert graded(one).mark == before


def test_only_the_department_enters_accidents_and_credit(cast):
    for code, values in (
        ("accident_history", {"title_words": "x", "day": "2026-01-01", "deaths": 0}),
        ("credit_entries", {"reason": "x", "decided_on": "2026-01-01", "authority": "y"}),
    ):
        with pytest.raises(Refused):
            kept(cast.manager, code, values)


def test_a_second_grading_changes_nothing_and_writes_no_change(cast):
    one = firm(level=2)
    first = graded(one)
    assert actions.grade_all(timezone.now()) == 0
    assert not GradeChange.objects.exists() and Grade.objects.get().since == first.since


def test_enterprises_without_department_or_sector_are_blind_spots_and_closed_ones_are_not_graded(cast):
    blind, known = firm(), firm(ENTERPRISE_B, OTHER_TOWN, industry="C2614")
    known.supervisors.add(Organisation.objects.create(code="BUREAU9", name="某局", region=DISTRICT))
    RegulatedAs.objects.create(enterprise=known, code="hazchem_producer")
    Enterprise.objects.create(code="CLOSED1", name="已关闭", region=TOWN, status="closed")
    actions.grade_all(timezone.now())
    rows = {row.pk: (row.unsupervised, row.unclear) for row in Grade.objects.all()}
    assert rows == {blind.pk: (True, True), known.pk: (False, False)}
    count = figures()["supervision_unsupervised"].compute
    assert count(date(2026, 1, 1), date(2027, 1, 1), TOWN) == 1
    assert count(date(2026, 1, 1), date(2027, 1, 1), OTHER_TOWN) == 0


def test_the_red_one_is_visited_more_often_than_the_blue_one(cast, january):
    red, blue = firm(level=1), firm(ENTERPRISE_B, OTHER_TOWN, level=4)
    for one, level, visits in ((red, 1, 4), (blue, 4, 0.5)):
        graded(one)
        Grade.objects.filter(pk=one.pk).update(level=level, visits=visits)
    assert actions.draw(cast.inspector, DISTRICT, 2026) == 5
    counts = {one.pk: Visit.objects.filter(enterprise=one, state="planned").count() for one in (red, blue)}
    assert counts == {red.pk: 4, blue.pk: 1}


def test_a_grade_change_alters_only_future_inspections(cast, january, monkeypatch):
    one = firm(level=1)
    graded(one)
    Grade.objects.filter(pk=one.pk).update(level=1, visits=4)
    actions.draw(cast.inspector, DISTRICT, 2026)
    first, second, *_rest = Visit.objects.order_by("due_on")
    actions.visited(cast.inspector, [first], "已查")
    monkeypatch.setattr(actions.timezone, "localdate", lambda *_: second.due_on)
    Enterprise.objects.filter(pk=one.pk).update(level=4)
    kept(
        cast.inspector, "standardisation_certificates",
        {"number": "BZ-0001", "grade": "level_1", "issued_on": "2026-01-01"}, valid_to=date(2030, 1, 1),
    )  # fmt: skip
    actions.grade_some([one.pk])
    assert Grade.objects.get().level == 4
    states = list(Visit.objects.order_by("due_on", "pk").values_list("due_on", "state", "level"))
    assert states[:2] == [(first.due_on, "done", 1), (second.due_on, "planned", 1)]
    assert all(state == "dropped" for _day, state, level in states[2:] if level == 1)
    assert [(day, level) for day, state, level in states if state == "planned" and day > second.due_on] == [
        (date(2026, 12, 31), 4)
    ]


def test_drawing_twice_plans_nothing_twice_and_a_visit_is_noted_once(cast, january):
    one = firm(level=1)
    graded(one)
    count = actions.draw(cast.inspector, DISTRICT, 2026)
    assert count and actions.draw(cast.inspector, DISTRICT, 2026) == 0
    visit = Visit.objects.first()
    actions.visited(cast.inspector, [visit], "已查")
    with pytest.raises(ValidationError):
        actions.visited(cast.inspector, [visit], "又查")


def test_wrong_roles_plan_and_note_nothing(cast, january):
    one = firm(level=1)
    graded(one)
    for part in ("manager", "town_officer", "duty", "neighbour_duty", "stranger"):
        with pytest.raises(Refused):
            actions.draw(getattr(cast, part), DISTRICT, 2026)
    actions.draw(cast.inspector, DISTRICT, 2026)
    for part in ("manager", "duty", "leader", "other_town_officer"):
        with pytest.raises(Refused):
            actions.visited(getattr(cast, part), [Visit.objects.first()], "")
    assert not Visit.objects.filter(state="done").exists()


def test_the_questions_to_the_database_do_not_grow_with_the_enterprises(cast):
    def questions(count, start):
        firms = [
            Enterprise(code=f"E{start + n:05d}", organisation=f"E{start + n:05d}", name="厂", region=TOWN)
            for n in range(count)
        ]
        made = Enterprise.objects.bulk_create(firms)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            actions.grade_some([one.pk for one in made])
        return len(asked)

    assert questions(5, 0) == questions(200, 1000)


def test_the_pages_open_for_readers_in_their_region_and_for_nobody_else(cast, signed_in):
    one = firm(level=1)
    graded(one)
    client = signed_in(cast.inspector)
    for path in (
        "/supervision/",
        f"/supervision/{one.pk}/",
        "/supervision/overview/",
        "/visits/",
        f"/enterprises/{one.pk}/",
    ):
        assert client.get(path).status_code == 200, path
    assert "权重" in client.get(f"/enterprises/{one.pk}/").text
    assert signed_in(cast.manager).get(f"/supervision/{one.pk}/").status_code == 200
    assert signed_in(cast.other_manager).get(f"/supervision/{one.pk}/").status_code == 404
    assert signed_in(cast.neighbour_duty).get(f"/supervision/{one.pk}/").status_code == 404
    assert signed_in(cast.stranger).get("/supervision/overview/").status_code == 403
    assert signed_in(cast.duty).post("/supervision/plan/", {"year": "2026"}).status_code == 403


def test_every_policy_says_where_its_numbers_come_from():
    assert all(one.source and one.status in ("found", "recalled", "configured") for one in rules.policies())


def test_what_changed_and_what_is_new_is_graded_within_the_next_minute_and_nothing_else(cast):
    one, other = firm(level=4), firm(ENTERPRISE_B, OTHER_TOWN, level=4)
    assert actions.renew(timezone.now()) == 2
    Enterprise.objects.update(level=1)
    actions.changed([one.pk])
    assert actions.renew(timezone.now()) == 1 and actions.renew(timezone.now()) == 0
    assert Grade.objects.get(pk=one.pk).level < Grade.objects.get(pk=other.pk).level


def test_a_point_that_grows_worse_asks_for_a_new_grade(cast):
    from anlan.prevent.risks.announcements import Change, levels_changed
    from anlan.prevent.risks.models import Point

    one = firm(level=4)
    graded(one)
    point = Point.objects.create(
        enterprise=one, region=TOWN, organisation=one.code, kind="area", code="A1", name="罐区", dynamic_level=1
    )
    levels_changed.send(sender=Point, changes=[Change(point=point, before=4, after=1, why="influenced")])
    assert Grade.objects.get().stale
    actions.renew(timezone.now())
    assert not Grade.objects.get().stale and Grade.objects.get().level <= 2


def test_the_safety_manager_finds_on_his_desk_what_is_red_what_is_late_and_what_is_lacking(cast, signed_in):
    from anlan.prevent.supervision import desk

    one = firm(level=2)
    RegulatedAs.objects.create(enterprise=one, code="hazchem_producer")
    graded(one)
    kept(cast.manager, "safety_expenses", {"year": 2025, "sector": "hazchem", "revenue": 1000, "used": 20})
    told = desk.context(cast.manager, None)
    assert [tile.count for tile in told["tiles"]] == [0, 0, 0, 0] and told["gap"] is None
    assert "commitment_today" in {coverage.code for coverage, _url in told["lacking"]}
    assert next(step.done for step in told["steps"]) is False
    assert desk.context(cast.inspector, None) is None
    page = signed_in(cast.manager).get("/").text
    assert "安全管理台" in page and "今日安全承诺公告" in page
    assert "安全管理台" not in signed_in(cast.inspector).get("/").text


def test_the_gap_of_a_closed_year_stands_on_the_desk(cast):
    from anlan.desk.registers import advancing
    from anlan.prevent.supervision import desk

    firm(level=2)
    record = kept(cast.manager, "safety_expenses", {"year": 2025, "sector": "hazchem", "revenue": 1000, "used": 20})
    advancing.advance(cast.manager, record, "closed")
    assert desk.context(cast.manager, None)["gap"] == {"year": 2025, "gap": 25, "pk": record.pk}
