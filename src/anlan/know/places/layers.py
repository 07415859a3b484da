from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.know.places import gates
from anlan.know.places.models import Region

_LOOKS = ("purple", "purple", "blue", "teal", "green", "grey")
_SHAPES = ("hexagon", "pentagon", "hexagon", "square", "circle", "diamond")
LEGEND = tuple(
    Mark(level.value, colour, shape, level.label)
    for level, colour, shape in zip(Region.Level, _LOOKS, _SHAPES, strict=True)
)


def _outlined(levels):
    return lambda user: gates.seen_by(user).filter(boundary__isnull=False, level__in=levels, valid_to=None)


def _layer(name: str, title, levels, order: int, **more) -> Layer:
    return Layer(
        name=name,
        title=title,
        group=_("行政区划"),
        permission="places.see",
        queryset=_outlined(levels),
        kind="polygon",
        geometry="boundary__sketch",
        box=("boundary__west", "boundary__south", "boundary__east", "boundary__north"),
        symbol="level",
        legend=tuple(mark for mark in LEGEND if mark.value in levels),
        columns={"level": Column("level", _("级别"), words={mark.value: mark.word for mark in LEGEND})},
        search=("name", "code", "initials"),
        facts=((_("区划代码"), "code"), (_("上级"), "parent__name"), (_("面积（km²）"), "area_km2")),
        detail="places.item",
        changed="changed_at",
        order=order,
        **more,
    )


LAYERS = [
    _layer("districts", _("省市县"), (2, 4, 6), 10, visible=True),
    _layer("towns", _("乡镇街道"), (9,), 11, visible=True),
    _layer("villages", _("村和社区"), (12,), 12, min_zoom=10.5),
    _layer("grids", _("网格"), (15,), 13, min_zoom=12.0),
]
