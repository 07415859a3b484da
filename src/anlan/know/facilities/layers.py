from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.know.facilities import gates
from anlan.know.facilities.kinds import all_kinds, of_role
from anlan.know.facilities.models import Facility


def _legend(role: str) -> tuple[Mark, ...]:
    """The kinds every region has; what a sector adds is among "others" here, and told by filter and panel."""
    own = [kind for kind in all_kinds().values() if kind.role == role and kind.pack == "foundation"]
    return tuple(Mark(kind.code, kind.colour, kind.shape, kind.title) for kind in own)


LEGEND = _legend("")
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
    (_("后果影响范围（米）"), "consequence_m"),
    (_("24 小时值班电话"), "enterprise__duty_phone"),
)
COMMON = {
    "group": _("基础信息"),
    "permission": "facilities.see",
    "columns": COLUMNS,
    "facts": FACTS,
    "detail": "facilities.item",
    "changed": "changed_at",
    "reach": lambda facility: facility.consequence_m,
}


def _in_service(user):
    return gates.seen_by(user).filter(in_service=True)


def _of_role(role: str):
    return lambda user: _in_service(user).filter(kind__in=of_role(role))


def _plain(user):
    """What neither comes to help nor is to be kept from harm: those are layers of their own."""
    return _in_service(user).exclude(kind__in=[*of_role("rescue"), *of_role("protected")])


def _outlined(user):
    return _plain(user).filter(geometry__isnull=False)


LAYERS = [
    Layer(
        name="facilities",
        title=pgettext_lazy("several", "设施"),
        queryset=_plain,
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
        name="rescue",
        title=_("应急救援力量"),
        queryset=_of_role("rescue"),
        symbol="kind",
        legend=_legend("rescue"),
        filters=("kind",),
        search=("name", "code", "initials"),
        size=7.0,
        live="facilities",
        order=47,
        **COMMON | {"group": _("应急资源")},
    ),
    Layer(
        name="protected",
        title=_("防护目标"),
        queryset=_of_role("protected"),
        symbol="kind",
        legend=_legend("protected"),
        filters=("kind",),
        search=("name", "code", "initials"),
        size=6.0,
        min_zoom=10.0,
        live="facilities",
        order=48,
        **COMMON | {"group": _("应急资源")},
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
