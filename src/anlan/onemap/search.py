"""Finds by name, code or pinyin initials in every layer that says where it may be searched."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from anlan.desk.layers.declare import Layer
from anlan.onemap.places import Centres

EACH = 8


@dataclass(frozen=True)
class Hit:
    layer: str
    title: str
    key: str
    label: str
    other: str
    lon: float
    lat: float


def find(layers: Iterable[tuple[Layer, QuerySet]], text: str) -> list[Hit]:
    """The best hits of each layer: those that begin with the text first. One query a layer."""
    text = " ".join(text.split())[:64]
    if not text:
        return []
    return [hit for layer, queryset in layers if layer.search for hit in _find(layer, queryset, text)]


def _find(layer: Layer, queryset: QuerySet, text: str) -> list[Hit]:
    centres = Centres(layer)
    other = next((path for path in layer.search if path != layer.label), layer.label)
    begins = _any(layer, "istartswith", text)
    rank = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = (
        queryset.filter(contains(layer, text))
        .order_by(rank, layer.label)
        .values_list("pk", layer.label, other, *centres.fields)
    )
    hits = []
    for key, label, second, *place in rows[:EACH]:
        lon, lat = centres.of(place)
        shown = str(second or "") if other != layer.label else ""
        hits.append(Hit(layer.name, str(layer.title), str(key), str(label), shown, lon, lat))
    return hits


def contains(layer: Layer, text: str) -> Q:
    """Rows of which a searched field holds the text; the label where the layer names no fields."""
    return _any(layer, "icontains", text)


def _any(layer: Layer, how: str, text: str) -> Q:
    condition = Q()
    for path in layer.search or (layer.label,):
        condition |= Q(**{f"{path}__{how}": text})
    return condition
