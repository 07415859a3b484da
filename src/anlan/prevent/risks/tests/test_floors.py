"""Floor plans: placed by corners, drawn from DXF and GeoJSON, zones kept in WGS 84 (row S51)."""

import io
import json

import ezdxf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.standing import Refused
from anlan.prevent.risks.actions import evaluate, save_event, save_point
from anlan.prevent.risks.drawing import draw_zone, save_plan
from anlan.prevent.risks.floors import WIDTH, Page, corners, read_dxf, read_geojson
from anlan.prevent.risks.models import Event, FloorPlan, Point
from anlan.prevent.risks.picturing import bars, picture
from anlan.prevent.risks.tests.conftest import BLUE, ORANGE

CORNERS = ((115.80, 28.71), (115.81, 28.71), (115.81, 28.70), (115.80, 28.70))
LINES = {"type": "LineString", "coordinates": [[115.801, 28.709], [115.809, 28.701]]}


def drawing() -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.geojson", json.dumps(LINES).encode())


@pytest.fixture
def plan(enterprise, cast) -> FloorPlan:
    return save_plan(
        cast.manager, FloorPlan(enterprise=enterprise, title="厂区", corners=list(CORNERS)), drawing=drawing()
    )


@pytest.mark.parametrize(
    "wrong",
    ["", "[]", "[[1,2]]", "[[1,2],[1,2],[1,2],[1,2]]", "[[0,0],[9,0],[9,9],[0,9]]", "[[0,99],[1,2],[3,4],[5,6]]", "{}"],
)
def test_corners_that_make_no_plan_are_refused_with_a_sentence(wrong):
    with pytest.raises(ValidationError):
        corners(wrong)


@given(st.floats(0, WIDTH), st.floats(0, 1), st.floats(-0.5, 0.5))
def test_what_is_drawn_on_the_page_lies_on_the_map_where_it_was_drawn(x, share, turn):
    """For a plan that is turned, too."""
    turned = tuple((lon + turn * (lat - 28.7), lat - turn * (lon - 115.8) * 0.5) for lon, lat in CORNERS)
    page = Page(turned)
    ((back_x, back_y),) = page.to_page(page.to_map([(x, share * page.height)]))
    assert back_x == pytest.approx(x, abs=0.2)
    assert back_y == pytest.approx(share * page.height, abs=0.2)


def test_the_corners_of_the_page_are_the_corners_of_the_plan():
    page = Page(CORNERS)
    assert page.to_map([(0, 0), (WIDTH, 0), (WIDTH, page.height), (0, page.height)]) == [
        pytest.approx(corner) for corner in CORNERS
    ]


def test_a_dxf_drawing_is_laid_into_the_corners():
    document = ezdxf.new()
    space = document.modelspace()
    space.add_line((0, 0), (100, 0))
    space.add_lwpolyline([(0, 0), (100, 0), (100, 50), (0, 50)], close=True)
    space.add_circle((50, 25), 10)
    text = io.StringIO()
    document.write(text)
    found = read_dxf(text.getvalue().encode(), CORNERS)
    every = [place for line in found["coordinates"] for place in line]
    assert min(lon for lon, _lat in every) == pytest.approx(115.80) and max(lat for _lon, lat in every) <= 28.7100001
    assert len(found["coordinates"]) == 3


@pytest.mark.parametrize("data", [b"", b"not a drawing", b"\xff\xfe\x00", b"0\nSECTION\n2\nENTITIES\n"])
def test_a_broken_dxf_is_refused_with_a_sentence(data):
    with pytest.raises(ValidationError):
        read_dxf(data, CORNERS)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_geojson(data):
    with pytest.raises(ValidationError):
        read_geojson(b"x" + data)


@pytest.mark.parametrize(
    "shape",
    [{"type": "Point", "coordinates": [1, 2]}, {"type": "LineString", "coordinates": [[500, 2], [1, 2]]}, [], 7, None],
)
def test_geojson_without_usable_lines_is_refused(shape):
    with pytest.raises(ValidationError):
        read_geojson(json.dumps(shape).encode())


def test_a_zone_is_drawn_by_the_enterprise_and_coloured_by_the_highest_risk_within(plan, point, event_of, cast):
    event_of("灼烫", BLUE)
    event_of("反应失控", ORANGE)
    point.refresh_from_db()
    draw_zone(cast.manager, point, plan, [[100, 100], [300, 100], [300, 300], [100, 300]])
    (zone,) = picture(plan, Point.objects.all())["zones"]
    assert (zone.level, zone.at) == (2, (200.0, 200.0))
    point.refresh_from_db()
    assert point.geometry["type"] == "Polygon" and 115.80 < point.lon < 115.81


