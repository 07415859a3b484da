from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.desk.layers.declare import LEVEL_WORDS, Column, Layer, Mark
from anlan.know.enterprises import gates
from anlan.know.enterprises.models import Enterprise

# A graded enterprise shows its level; the square base keeps enterprises apart from alarms and warnings.
LEGEND = (
    Mark(1, "red", "hexagon", LEVEL_WORDS[1]),
    Mark(2, "orange", "pentagon", LEVEL_WORDS[2]),
    Mark(3, "yellow", "diamond", LEVEL_WORDS[3]),
    Mark(4, "blue", "square", LEVEL_WORDS[4]),
    Mark(None, "grey", "square", _("未定级")),
)
STATUS = dict(Enterprise.Status.choices)
SCALE = dict(Enterprise.Scale.choices)

LAYERS = [
    Layer(
        name="enterprises",
        title=pgettext_lazy("several", "企业"),
        group=_("基础信息"),
        permission="enterprises.see",
        queryset=gates.seen_by,
        symbol="level",
        legend=LEGEND,
        columns={
            "level": Column("level", _("风险等级"), words=LEVEL_WORDS),
            "status": Column("status", _("状态"), words=STATUS),
            "scale": Column("scale", _("规模"), words=SCALE),
        },
        filters=("level", "status", "scale"),
        search=("name", "code", "initials"),
        facts=(
            (_("统一社会信用代码"), "code"),
            (_("地址"), "address"),
            (_("安全负责人"), "safety_officer"),
            (_("安全负责人电话"), "safety_phone"),
            (_("24 小时值班电话"), "duty_phone"),
        ),
        detail="enterprises.item",
        changed="changed_at",
        live="enterprises",
        size=4.0,
        visible=True,
        order=40,
    ),
]
