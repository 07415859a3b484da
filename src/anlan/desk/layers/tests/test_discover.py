from types import SimpleNamespace

import pytest

from anlan.desk.layers import discover
from anlan.desk.layers.declare import Layer, WrongLayer

ROOM = SimpleNamespace(
    LAYERS=[Layer(name="wells", title="井", group="基础", permission="places.see", queryset=lambda user: None)]
)


@pytest.fixture
def rooms(monkeypatch):
    """Capabilities that have a room of layers, by dotted name."""
    found = {}
    discover.discover.cache_clear()
    monkeypatch.setattr(discover.apps, "get_app_configs", lambda: [SimpleNamespace(name=name[:-7]) for name in found])
    monkeypatch.setattr(discover, "find_spec", found.get)
    monkeypatch.setattr(discover, "import_module", found.get)
    yield found
    discover.discover.cache_clear()


def test_a_room_of_layers_is_found_by_its_name(rooms):
    rooms["a.layers"] = ROOM
    assert list(discover.discover()) == ["wells"]


def test_two_layers_of_one_name_are_refused_and_both_places_named(rooms):
    rooms["a.layers"] = rooms["b.layers"] = ROOM
    with pytest.raises(WrongLayer, match=r"'wells': in a\.layers and in b\.layers"):
        discover.discover()


def test_a_room_without_a_list_is_refused(rooms):
    rooms["a.layers"] = SimpleNamespace(LAYERS=None)
    with pytest.raises(WrongLayer, match="no list LAYERS"):
        discover.discover()


def test_only_layers_whose_permission_somebody_holds_are_visible(rooms, monkeypatch):
    rooms["a.layers"] = ROOM
    monkeypatch.setattr(discover.standing, "may", lambda user, permission: permission in user)
    assert [layer.name for layer in discover.visible({"places.see"})] == ["wells"]
    assert discover.visible({"devices.see"}) == []
