from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.notices.models import Notice
from anlan.prevent.checks import gates
from anlan.prevent.checks.models import Plan, Proof, Tally, Task
from anlan.prevent.checks.planning import derive, derive_changed, generate, save_plan
from anlan.prevent.checks.tasks import tell_overdue

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(risk, works, cast):
    derive(cast.manager, works.a)
    return Plan.objects.filter(enterprise=works.a)


def _days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_a_plan_is_made_for_each_level_post_and_frequency_of_the_controls(planned):
    assert sorted(planned.values_list("title", "level", "post", "every_days")) == [
        ("罐区操作每日排查", "post", "罐区操作", 1),
        ("车间级每周排查", "workshop", "", 7),
    ]


def test_deriving_again_changes_nothing(planned, works, cast):
    before = list(planned.values_list("pk", "version"))
    again = derive(cast.manager, works.a)
    assert (again.made, again.rested, again.controls) == (0, 0, 3)
    assert list(planned.values_list("pk", "version")) == before


def test_only_who_plans_for_the_enterprise_derives(risk, works, cast):
    for person in (cast.team_leader, cast.other_manager, cast.town_officer, cast.duty, cast.stranger):
        with pytest.raises(Refused):
            derive(person, works.a)
    assert not Plan.objects.exists()


def test_a_plan_rests_when_its_last_control_is_gone_and_comes_back_with_it(planned, risk, works, cast):
    risk.drill.in_use = False
    risk.drill.save()
    assert derive(cast.manager, works.a).rested == 1
    assert not planned.get(level="workshop").in_use
    assert not Proof.objects.filter(control=risk.drill).exists()
    risk.drill.in_use = True
    risk.drill.save()
    derive(cast.manager, works.a)
    assert planned.get(level="workshop").in_use


def test_enterprises_whose_risks_changed_get_their_plans_by_themselves(risk, works):
    assert derive_changed(timezone.now()) == 2
    assert derive_changed(timezone.now()) == 0


def test_tasks_are_made_once_however_often_it_is_tried(planned):
    assert generate(timezone.now()) == 2
    assert generate(timezone.now()) == 0
    daily = Task.objects.get(level="post")
    assert (daily.total, daily.state, daily.post) == (2, "open", "罐区操作")
    assert [item["text"] for item in daily.sheet.items] == ["液位报警是否投用", "安全阀根部阀全开"]


def test_what_was_left_open_when_the_next_one_comes_is_missed_and_counted(planned):
    generate(timezone.now())
    assert generate(_days(1)) == 1
    first, second = Task.objects.filter(level="post").order_by("period")
    assert (first.state, second.state) == ("missed", "open")
    counted = [(row.due, row.missed) for row in _tallies("post")]
    assert (sum(due for due, _missed in counted), sum(missed for _due, missed in counted)) == (2, 1)


def test_days_on_which_nobody_ran_the_platform_are_nobodys_neglect(planned):
    generate(timezone.now())
    assert generate(_days(30)) == 2
    assert Task.objects.filter(level="post").count() == 2


def test_a_plan_at_rest_and_a_closed_enterprise_make_no_tasks(planned, works):
    planned.filter(level="post").update(in_use=False)
    works.a.status = "closed"
    works.a.save()
    assert generate(timezone.now()) == 0


def test_a_changed_control_is_another_sheet_and_the_old_task_keeps_the_old(planned, risk):
    generate(timezone.now())
    risk.level.check_text = "液位报警投用并已测试"
    risk.level.save()
    generate(_days(1))
    first, second = Task.objects.filter(level="post").order_by("period")
    assert first.sheet_id != second.sheet_id
    assert first.sheet.items[0]["text"] == "液位报警是否投用"
    assert second.sheet.items[0]["text"] == "液位报警投用并已测试"


def test_overdue_is_told_once_to_who_should_have_checked_and_to_who_plans(planned, cast):
    cast.all()
    generate(timezone.now())
    late = _days(2)
    assert tell_overdue(late) == 1
    assert tell_overdue(late) == 0
    assert Task.objects.get(level="post").late
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told == {"manager", "team_leader", "worker"}


def test_each_sees_the_own_checks_alone(planned, cast):
    generate(timezone.now())
    for person in (cast.duty, cast.town_officer, cast.manager, cast.team_leader):
        assert gates.seen_by(person).count() == 2
    for person in (cast.other_town_officer, cast.other_manager, cast.neighbour_duty, cast.stranger):
        assert not gates.seen_by(person).exists()
    assert gates.mine(cast.manager).count() == 2
    assert not gates.mine(cast.duty).exists()


def test_a_plan_by_hand_asks_a_checklist_of_the_enterprise_it_belongs_to(works, cast):
    today = timezone.localdate()
    plan = Plan(enterprise=works.a, title="节前检查", kind="holiday", level="company", checklist="hazchem_holiday",
                starts_on=today, ends_on=today + timedelta(days=5))  # fmt: skip
    save_plan(cast.manager, plan)
    generate(timezone.now())
    task = Task.objects.get(plan=plan)
    assert (task.sheet.code, task.sheet.edition, task.total) == ("hazchem_holiday", "1", 5)
    assert timezone.localtime(task.due_at - timedelta(seconds=1)).date() == plan.ends_on
    assert Plan.objects.get().next_on is None


@pytest.mark.parametrize(
    "wrong", [{"checklist": "none"}, {"level": "government"}, {"ends_on": "2001-01-01"}, {"every_days": 0}]
)
def test_a_plan_that_cannot_be_is_refused_with_its_field(works, cast, wrong):
    values = {"checklist": "own_system", "level": "company", "every_days": 15, "ends_on": None} | wrong
    if values["ends_on"]:
        values["ends_on"] = timezone.localdate() - timedelta(days=1)
    plan = Plan(enterprise=works.a, title="自查", kind="comprehensive", starts_on=timezone.localdate(), **values)
    with pytest.raises(ValidationError) as fault:
        save_plan(cast.manager, plan)
    assert set(fault.value.error_dict) == set(wrong)


def test_who_read_an_older_plan_is_told_so(works, cast):
    plan = Plan(enterprise=works.a, title="自查", kind="comprehensive", level="company", checklist="own_system",
                every_days=15, starts_on=timezone.localdate())  # fmt: skip
    save_plan(cast.manager, plan)
    stale = Plan.objects.get(pk=plan.pk)
    save_plan(cast.manager, plan)
    with pytest.raises(ValidationError):
        save_plan(cast.manager, stale)
    with pytest.raises(Refused):
        save_plan(cast.other_manager, plan)


def _tallies(level: str):
    return Tally.objects.filter(level=level)
