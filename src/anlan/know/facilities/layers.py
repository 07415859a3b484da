from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.know.facilities import gates
from anlan.know.facilities.kinds import all_kinds
from anlan.know.facilities.models import Facility

LEGEND = tuple(Mark(kind.code, kind.colour, kind.shape, kind.title) for kind in all_kinds().values())
KINDS = {kind.code: kind.title for kind in all_kinds().values()}
HAZARD = dict(Facility.HazardLevel.choices)
HAZARD_LEGEND = (
    Mark(1, "red", "star", HAZARD[1]),
    Mark(2, "orange", "star", HAZARD[2]),
    Mark(3, "yellow", "star", HAZARD[3]),
    Mark(4, "blue", "star", HAZARD[4]),
)
COLUMNS = {
    "kind": Column("kind", _("类别"), words=KINDS),
    "hazard_level": Column("hazard_level", _("重大危险源等级"), words=HAZARD),
}
FACTS = (
    (_("企业"), "enterprise__name"),
    (_("编号"), "code"),
    (_("R 值"), "r_value"),
    (_("24 小时值班电话"), "enterprise__duty_phone"),
)
COMMON = {
    "group": _("基础信息"),
    "permission": "facilities.see",
    "columns": COLUMNS,
    "facts": FACTS,
    "detail": "facilities.item",
    "changed": "changed_at",
}


def _in_service(user):
    return gates.seen_by(user).filter(in_service=True)


def _outlined(user):
    return _in_service(user).filter(geometry__isnull=False)


LAYERS = [
    Layer(
        name="facilities",
        title=pgettext_lazy("several", "设施"),
        queryset=_in_service,
        symbol="kind",
        legend=LEGEND,
        filters=("kind",),
        search=("name", "code", "initials"),
        min_zoom=11.0,
        live="facilities",
        visible=True,
        order=50,
        **COMMON,
    ),
    Layer(
        name="major-hazards",
        title=_("重大危险源"),
        queryset=lambda user: _in_service(user).exclude(hazard_level=None),
        symbol="hazard_level",
        legend=HAZARD_LEGEND,
        filters=("hazard_level",),
        size=8.0,
        live="facilities",
        visible=True,
        order=45,
        **COMMON,
    ),
    Layer(
        name="facility-outlines",
        title=_("设施轮廓"),
        queryset=_outlined,
        kind="polygon",
        geometry="geometry",
        symbol="kind",
        legend=LEGEND,
        min_zoom=13.0,
        order=51,
        **COMMON,
    ),
]
