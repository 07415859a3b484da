"""Finds the layers: the room `layers.py` of every installed capability."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from anlan.desk.access import standing
from anlan.desk.layers.declare import Layer, WrongLayer


@cache
def discover() -> dict[str, Layer]:
    """All layers by name, in the order in which the map shows them. A wrong declaration stops the start."""
    found: dict[str, tuple[str, Layer]] = {}
    for app in apps.get_app_configs():
        room = f"{app.name}.layers"
        if not find_spec(room):
            continue
        for layer in _declared(room):
            if layer.name in found:
                raise WrongLayer(
                    f"Two layers are called {layer.name!r}: in {found[layer.name][0]} and in {room}. Rename one."
                )
            found[layer.name] = (room, layer)
    ordered = sorted((layer for _room, layer in found.values()), key=lambda layer: (layer.order, layer.name))
    return {layer.name: layer for layer in ordered}


def visible(user) -> list[Layer]:
    """The layers this person may see at all; which rows is for the layer's queryset to say."""
    return [layer for layer in discover().values() if standing.may(user, layer.permission)]


def _declared(room: str) -> list[Layer]:
    layers = getattr(import_module(room), "LAYERS", None)
    if not isinstance(layers, (list, tuple)):
        raise WrongLayer(f"{room} has no list LAYERS; write LAYERS = [Layer(…)].")
    for layer in layers:
        if not isinstance(layer, Layer):
            raise WrongLayer(f"{room}: LAYERS holds {layer!r}; write Layer(…).")
    return list(layers)