def test_a_zone_may_be_taken_away_and_the_old_one_stays_on_record(plan, point, cast):
    draw_zone(cast.manager, point, plan, [[0, 0], [9, 0], [9, 9]])
    draw_zone(cast.manager, point, plan, [])
    point.refresh_from_db()
    assert point.geometry is None and point.editions.count() == 2


@pytest.mark.parametrize(
    "corners_drawn", [[[1, 1], [2, 2]], [[0, 0], [9, 9], [9, 0], [0, 9]], [["a", 1]] * 3, [[1, 1]] * 101, [5, 6, 7]]
)
def test_what_is_no_zone_is_refused(plan, point, cast, corners_drawn):
    with pytest.raises(ValidationError):
        draw_zone(cast.manager, point, plan, corners_drawn)


def test_others_neither_keep_nor_draw_a_plan(plan, point, cast, enterprise):
    for part in ("other_manager", "inspector", "team_leader"):
        with pytest.raises(Refused):
            draw_zone(getattr(cast, part), point, plan, [[0, 0], [9, 0], [9, 9]])
        with pytest.raises(Refused):
            save_plan(
                getattr(cast, part),
                FloorPlan(enterprise=enterprise, title="x", corners=list(CORNERS)),
                drawing=drawing(),
            )


def test_the_page_takes_a_zone_and_refuses_nonsense(plan, point, cast, signed_in):
    client = signed_in(cast.manager)
    address = f"/floor-plans/{plan.pk}/zone/"
    good = {"point": point.pk, "corners": [[10, 10], [90, 10], [90, 90]]}
    assert client.post(address, json.dumps(good), "application/json").status_code == 200
    for wrong in ("", "[]", '{"point": "x"}', json.dumps({"point": point.pk, "corners": [[1, 1]]})):
        assert client.post(address, wrong, "application/json").status_code == 400
    assert "zone-5" in client.get(f"/floor-plans/{plan.pk}/").content.decode()  # nobody has evaluated it


def test_a_workshop_with_one_orange_and_two_blue_risks_prints_matching_colours_and_cards_with_all_that_is_needed(
    plan, enterprise, cast, signed_in
):
    """S51: Given a workshop with one orange and two blue risks, when the map and cards are printed, then colours match
    the grade and each card shows risk, control, handling steps and contact."""
    made = []
    for number, scores in enumerate((ORANGE, BLUE, BLUE)):
        point = save_point(
            cast.manager,
            Point(enterprise=enterprise, kind="area", code=f"Z-{number}", name=f"区域{number}", responsible="马超",
                  phone="13800000000", handling="切断电源\n撤离"),
        )  # fmt: skip
        event = save_event(cast.manager, point, Event(name="火灾", accident_types=["火灾"]), unit="库房")
        evaluate(cast.manager, event, method="lec", scores=scores)
        left = 100 + 300 * number
        draw_zone(cast.manager, point, plan, [[left, 100], [left + 200, 100], [left + 200, 300], [left, 300]])
        made.append(point)
    client = signed_in(cast.manager)
    page = client.get(f"/risks/board/{enterprise.pk}/").content.decode()
    assert (page.count("zone zone-2"), page.count("zone zone-4")) == (1, 2)
    for point, colour in zip(made, ("橙色", "蓝色", "蓝色"), strict=True):
        for card in ("card", "handling"):
            text = client.get(f"/risks/{point.pk}/{card}/").content.decode()
            assert all(
                word in text for word in (colour, "火灾", "切断电源", "撤离", "马超", "13800000000", "data:image")
            )


def test_activities_without_a_place_are_compared_by_bars(enterprise, cast):
    for number in (1, 3):
        job = save_point(
            cast.manager, Point(enterprise=enterprise, kind="job", code=f"J-{number}", name=f"作业{number}")
        )
        for step in range(number):
            event = save_event(cast.manager, job, Event(name=f"事件{step}"), unit=f"步骤{step}", way="jha")
            evaluate(cast.manager, event, method="lec", scores=ORANGE if step == 0 else BLUE)
    found = bars(Point.objects.filter(kind="job"))
    assert [(bar.total, [part[:2] for part in bar.parts]) for bar in found] == [(3, [(2, 1), (4, 2)]), (1, [(2, 1)])]
