import numpy as np
import pytest

from anlan.desk.layers.shapes import Area, Circle, ShapeProblem, parse


def test_each_kind_of_shape_is_read():
    assert parse({"point": "114.3,30.5"}) == Circle(114.3, 30.5, 200.0)
    assert parse({"circle": "114.3,30.5,1500"}) == Circle(114.3, 30.5, 1500.0)
    assert parse({"box": "114,30,115,31"}).outline.bounds == (114, 30, 115, 31)
    triangle = parse({"polygon": "114,30;115,30;114,31;114,30"})
    assert isinstance(triangle, Area) and triangle.outline.area == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "范围"),
        ({"point": "1,2", "box": "1,2,3,4"}, "范围"),
        ({"circle": "114.3,30.5"}, "circle 应为 3 个"),
        ({"circle": "114.3,30.5,nan"}, "circle 应为 3 个"),
        ({"circle": "114.3,30.5,0"}, "半径"),
        ({"circle": "114.3,30.5,9e9"}, "半径"),
        ({"point": "30.5,114.3"}, "先经度后纬度"),
        ({"polygon": "114,30;115,30"}, "3 至 100"),
        ({"polygon": ";".join(f"{114 + i / 1000},{30 + i * i / 1e6}" for i in range(101))}, "3 至 100"),
        ({"polygon": "0,0;1,1;0,1;1,0"}, "相交"),
        ({"polygon": "0,0;1,1;2,2"}, "没有面积"),
        ({"box": "115,30,114,31"}, "西小于东"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_reason(given, reason):
    with pytest.raises(ShapeProblem, match=reason):
        parse(given)


def test_distance_follows_the_ellipsoid():
    lon, lat = np.array([114.3, 114.3]), np.array([30.5, 30.51])
    inside, metres = Circle(114.3, 30.5, 1108).measure(lon, lat)
    assert metres[1] == pytest.approx(1108.6, abs=0.5)
    assert inside.tolist() == [True, False]


def test_a_polygon_measures_from_its_centre_and_only_what_lies_inside():
    inside, metres = parse({"box": "0,0,1,1"}).measure(np.array([0.5, 2.0]), np.array([0.5, 0.5]))
    assert inside.tolist() == [True, False]
    assert metres[0] == 0 and np.isnan(metres[1])
