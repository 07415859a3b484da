from django.utils.translation import gettext_lazy as _

from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.know.roads import gates
from anlan.know.roads.asking import USUAL_REACH
from anlan.know.roads.models import Closure
from anlan.know.roads.wording import state_of


def _around(_user, facility) -> dict | None:
    """Asked for when the page is there: a way takes longer to find than a page to show."""
    if facility.lon is None or not (facility.hazard_level or facility.consequence_m):
        return None
    reach = facility.consequence_m or USUAL_REACH
    return {"at": f"{facility.lon},{facility.lat}", "reach": reach, "item": f"facilities/{facility.pk}"}


PANELS = [
    Panel(
        name="head",
        on="closures",
        title=_("基本情况"),
        order=10,
        permission="closures.see",
        attributes=[
            Attribute("state", _("状态"), value=state_of),
            Attribute("reason", _("封闭原因"), kind="choice"),
            Attribute("words", _("说明")),
            Attribute("since", _("封闭时间"), kind="time"),
            Attribute("until", _("预计恢复"), kind="time"),
            Attribute("passable", _("救援车辆可通行"), kind="flag"),
            Attribute("radius", _("封闭半径"), kind="number", unit="m"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("set_by", _("登记人"), kind="user"),
            Attribute("lifted_at", _("解除时间"), kind="time"),
            Attribute("lifted_by", _("解除人"), kind="user"),
            Attribute("lift_words", _("解除说明")),
        ],
    ),
    Panel(
        name="history",
        on="closures",
        title=_("变更记录"),
        order=90,
        permission="closures.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, row: {"steps": history(f"closure:{row.pk}", Closure)},
    ),
    Panel(
        name="around",
        on="facilities",
        title=_("周边与救援路线"),
        order=28,
        permission=gates.ASK,
        template="roads/later.html",
        context=_around,
    ),
]
