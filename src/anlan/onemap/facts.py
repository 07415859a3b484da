"""What the panel of one row says: its label, its mark, and the facts its layer declares."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.urls import reverse
from django.utils import formats, timezone

from anlan.desk.layers.declare import Layer, Mark
from anlan.know.roads.asking import USUAL_REACH
from anlan.onemap.pages import marks, path_of
from anlan.onemap.places import Centres


def value(row: Model, source: str | Callable[[Model], Any]) -> Any:
    """The value at a path of fields, in words where the field has choices; None where the path ends."""
    if callable(source):
        return source(row)
    *way, last = source.split("__")
    holder = follow(row, "__".join(way)) if way else row
    words = getattr(holder, f"get_{last}_display", None)
    found = words() if words else _step(holder, last)
    return found() if callable(found) else found


def follow(row: Model, path: str) -> Any:
    """The bare value at a path of fields."""
    found: Any = row
    for step in path.split("__"):
        found = None if found is None else _step(found, step)
    return found


def _step(row: Any, name: str) -> Any:
    try:
        return getattr(row, name, None)
    except ObjectDoesNotExist:
        return None


def shown(found: Any) -> str:
    """A value as text: local time, one sign for nothing."""
    if found is None or found == "":
        return "—"
    if isinstance(found, datetime):
        return formats.date_format(timezone.localtime(found), "Y-m-d H:i:s")
    if isinstance(found, float):
        return f"{found:g}"
    return str(found)


def facts(layer: Layer, row: Model) -> list[tuple[Any, str]]:
    return [(title, shown(value(row, source))) for title, source in layer.facts]


def mark(layer: Layer, row: Model) -> Mark:
    """The line of the legend this row is drawn with."""
    if not layer.symbol:
        return layer.marks[0]
    return layer.marks[int(marks(layer, [follow(row, path_of(layer, layer.symbol))])[0])]


def around(layer: Layer, row: Model) -> dict | None:
    """What to ask for around the row: where, and how far; `known` when somebody said how far its worst reaches."""
    centres = Centres(layer)
    values = [follow(row, path) for path in centres.fields]
    if layer.reach is None or None in values:
        return None
    lon, lat = centres.of(values)
    reach = layer.reach(row)
    return {"at": f"{lon:.6f},{lat:.6f}", "reach": f"{reach or USUAL_REACH:g}", "known": bool(reach)}


def address(layer: Layer, row: Model) -> str | None:
    """Where the row has a page of its own."""
    if layer.detail is None:
        return None
    return layer.detail(row) if callable(layer.detail) else reverse(layer.detail, args=[row.pk])
