from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.notices.models import Notice
from anlan.know.enterprises.models import Enterprise
from anlan.know.places.models import Region
from anlan.prevent.checks import gates, patrols
from anlan.prevent.checks.actions import Given, answer_all
from anlan.prevent.checks.drawing import Wanted, draw, drawn_again
from anlan.prevent.checks.models import Draw, Passing, Task
from anlan.prevent.checks.planning import derive, generate
from anlan.prevent.checks.sheets import items
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.risks.models import Point
from tests.cast import DISTRICT, NEIGHBOUR, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def field(works):
    Enterprise.objects.bulk_create(
        [Enterprise(code=f"91999901TEST{n:06}", name=f"企业{n}", region=TOWN if n % 2 else OTHER_TOWN,
                    organisation=f"91999901TEST{n:06}") for n in range(20)]
    )  # fmt: skip


def _wanted(**given) -> Wanted:
    return Wanted(**{"checklist": "own_system", "region": DISTRICT, "count": 5,
                     "due_on": timezone.localdate() + timedelta(days=10)} | given)  # fmt: skip


def test_what_was_drawn_can_be_drawn_again_and_a_changed_result_is_seen(field, cast):
    assert cast.inspector and cast.town_officer
    made = draw(cast.inspector, _wanted())
    assert len(made.drawn) == Task.objects.filter(draw=made).count() == 5
    assert drawn_again(made)
    made.drawn[0][0] = "91999901TEST999999"
    assert not drawn_again(made)


def test_another_draw_is_another_seed(field, cast):
    first, second = draw(cast.inspector, _wanted()), draw(cast.inspector, _wanted())
    assert first.seed != second.seed
    assert first.number != second.number


def test_a_town_draws_its_own_enterprises_and_nobody_else_may(field, cast):
    made = draw(cast.town_officer, _wanted(region=TOWN))
    assert set(Task.objects.filter(draw=made).values_list("region", flat=True)) == {TOWN}
    for person, region in ((cast.town_officer, DISTRICT), (cast.inspector, NEIGHBOUR), (cast.manager, TOWN),
                           (cast.duty, DISTRICT), (cast.stranger, TOWN)):  # fmt: skip
        with pytest.raises(Refused):
            draw(person, _wanted(region=region))
    assert Draw.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"checklist": "none"}, {"count": 0}, {"count": 501}])
def test_a_draw_that_cannot_be_is_refused_with_its_field(field, cast, wrong):
    assert cast.inspector
    with pytest.raises(ValidationError) as fault:
        draw(cast.inspector, _wanted(**wrong))
    assert set(fault.value.error_dict) == set(wrong)
    with pytest.raises(ValidationError):
        draw(cast.inspector, _wanted(due_on=timezone.localdate() - timedelta(days=1)))


def test_the_enterprise_does_not_learn_of_the_check_before_it_is_made(field, works, cast):
    Enterprise.objects.exclude(pk=works.a.pk).update(status="closed")
    draw(cast.inspector, _wanted(count=1))
    task = Task.objects.get()
    assert not gates.seen_by(cast.manager).exists()
    assert not Notice.objects.filter(user=cast.manager).exists()
    assert Notice.objects.filter(user=cast.inspector).exists()
    answer_all(task.assignee, task, [Given(item=item.key, verdict="not" if n == 0 else "ok")
                                     for n, item in enumerate(items(task.sheet))])  # fmt: skip
    assert gates.seen_by(cast.manager).get() == task
    assert Hazard.objects.get().found_by == "inspection"


def test_an_enterprise_cannot_answer_the_officers_check(field, works, cast):
    Enterprise.objects.exclude(pk=works.a.pk).update(status="closed")
    draw(cast.inspector, _wanted(count=1))
    task = Task.objects.get()
    with pytest.raises(Refused):
        answer_all(cast.manager, task, [])


@pytest.fixture
def round_(risk, works, cast):
    place = {"region": TOWN, "organisation": works.a.code, "enterprise": works.a, "kind": "area"}
    others = [
        Point.objects.create(code=f"P{n}", name=f"{n}号库", lon=115.0 + n / 100, lat=28.0, **place) for n in (2, 3)
    ]
    return patrols.make(cast.manager, works.a, "夜间巡查", [risk.point, *others])


def test_order_and_time_of_a_round_are_kept_and_what_was_left_out_is_seen(round_, cast):
    first, _second, third = round_.stops.all()
    assert patrols.passed(cast.worker, first).in_order
    assert not patrols.passed(cast.worker, third).in_order
    assert [one.round for one in Passing.objects.order_by("pk")] == [1, 1]
    assert all(one.at <= timezone.now() for one in Passing.objects.all())


def test_a_second_tap_is_the_same_passing(round_, cast):
    stop = round_.stops.first()
    assert patrols.passed(cast.worker, stop) == patrols.passed(cast.worker, stop)


def test_how_far_from_the_stop_somebody_stood_is_kept_not_judged(round_, cast):
    stop = round_.stops.first()
    made = patrols.passed(cast.worker, stop, lon=stop.lon, lat=stop.lat + 0.001)
    assert made.metres == pytest.approx(111, abs=1)


def test_scanning_opens_the_place_and_looking_changes_nothing(round_, risk, works, cast, client, signed_in):
    derive(cast.manager, works.a)
    generate(timezone.now())
    signed_in(cast.worker)
    address = reverse("checks.here", args=[round_.stops.first().token])
    page = client.get(address).text
    assert "一号罐区" in page
    assert "罐区操作每日排查" in page
    assert not Passing.objects.exists()
    client.post(address, {"lon": "x", "lat": "999"})
    assert Passing.objects.get().lon is None


def test_a_stranger_to_the_enterprise_finds_no_place_behind_the_code(round_, cast, client, signed_in):
    address = reverse("checks.here", args=[round_.stops.first().token])
    for person in (cast.other_manager, cast.neighbour_duty, cast.stranger):
        signed_in(person)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    signed_in(cast.duty)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 403


def test_the_sheet_to_print_shows_a_code_for_each_stop(round_, cast, client, signed_in):
    signed_in(cast.manager)
    page = client.get(reverse("checks.print", args=[round_.pk])).text
    assert page.count("data:image/svg+xml") == 3
    assert client.get(reverse("patrols.item", args=[round_.pk])).status_code == 200


def test_a_round_is_made_of_the_own_risk_points_by_who_plans(risk, works, cast):
    with pytest.raises(Refused):
        patrols.make(cast.team_leader, works.a, "巡查", [risk.point])
    for points in ([], [risk.point] * 101):
        with pytest.raises(ValidationError):
            patrols.make(cast.manager, works.a, "巡查", points)
    with pytest.raises(ValidationError):
        patrols.make(cast.other_manager, works.b, "巡查", [risk.point])


def test_an_inspector_draws_with_the_form_and_reads_what_was_drawn(field, cast, signed_in):
    given = {"checklist": "own_system", "region": TOWN, "count": 3, "category": "", "title": "十一月抽查"}
    given["due_on"] = (timezone.localdate() + timedelta(days=9)).isoformat()
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN)
    client = signed_in(cast.town_officer)
    assert client.get(reverse("check-draws.new")).status_code == 200
    assert client.post(reverse("check-draws.new"), given).status_code == 302
    page = client.get(reverse("check-draws.item", args=[Draw.objects.get().pk])).text
    assert Draw.objects.get().seed in page
    assert signed_in(cast.duty).post(reverse("check-draws.new"), given).status_code == 403
    assert Draw.objects.count() == 1
