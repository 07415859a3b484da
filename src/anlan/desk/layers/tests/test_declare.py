import pytest

from anlan.desk.layers.declare import LEVELS, Column, Layer, Mark, WrongLayer

GOOD = {
    "name": "tanks",
    "title": "储罐",
    "group": "重大危险源",
    "permission": "facilities.see",
    "queryset": lambda user: None,
    "symbol": "level",
    "legend": LEVELS,
    "columns": {"level": Column("level")},
}


def test_a_layer_with_a_symbol_has_a_last_mark_for_other_values():
    layer = Layer(**GOOD)
    assert [mark.value for mark in layer.marks] == [1, 2, 3, 4, None]
    assert layer.placed


def test_a_layer_without_a_symbol_has_one_mark():
    layer = Layer(**{**GOOD, "symbol": None, "legend": ()})
    assert [mark.word for mark in layer.marks] == ["储罐"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": "Tanks!"}, "stands in addresses"),
        ({"kind": "raster"}, "kind 'raster' is unknown"),
        ({"queryset": None}, "callable"),
        ({"permission": ""}, "permission is missing"),
        ({"legend": ()}, "no legend"),
        ({"legend": (Mark(1, "mauve", "circle", "一"),)}, "colour 'mauve'"),
        ({"legend": (Mark(1, "red", "heart", "一"),)}, "shape 'heart'"),
        ({"legend": (Mark(1, "red", "circle", ""),)}, "colour never stands alone"),
        ({"legend": (Mark(1, "red", "circle", "一"), Mark(2, "#d63939", "circle", "二"))}, "look the same"),
        ({"filters": ("state",)}, "'state' is used"),
        ({"kind": "polygon"}, "needs geometry"),
        ({"columns": {"level": "level"}}, "must be a Column"),
    ],
)
def test_a_wrong_declaration_is_refused_with_a_sentence(change, reason):
    with pytest.raises(WrongLayer, match=reason):
        Layer(**{**GOOD, **change})
