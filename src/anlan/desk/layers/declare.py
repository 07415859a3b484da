"""What a capability writes in its `layers.py`. Nothing is registered; the room is found by its name.

LAYERS = [
    Layer(
        name="warnings",
        title=_("预警"),
        group=_("监测预警"),
        permission="warnings.see",
        queryset=gates.visible,                       # callable(user) -> the rows this person may see
        symbol="level",
        legend=LEVELS,
        columns={"level": Column("level", _("等级"), words=LEVEL_WORDS), "state": Column("state", _("状态"), words=…)},
        filters=("level", "state"),
        search=("title", "code", "initials"),
        facts=((_("企业"), "enterprise__name"), (_("时间"), "opened_at")),
        detail="warnings:detail",
        live="warnings",
    ),
]
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

SHAPES = ("circle", "square", "triangle", "diamond", "pentagon", "hexagon", "star", "cross", "down")
COLOURS = {
    "red": "#d63939",
    "orange": "#f76707",
    "yellow": "#f5b301",
    "blue": "#2f7ed8",
    "green": "#2fb344",
    "teal": "#0ca678",
    "cyan": "#17a2b8",
    "purple": "#ae3ec9",
    "pink": "#d6336c",
    "brown": "#8d5524",
    "grey": "#7b8794",
    "black": "#24292f",
}
KINDS = ("point", "heat", "line", "polygon")
NAME = re.compile(r"[a-z][a-z0-9_-]*")
HEX = re.compile(r"#[0-9a-f]{6}")


class WrongLayer(TypeError):
    """A layer is declared wrongly; the text says which, where and what to write."""


@dataclass(frozen=True)
class Mark:
    """One line of a legend: the value of the symbol column it stands for, and colour + shape + word together."""

    value: Any
    colour: str
    shape: str
    word: Any

    @property
    def hex(self) -> str:
        return COLOURS.get(self.colour, self.colour)


LEVELS = (
    Mark(1, "red", "triangle", _("重大")),
    Mark(2, "orange", "diamond", _("较大")),
    Mark(3, "yellow", "square", _("一般")),
    Mark(4, "blue", "circle", _("低")),
)
LEVEL_WORDS = {mark.value: mark.word for mark in LEVELS}
OTHER = Mark(None, "grey", "circle", _("其他"))


@dataclass(frozen=True)
class Column:
    """One column sent to the browser: a field path or expression; `words` says what its values are called."""

    source: Any
    title: Any = ""
    words: Mapping[Any, Any] | None = None


BY_LEVEL = {
    "symbol": "level",
    "legend": LEVELS,
    "columns": {"level": Column("level", _("等级"), words=LEVEL_WORDS)},
    "filters": ("level",),
}
"""What a layer says whose rows are told apart by nothing but their level."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of the one map. Everything that draws, filters, searches or lists it reads this and nothing else."""

    name: str
    title: Any
    group: Any
    permission: str
    queryset: Callable[[Any], QuerySet]

    kind: str = "point"
    place: tuple[str, str, str] = ("lon", "lat", "cell")
    """Point and heat: the columns of longitude, latitude and H3 cell; paths to a related Placed row are fine."""
    geometry: str = ""
    """Line and polygon: the column that holds a GeoJSON geometry (dict or text)."""
    box: tuple[str, str, str, str] | None = None
    """Line and polygon: columns west, south, east, north that narrow what a shape may meet; without, all are read."""

    label: str = "name"
    symbol: str | None = None
    legend: tuple[Mark, ...] = ()
    columns: Mapping[str, Column] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    """Fields searched: by prefix first, then anywhere. A column of pinyin initials (`initials`) belongs here."""
    facts: tuple[tuple[Any, Any], ...] = ()
    """(title, field path or callable(row)) of the panel that opens on a click."""
    detail: str | Callable[[Model], str] | None = None
    """Name of the URL whose argument is the primary key, or callable(row) -> address."""
    reach: Callable[[Model], float | None] | None = None
    """Metres that the worst of a row reaches, None where nobody said: what lies within is told with the row."""
    weight: str | None = None
    """Heat: the column that weighs a point."""

    size: float = 5.0
    min_zoom: float = 0.0
    visible: bool = False
    """Shown when the map is opened without a permalink."""
    order: int = 100
    live: str | None = None
    """The room named by live events whose changes concern this layer."""
    changed: str | None = None
    """Column of the time of last change; with it an unchanged layer is not read again."""

    def __post_init__(self):
        for wrong in _problems(self):
            raise WrongLayer(f"Layer {self.name!r}: {wrong}")

    @property
    def placed(self) -> bool:
        return self.kind in ("point", "heat")

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The legend with a last line for every value it does not name."""
        if not self.symbol:
            return (self.legend or (Mark(None, "blue", "circle", self.title),))[:1]
        return self.legend if self.legend[-1].value is None else (*self.legend, OTHER)


def _problems(layer: Layer):
    if not NAME.fullmatch(layer.name):
        yield "the name stands in addresses: write small letters, digits, '-' and '_', beginning with a letter."
    if layer.kind not in KINDS:
        yield f"kind {layer.kind!r} is unknown; write one of {', '.join(KINDS)}."
    if not callable(layer.queryset):
        yield "queryset must be callable(user) and return the rows this person may see."
    if not layer.permission:
        yield "permission is missing; write the permission that lets a person see it, such as 'devices.see'."
    yield from _place_problems(layer)
    yield from _legend_problems(layer)
    for name, column in layer.columns.items():
        if not isinstance(column, Column):
            yield f"columns[{name!r}] must be a Column(source, title, words)."
    for name in (*layer.filters, *filter(None, (layer.symbol, layer.weight))):
        if name not in layer.columns:
            known = ", ".join(layer.columns) or "none"
            yield f"{name!r} is used as filter, symbol or weight but is no column; it has {known}."


def _place_problems(layer: Layer):
    if layer.kind in ("line", "polygon") and not layer.geometry:
        yield f"a {layer.kind} layer needs geometry, the column that holds its GeoJSON."
    if layer.kind in ("point", "heat") and len(layer.place) != 3:
        yield "place names three columns: longitude, latitude and cell."
    if layer.box is not None and len(layer.box) != 4:
        yield "box names four columns: west, south, east and north."


def _legend_problems(layer: Layer):
    if layer.symbol and not layer.legend:
        yield "it has a symbol column but no legend; write one Mark for each value."
    if len(layer.legend) > 32:
        yield f"its legend has {len(layer.legend)} lines; nobody tells more than 32 apart."
    for mark in layer.legend:
        if mark.colour not in COLOURS and not HEX.fullmatch(mark.colour):
            yield f"colour {mark.colour!r} is unknown; write one of {', '.join(COLOURS)} or '#rrggbb'."
        if mark.shape not in SHAPES:
            yield f"shape {mark.shape!r} is unknown; write one of {', '.join(SHAPES)}."
        if not mark.word:
            yield f"the mark of value {mark.value!r} has no word; colour never stands alone."
    looks = [(mark.hex, mark.shape) for mark in layer.legend]
    if len(set(looks)) < len(looks):
        yield "two marks of its legend look the same; change colour or shape."
