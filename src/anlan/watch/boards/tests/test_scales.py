"""The bar of a gauge, whatever limits and ranges it is given."""

from hypothesis import given
from hypothesis import strategies as st

from anlan.watch.boards.scales import scale

numbers = st.floats(-1e6, 1e6)
limits = st.lists(st.tuples(st.sampled_from(["LL", "L", "H", "HH"]), numbers, st.integers(1, 4)), max_size=4)


def test_limits_colour_what_lies_beyond_them_and_the_graver_lies_over_the_milder():
    found = scale(0, 100, [("H", 85, 3), ("HH", 90, 1), ("L", 10, 3)])
    assert [(zone.x, zone.width, zone.level) for zone in found.zones] == [(85, 15, 3), (0, 10, 3), (90, 10, 1)]
    assert (found.at(50), found.at(-5), found.at(500)) == (50, 0, 100)


def test_without_range_the_limits_make_one_and_with_neither_there_is_no_bar():
    assert not scale(None, None, []).known
    assert not scale(0, None, []).known
    found = scale(None, None, [("H", 50, 2)])
    assert found.low < 50 < found.high


@given(st.none() | numbers, st.none() | numbers, limits, numbers)
def test_every_zone_and_every_value_lies_on_the_bar(low, high, given_limits, value):
    found = scale(low, high, given_limits)
    if not found.known:
        return
    assert 0 <= found.at(value) <= 100
    for zone in found.zones:
        assert 0 <= zone.x <= 100
        assert -1e-6 <= zone.width <= 100
        assert zone.x + zone.width <= 100.01
