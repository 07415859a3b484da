from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.audit.history import history
from anlan.know.roads import gates
from anlan.know.roads.actions import lift, save_closure
from anlan.know.roads.models import Closure
from anlan.know.roads.tests.conftest import corner
from tests.cast import OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


def closure(**given) -> Closure:
    lon, lat = corner(1.5, 0)
    return Closure(**{"reason": "water", "lon": lon, "lat": lat, "since": timezone.now(), **given})


def test_a_road_is_closed_with_reason_and_term_and_takes_its_name_from_the_network(cast, roads):
    made = save_closure(cast.town_officer, closure(until=timezone.now() + timedelta(hours=3)))
    assert (made.road, made.region, made.set_by) == ("E0", TOWN, cast.town_officer)
    assert made.cell
    (step,) = history(f"closure:{made.pk}", Closure)
    assert step.action == "closures.set" and "E0" in step.words
    assert gates.in_force(timezone.now()).get() == made
    assert not gates.in_force(timezone.now() + timedelta(hours=4)).exists()
    assert not list(verify())


def test_without_a_network_the_road_is_called_by_its_reason(cast, no_roads):
    assert str(save_closure(cast.duty, closure())) == "积水"


def test_a_closure_is_lifted_once_with_words_and_stays_on_record(cast, no_roads):
    made = save_closure(cast.duty, closure(road="滨江路"))
    assert lift(cast.duty, [made], "积水已排除") == 1
    assert lift(cast.second_duty, [made], "又一次") == 0
    made.refresh_from_db()
    assert (made.lifted_by, made.lift_words) == (cast.duty, "积水已排除")
    assert not gates.in_force(timezone.now()).exists()
    assert [step.action for step in history(f"closure:{made.pk}", Closure)].count("closures.lift") == 1
    with pytest.raises(ValidationError):
        save_closure(cast.duty, Closure.objects.get(pk=made.pk))


def test_who_read_an_older_version_is_told_so(cast, no_roads):
    made = save_closure(cast.duty, closure(road="滨江路"))
    old, new = Closure.objects.get(pk=made.pk), Closure.objects.get(pk=made.pk)
    new.words = "水深半米"
    save_closure(cast.second_duty, new)
    with pytest.raises(ValidationError):
        save_closure(cast.duty, old)


def test_a_closure_needs_a_place_and_a_term_after_its_beginning(cast, no_roads):
    with pytest.raises(ValidationError):
        save_closure(cast.duty, closure(lon=None))
    with pytest.raises(ValidationError):
        save_closure(cast.duty, closure(until=timezone.now() - timedelta(hours=1)))
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "part", ["leader", "grid_worker", "manager", "team_leader", "assessor", "security_administrator", "stranger"]
)
def test_other_roles_close_and_open_no_road(cast, no_roads, part):
    made = save_closure(cast.duty, closure(road="滨江路"))
    person = getattr(cast, part)
    with pytest.raises(Refused):
        save_closure(person, closure())
    with pytest.raises(Refused):
        lift(person, [made], "")
    assert not Closure.objects.get().lifted_at


def test_a_town_officer_closes_no_road_of_another_town(cast, no_roads):
    made = save_closure(cast.duty, closure(road="滨江路", region=OTHER_TOWN))
    with pytest.raises(Refused):
        lift(cast.town_officer, [made], "")
    assert lift(cast.other_town_officer, [made], "已清障") == 1


def test_closures_are_seen_by_region_and_by_nobody_without_the_right(cast, no_roads):
    save_closure(cast.duty, closure(road="滨江路", region=TOWN))
    for part in ("duty", "town_officer", "leader", "grid_worker"):
        assert gates.seen_by(getattr(cast, part)).count() == 1, part
    for part in ("other_town_officer", "neighbour_duty", "manager", "stranger"):
        assert not gates.seen_by(getattr(cast, part)).exists(), part


def test_a_road_is_closed_on_the_page_from_a_place_of_the_map_and_opened_in_the_list(cast, signed_in, roads):
    client = signed_in(cast.duty)
    lon, lat = corner(2.5, 1)
    page = client.get(reverse("closures.new"), {"lon": lon, "lat": lat}).content.decode()
    assert f'value="{lon}"' in page
    given = {"reason": "works", "lon": lon, "lat": lat, "radius": 30, "since": "2026-03-02T08:00", "until": ""}
    assert client.post(reverse("closures.new"), given).status_code == 302
    made = Closure.objects.get()
    assert (made.road, made.radius) == ("E1", 30)
    assert "封闭中" in client.get(reverse("closures")).content.decode()
    answer = client.post(reverse("closures.act", args=["lift"]), {"rows": [made.pk], "words": "完工"})
    assert answer.status_code in (200, 302)
    assert client.get(reverse("closures.item", args=[made.pk])).status_code == 200
