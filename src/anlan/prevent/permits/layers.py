from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVEL_WORDS, LEVELS, Column, Layer, Mark
from anlan.prevent.permits import gates
from anlan.prevent.permits.kinds import KINDS
from anlan.prevent.permits.models import SmallWork
from anlan.prevent.permits.states import PROCESS

LAYERS = [
    Layer(
        name="permits",
        title=_("特殊作业"),
        group=_("双重预防"),
        permission=gates.SEE,
        queryset=gates.live_seen_by,
        label="work",
        symbol="kind",
        legend=tuple(Mark(kind.code, kind.colour, kind.shape, kind.title) for kind in KINDS.values()),
        columns={
            "kind": Column("kind", _("作业类别"), words={code: kind.title for code, kind in KINDS.items()}),
            "gravity": Column("gravity", _("等级"), words=LEVEL_WORDS),
            "state": Column("state", _("状态"), words={state.name: state.title for state in PROCESS.states}),
        },
        filters=("kind", "state", "gravity"),
        search=("number", "work", "place"),
        facts=(
            (_("票号"), "number"),
            (_("作业地点"), "place"),
            (_("企业"), "enterprise__name"),
            (_("有效期至"), "valid_until"),
            (_("监护人"), "guardian__name"),
        ),
        detail="cases.item",
        size=9,
        order=12,
        live="permits",
    ),
    Layer(
        name="spaces",
        title=_("有限空间"),
        group=_("双重预防"),
        permission="spaces.see",
        queryset=lambda user: gates.spaces_seen_by(user).filter(in_use=True),
        label="name",
        legend=(Mark(None, "purple", "hexagon", _("有限空间")),),
        search=("name", "code", "initials"),
        facts=((_("编号"), "code"), (_("危险有害因素"), "factors"), (_("企业"), "enterprise__name")),
        detail="spaces.item",
        order=30,
        changed="changed_at",
    ),
    Layer(
        name="small-works",
        title=_("小散工程"),
        group=_("双重预防"),
        permission="small-works.see",
        queryset=lambda user: gates.small_works_seen_by(user).filter(is_open=True),
        label="title",
        symbol="level",
        legend=LEVELS,
        columns={
            "level": Column("level", _("等级"), words=LEVEL_WORDS),
            "kind": Column("kind", _("作业类别"), words=dict(SmallWork.Kind.choices)),
        },
        filters=("level", "kind"),
        search=("title", "place", "owner"),
        facts=((_("地点"), "place"), (_("下次检查"), "next_check"), (_("业主或发包人"), "owner")),
        detail="small-works.item",
        order=31,
        live="small-works",
    ),
]
