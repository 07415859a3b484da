import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from anlan.prevent.checks import sheets
from anlan.prevent.checks.models import Answer, Plan, Proof, Task
from anlan.prevent.checks.planning import derive, generate
from anlan.prevent.checks.rules import Item
from anlan.prevent.hazards.models import Hazard

pytestmark = pytest.mark.django_db
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.fixture
def daily(risk, works, cast):
    derive(cast.manager, works.a)
    generate(timezone.now())
    return Task.objects.get(level="post")


def _answer(client, task, item: str, **given):
    return client.post(reverse("checks.answer", args=[task.pk, item]), given)


def test_the_worker_finds_the_check_answers_it_and_finishes(daily, risk, cast, signed_in):
    client = signed_in(cast.worker)
    assert daily.title in client.get(reverse("my-checks")).text
    assert "液位报警是否投用" in client.get(daily.url).text
    kept = _answer(client, daily, f"c{risk.level.pk}", verdict="ok")
    assert 'aria-pressed="true"' in kept.text
    assert 'id="progress"' in kept.text
    _answer(client, daily, f"c{risk.valve.pk}", verdict="not", note="半关")
    assert client.post(reverse("checks.finish", args=[daily.pk])).status_code == 302
    daily.refresh_from_db()
    assert (daily.state, daily.failed) == ("done", 1)
    assert Hazard.objects.get().number in client.get(daily.url).text


def test_a_photo_goes_with_the_danger(daily, risk, cast, signed_in, settings, tmp_path):
    settings.DOCUMENTS = tmp_path
    photo = SimpleUploadedFile("valve.png", PICTURE, "image/png")
    _answer(signed_in(cast.worker), daily, f"c{risk.valve.pk}", verdict="not", photos=photo)
    assert Answer.objects.get().photos
    assert Hazard.objects.count() == 1


def test_a_fault_is_said_in_the_row_and_keeps_what_was_typed(daily, cast, signed_in):
    daily.sheet = sheets.keep([Item(key="o2", text="氧含量", unit="%VOL", least=19.5, most=23.5)], title="读数")
    daily.save()
    for typed in ("二十", "nan", ""):
        kept = _answer(signed_in(cast.worker), daily, "o2", verdict="ok", reading=typed)
        assert "alert" in kept.text
        assert typed in kept.text
    assert not Answer.objects.exists()
    _answer(signed_in(cast.worker), daily, "o2", verdict="ok", reading="20，9")
    assert Answer.objects.get().reading == 20.9


def test_who_may_not_answer_is_refused_by_the_page_too(daily, risk, cast, signed_in):
    for person, status in ((cast.duty, 403), (cast.town_officer, 403), (cast.other_manager, 404)):
        client = signed_in(person)
        assert _answer(client, daily, f"c{risk.level.pk}", verdict="ok").status_code == status
        assert client.post(reverse("checks.finish", args=[daily.pk])).status_code == status
    assert not Answer.objects.exists()


def test_who_may_only_look_sees_whose_turn_it_is_and_no_buttons(daily, cast, signed_in):
    page = signed_in(cast.duty).get(daily.url).text
    assert "popovertarget" not in page
    assert "岗位级" in page


def test_a_manager_makes_the_plans_from_the_file_of_the_enterprise(risk, works, cast, signed_in):
    client = signed_in(cast.manager)
    assert "按管控措施生成计划" in client.get(reverse("enterprises.item", args=[works.a.pk])).text
    client.post(reverse("checks.derive", args=[works.a.pk]))
    assert Plan.objects.count() == Task.objects.count() == 2
    assert signed_in(cast.other_manager).post(reverse("checks.derive", args=[works.a.pk])).status_code == 404
    assert signed_in(cast.team_leader).post(reverse("checks.derive", args=[works.a.pk])).status_code == 403


