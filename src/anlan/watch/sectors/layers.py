"""One layer a sector: the devices of the profiles that a pack's `map_layers.yaml` names, told apart by profile."""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anlan import packs
from anlan.desk.layers.declare import SHAPES, Layer, Mark
from anlan.desk.wording import title
from anlan.watch.devices import gates
from anlan.watch.devices.layers import LAYERS as DEVICES

PALETTE = ("teal", "orange", "purple", "blue", "red", "green", "pink", "brown", "cyan", "yellow")
FEW = 9.0
MANY = {"smoke_detector"}
"""Profiles of tens of thousands of devices: their sector begins at the zoom of all devices, the others from afar."""


def _layer(code: str, entry: dict[str, Any]) -> Layer:
    (devices,) = (layer for layer in DEVICES if layer.name == "devices")
    return replace(
        devices,
        name=f"sector-{code}",
        title=title(entry),
        group=_("行业监测"),
        queryset=partial(_of, tuple(entry["devices"])),
        symbol="profile",
        legend=tuple(_mark(place, profile) for place, profile in enumerate(entry["devices"])),
        min_zoom=FEW if MANY.isdisjoint(entry["devices"]) else devices.min_zoom,
        order=100 + entry["order"],
    )


def _mark(place: int, profile: str) -> Mark:
    """The profile's own shape; a colour that no other of the layer has before ten are used up."""
    declared = packs.section("profiles")[profile]
    colour = PALETTE[place % len(PALETTE)]
    shape = declared.get("shape", SHAPES[place // len(PALETTE)])
    return Mark(profile, colour, shape, title(declared))


def _of(profiles: tuple[str, ...], user) -> QuerySet:
    return gates.seen_by(user).filter(profile__in=profiles)


LAYERS = [_layer(code, entry) for code, entry in packs.section("map_layers").items()]
