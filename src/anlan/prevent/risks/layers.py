"""Risks on the one map: what the region's database holds, what is worse just now, and the zones enterprises drew.

The marks are read from one covering query and drawn in one call, so sixteen thousand cost as one layer of any other.
"""

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import BY_LEVEL, LEVEL_WORDS, LEVELS, Column, Layer, Mark
from anlan.know.places import gates as place_gates
from anlan.prevent.risks import gates
from anlan.prevent.risks.models import Influence, Point

KINDS = dict(Point.Kind.choices)
FACTS = (
    (_("企业"), "enterprise__name"),
    (_("静态等级"), "get_level_display"),
    (_("管控层级"), "get_responsible_level_display"),
    (_("责任人"), "responsible"),
    (_("联系电话"), "phone"),
    (_("最近评估"), "reviewed_on"),
)
COMMON = {
    "group": _("双重预防"),
    "permission": gates.SEE,
    "facts": FACTS,
    "detail": "risks.item",
    "live": "risks",
    "reach": lambda point: point.facility.consequence_m if point.facility else None,
}


def _in_use(user):
    return gates.seen_by(user).filter(in_use=True)


def _registered(user):
    return _in_use(user).filter(registered_level__isnull=False)


def _worse_now(user):
    """What an alarm, an open danger or a permit makes graver than the region's database has it."""
    return _in_use(user).filter(pk__in=Influence.objects.filter(ended_at=None).values("point"))


def _zones(user):
    return _in_use(user).filter(geometry__isnull=False, dynamic_level__isnull=False)


def _divisions(digits: int):
    """Divisions with the gravest registered level that lies in them; those without any risk are left out."""

    def rows(user):
        inside = Point.objects.filter(
            region__gte=OuterRef("code"),
            region__lte=Concat(OuterRef("code"), Value("999999999")),  # every code that begins so, by its order
            in_use=True,
            registered_level__isnull=False,
        )
        worst = Subquery(inside.order_by("registered_level").values("registered_level")[:1])
        found = place_gates.seen_by(user).filter(level=digits, valid_to=None, boundary__isnull=False)
        return found.annotate(worst=worst).filter(worst__isnull=False)

    return rows


def _filled(name: str, title, digits: int, order: int, **more) -> Layer:
    return Layer(
        name=name,
        title=title,
        group=_("双重预防"),
        permission="places.see",
        queryset=_divisions(digits),
        kind="polygon",
        geometry="boundary__sketch",
        box=("boundary__west", "boundary__south", "boundary__east", "boundary__north"),
        symbol="worst",
        legend=LEVELS,
        columns={"worst": Column("worst", _("最高等级"), words=LEVEL_WORDS)},
        filters=("worst",),
        facts=((_("区划代码"), "code"), (_("最高等级"), lambda row: LEVEL_WORDS.get(row.worst, ""))),
        detail="places.item",
        live="risks",
        order=order,
        **more,
    )


LAYERS = [
    Layer(
        name="risks",
        title=_("安全风险（在册）"),
        queryset=_registered,
        symbol="registered_level",
        legend=LEVELS,
        columns={
            "registered_level": Column("registered_level", _("在册等级"), words=LEVEL_WORDS),
            "kind": Column("kind", _("类别"), words=KINDS),
        },
        filters=("registered_level", "kind"),
        search=("name", "code", "initials"),
        changed="changed_at",
        size=5.0,
        order=30,
        **COMMON,
    ),
    Layer(
        name="risks-now",
        title=_("动态风险"),
        queryset=_worse_now,
        symbol="dynamic_level",
        legend=LEVELS,
        columns={"dynamic_level": Column("dynamic_level", _("当前等级"), words=LEVEL_WORDS)},
        filters=("dynamic_level",),
        search=("name", "code", "initials"),
        size=8.0,
        order=29,
        **COMMON,
    ),
    Layer(
        name="risk-zones",
        title=_("企业风险区域"),
        queryset=_zones,
        kind="polygon",
        geometry="geometry",
        symbol="dynamic_level",
        legend=LEVELS,
        columns={"dynamic_level": Column("dynamic_level", _("当前等级"), words=LEVEL_WORDS)},
        filters=("dynamic_level",),
        changed="changed_at",
        min_zoom=13.0,
        order=31,
        **COMMON,
    ),
    Layer(
        name="floor-plans",
        title=_("企业平面图"),
        group=_("双重预防"),
        permission=gates.SEE,
        queryset=lambda user: gates.plans_seen_by(user).filter(drawing__isnull=False),
        kind="line",
        geometry="drawing",
        label="title",
        legend=(Mark(None, "grey", "square", _("企业平面图")),),
        facts=((_("企业"), "enterprise__name"),),
        detail="risks.plan",
        changed="changed_at",
        min_zoom=14.0,
        order=35,
    ),
    _filled("risk-towns", _("四色分布：乡镇"), 9, 32),
    _filled("risk-villages", _("四色分布：村和社区"), 12, 33, min_zoom=10.0),
    _filled("risk-grids", _("四色分布：网格"), 15, 34, min_zoom=12.0),
    Layer(
        name="disaster-points",
        title=_("自然灾害风险点"),
        group=_("双重预防"),
        permission="disaster-points.see",
        queryset=gates.disasters_seen_by,
        **BY_LEVEL,
        search=("name",),
        facts=(
            (_("灾害类型"), "kind"),
            (_("户数"), "households"),
            (_("人数"), "persons"),
            (_("安置点"), "shelter__name"),
        ),
        detail="disaster-points.item",
        changed="changed_at",
        size=7.0,
        order=36,
    ),
]
