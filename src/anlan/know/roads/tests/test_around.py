import json
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from anlan.desk.layers.discover import discover
from anlan.know.roads.actions import lift, save_closure
from anlan.know.roads.asking import around
from anlan.know.roads.models import Closure
from anlan.know.roads.tests.conftest import corner, place

pytestmark = pytest.mark.django_db
TANK = corner(1.9, 0)


def close(user, east: float, north: float, **given) -> Closure:
    lon, lat = corner(east, north)
    now = timezone.now() - timedelta(minutes=1)
    return save_closure(user, Closure(**{"reason": "slide", "lon": lon, "lat": lat, "since": now, **given}))


def asked(user, reach=500, **given):
    return around(user, TANK, reach, timezone.now(), **given)


def drawn(page: str) -> dict:
    return json.loads(unescape(page.split('data-drawn="')[1].split('"')[0]))


def test_the_school_two_stations_and_the_best_way_with_its_distance_are_told(cast, town, roads):
    found = asked(cast.duty)
    assert [(one.name, one.inside) for one in found.protected] == [("汀口小学", True)]
    stations = [one for one in found.stations if one.kind == "fire_station"]
    assert [one.name for one in stations] == ["汀口消防站", "岚溪消防站"]
    assert [one.inside for one in stations] == [True, False]
    assert found.first == stations[0] and found.way.metres == pytest.approx(0.85 * 492, rel=0.05)
    assert found.way.metres == pytest.approx(stations[0].leg.metres, abs=20)


def test_a_closed_road_changes_the_way_and_with_it_who_is_there_first(cast, town, roads):
    before = asked(cast.duty)
    made = close(cast.duty, 1.4, 0)
    after = asked(cast.duty)
    assert after.closed == 1 and after.way.metres > before.way.metres + 500
    assert after.way.line != before.way.line
    by_name = {one.name: one.leg for one in after.stations}
    assert by_name["岚溪消防站"].metres == pytest.approx(1720, abs=5)
    lift(cast.duty, [made], "已清理")
    assert asked(cast.duty).way == before.way


def test_ranking_goes_by_road_not_by_air(cast, town, roads):
    """The nearest by air stands behind a closed street; the farther one comes first."""
    close(cast.duty, 1.4, 0)
    place("fire_station", "东站", corner(2.99, 0))
    by_air = sorted((one for one in asked(cast.duty).stations if one.kind == "fire_station"), key=lambda one: one.air)
    assert by_air[0].name == "汀口消防站"
    assert asked(cast.duty).first.name == "东站"


def test_a_closure_that_lets_rescue_pass_or_has_ended_changes_nothing(cast, town, roads):
    before = asked(cast.duty).way
    close(cast.duty, 1.4, 0, passable=True, reason="cordon")
    Closure.objects.create(
        reason="works", lon=corner(1.4, 0)[0], lat=corner(1.4, 0)[1], region="999901",
        since=timezone.now() - timedelta(days=2), until=timezone.now() - timedelta(days=1),
    )  # fmt: skip
    found = asked(cast.duty)
    assert found.way == before and found.closed == 0


def test_without_tiles_stations_come_by_straight_distance_and_it_is_said(cast, town, no_roads, signed_in):
    found = asked(cast.duty)
    assert not found.known and found.way is None
    assert [one.name for one in found.stations] == ["汀口消防站", "岚溪消防站", "人民医院"]
    page = signed_in(cast.duty).get(reverse("roads.around"), {"at": f"{TANK[0]},{TANK[1]}"}).content.decode()
    assert "还没有路网，只能给出直线距离" in page
    assert drawn(page)["line"] == []


def test_where_every_road_is_closed_it_is_said_that_no_way_leads_there(cast, town, roads, signed_in):
    close(cast.duty, 1.9, 0, radius=1500)
    page = signed_in(cast.duty).get(reverse("roads.around"), {"at": f"{TANK[0]},{TANK[1]}"}).content.decode()
    assert "无路可达" in page and "没有可通行的路线" in page and "1 处道路封闭" in page


def test_another_station_is_asked_for_by_its_key_and_a_strange_key_gives_no_way(cast, town, roads):
    assert asked(cast.duty, chosen=town["other"].pk).first.name == "岚溪消防站"
    assert asked(cast.duty, chosen=town["tank"].pk).way is None
    assert asked(cast.duty, chosen=10**9).way is None


def test_the_fragment_draws_the_circle_and_the_way(cast, town, roads, signed_in):
    address = {"at": f"{TANK[0]},{TANK[1]}", "reach": "500"}
    page = signed_in(cast.duty).get(reverse("roads.around"), address).content.decode()
    shapes = drawn(page)
    assert shapes["circle"] == [*TANK, 500] and len(shapes["line"]) >= 2
    assert "汀口小学" in page and "范围内" in page and "最优路线" in page and "tel:119-1" in page
    plain = signed_in(cast.duty).get(reverse("roads.around"), address | {"plain": 1}).content.decode()
    assert 'data-drawn=""' in plain and "data-around" not in plain


@pytest.mark.parametrize(
    "given",
    [{}, {"at": "x"}, {"at": "115,28,1"}, {"at": "115,95"}, {"at": "115,28", "reach": "-1"},
     {"at": "115,28", "reach": "20001"}, {"at": "115,28", "reach": "nan"}],
)  # fmt: skip
def test_a_wrong_question_is_refused_with_a_sentence(cast, roads, signed_in, given):
    answer = signed_in(cast.duty).get(reverse("roads.around"), given)
    assert answer.status_code == 400 and answer.content.decode()


@pytest.mark.parametrize("part", ["worker", "assessor", "security_administrator", "stranger"])
def test_other_roles_are_told_nothing(cast, town, roads, signed_in, part):
    person = getattr(cast, part)
    assert signed_in(person).get(reverse("roads.around"), {"at": "115,28"}).status_code == 403
    found = asked(person)
    assert not found.stations and not found.protected


def test_selected_on_the_map_a_hazard_asks_for_its_own_reach_and_what_cannot_go_wrong_for_none(
    cast, town, roads, signed_in
):
    client = signed_in(cast.duty)
    panel = client.get(reverse("onemap:item", args=["major-hazards", town["tank"].pk])).content.decode()
    assert "data-now" in panel and "reach=500" in panel
    panel = client.get(reverse("onemap:item", args=["protected", town["school"].pk])).content.decode()
    assert "data-now" not in panel and "data-around" in panel
    panel = signed_in(cast.team_leader).get(reverse("onemap:item", args=["major-hazards", town["tank"].pk]))
    assert panel.status_code == 404


def test_rescue_and_protected_places_are_layers_of_their_own(cast, town):
    layers = discover()
    names = {name: set(layers[name].queryset(cast.duty).values_list("name", flat=True)) for name in layers if name in
             ("facilities", "rescue", "protected")}  # fmt: skip
    assert names["facilities"] == {"液氨储罐"}
    assert {"汀口消防站", "人民医院"} <= names["rescue"] and "旧消防站" not in names["rescue"]
    assert "汀口小学" in names["protected"]


def test_the_page_of_a_hazard_asks_for_its_rescue_when_it_is_there(cast, town, roads, signed_in):
    page = signed_in(cast.duty).get(reverse("facilities.item", args=[town["tank"].pk])).content.decode()
    assert reverse("roads.around") in page and "reach=500" in page
    page = signed_in(cast.duty).get(reverse("facilities.item", args=[town["school"].pk])).content.decode()
    assert reverse("roads.around") not in page