def test_a_plan_is_made_and_changed_with_the_form(works, cast, signed_in):
    client = signed_in(cast.manager)
    page = client.get(reverse("check-plans.new"), {"checklist": "own_system"})
    assert "双重预防机制运行自查表" in page.text
    given = {"organisation": works.a.code, "title": "半月自查", "checklist": "own_system", "kind": "comprehensive"}
    given |= {"level": "company", "every_days": 15, "starts_on": timezone.localdate().isoformat(), "in_use": "on"}
    assert client.post(reverse("check-plans.new"), given).status_code == 302
    plan = Plan.objects.get()
    edit = reverse("check-plans.edit", args=[plan.pk])
    assert client.post(edit, given | {"every_days": 7, "version": plan.version}).status_code == 302
    plan.refresh_from_db()
    assert plan.every_days == 7


def test_a_plan_from_controls_keeps_what_the_controls_say(daily, works, cast, signed_in):
    plan = Plan.objects.get(level="post")
    given = {"title": "罐区日查", "level": "company", "every_days": 99, "starts_on": plan.starts_on.isoformat(),
             "in_use": "on", "version": plan.version, "assignee": cast.worker.pk}  # fmt: skip
    assert signed_in(cast.manager).post(reverse("check-plans.edit", args=[plan.pk]), given).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.level, plan.every_days, plan.assignee) == ("罐区日查", "post", 1, cast.worker)


def test_statistics_add_up_by_post_and_enterprise(daily, risk, cast, signed_in):
    client = signed_in(cast.worker)
    for control in (risk.level, risk.valve):
        _answer(client, daily, f"c{control.pk}", verdict="ok")
    client.post(reverse("checks.finish", args=[daily.pk]))
    month = f"{timezone.localdate():%Y-%m}"
    page = signed_in(cast.town_officer).get(reverse("checks.statistics"), {"month": month}).text
    assert "50.0 %" in page or "100.0 %" in page  # the weekly check may be due in the next month
    assert "罐区操作" in page
    assert "罐区操作" not in signed_in(cast.other_manager).get(reverse("checks.statistics"), {"month": month}).text
    for asked in ({"month": "x"}, {"month": "2026-13"}, {"region": "abc"}, {"organisation": "'"}):
        assert client.get(reverse("checks.statistics"), asked).status_code == 200


def test_what_was_never_looked_at_in_its_period_stands_as_not_proven(daily, risk, cast, signed_in):
    Proof.objects.filter(control=risk.drill).update(due_at=timezone.now())
    page = signed_in(cast.town_officer).get(reverse("control-proofs"), {"unproven": "1"}).text
    assert "紧急切断每周试验" in page
    assert "安全阀根部阀全开" not in page


def test_every_page_of_a_check_opens_for_who_may_see_it(daily, works, cast, signed_in):
    client = signed_in(cast.manager)
    plan, proof = Plan.objects.first(), works.a.check_tasks.first()
    pages = [reverse("checks"), reverse("check-plans"), reverse("check-plans.item", args=[plan.pk]), proof.url,
             reverse("control-proofs"), reverse("patrols"), reverse("checks.library"), reverse("checks.statistics"),
             reverse("checks.checklist", args=["construction_site"])]  # fmt: skip
    for address in pages:
        assert client.get(address).status_code == 200, address
    assert client.get(reverse("checks.checklist", args=["no_such_list"])).status_code == 404
    assert client.get(reverse("check-draws.new")).status_code == 403


def test_a_check_of_two_hundred_questions_asks_no_more_of_the_database_than_a_short_one(
    daily, cast, signed_in, django_assert_max_num_queries
):
    items = [Item(key=f"q{number}", text=f"第 {number} 项", group=f"第 {number // 20} 组") for number in range(200)]
    daily.sheet = sheets.keep(items, title="长表")
    daily.total = 200
    daily.save()
    client = signed_in(cast.worker)
    client.get(daily.url)
    with django_assert_max_num_queries(16):
        began = time.perf_counter()
        page = client.get(daily.url)
        print(f"200 questions: {1000 * (time.perf_counter() - began):.0f} ms, {len(page.content) / 1000:.0f} kB")
    with django_assert_max_num_queries(24):
        began = time.perf_counter()
        _answer(client, daily, "q7", verdict="ok")
        print(f"one answer: {1000 * (time.perf_counter() - began):.0f} ms")
