import pytest

from anlan.desk.subjects import declare
from anlan.desk.subjects.declare import Selector, Subjects, select

ROWS = [
    ("enterprise:A", "999901001", "A", {"side": "enterprise", "categories": ["mine", "above_scale"], "kind": "large"}),
    ("enterprise:B", "999901002", "B", {"side": "enterprise", "categories": ["shop"], "kind": "small"}),
]


@pytest.fixture
def room(monkeypatch):
    monkeypatch.setattr(declare, "rooms", lambda: {"enterprises": Subjects("enterprises", "企业", lambda s: ROWS)})


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, ["enterprise:A", "enterprise:B"]),
        ({"categories": ("mine", "smelter")}, ["enterprise:A"]),
        ({"categories": ("mine", "shop"), "besides": ("above_scale",)}, ["enterprise:B"]),
        ({"kinds": ("small",)}, ["enterprise:B"]),
        ({"side": "government"}, []),
        ({"where": {"kind": ("large",)}}, ["enterprise:A"]),
    ],
)
def test_a_selector_narrows_by_every_list_it_gives(room, narrowed, found):
    assert [subject.key for subject in select(Selector(room="enterprises", **narrowed))] == found


def test_a_room_that_is_not_installed_has_no_subjects(room):
    assert list(select(Selector(room="volcanoes"))) == []
