from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.know.roads import gates
from anlan.know.roads.models import Closure


def _in_force(user):
    return gates.seen_by(user).filter(pk__in=gates.in_force(timezone.now()).values("pk"))


LAYERS = [
    Layer(
        name="closures",
        title=_("道路封闭"),
        group=_("应急资源"),
        permission="closures.see",
        queryset=_in_force,
        label="road",
        symbol="reason",
        legend=(
            Mark("accident", "red", "cross", Closure.Reason.ACCIDENT.label),
            Mark("cordon", "red", "hexagon", Closure.Reason.CORDON.label),
            Mark("water", "blue", "cross", Closure.Reason.WATER.label),
            Mark("slide", "brown", "cross", Closure.Reason.SLIDE.label),
            Mark("ice", "cyan", "cross", Closure.Reason.ICE.label),
            Mark("works", "orange", "cross", Closure.Reason.WORKS.label),
            Mark("event", "purple", "cross", Closure.Reason.EVENT.label),
            Mark("other", "grey", "cross", Closure.Reason.OTHER.label),
        ),
        columns={"reason": Column("reason", _("封闭原因"), words=dict(Closure.Reason.choices))},
        filters=("reason",),
        search=("road",),
        facts=(
            (_("封闭原因"), "reason"),
            (_("说明"), "words"),
            (_("封闭时间"), "since"),
            (_("预计恢复"), "until"),
        ),
        detail="closures.item",
        live="closures",
        size=8.0,
        visible=True,
        order=20,
    ),
]
