from django.utils.translation import gettext_lazy as _

from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.know.places.models import Region
from anlan.know.places.tree import branch

PANELS = [
    Panel(
        name="head",
        on="places",
        title=_("基本情况"),
        order=10,
        permission="places.see",
        attributes=[
            Attribute("printed", _("区划代码"), kind="code", value=lambda region: region.printed),
            Attribute("level", _("级别"), kind="choice"),
            Attribute("kind", _("类别"), kind="choice"),
            Attribute("area_km2", _("面积"), kind="number", unit="km²"),
            Attribute("valid_from", _("设立日期"), kind="date"),
            Attribute("valid_to", _("撤销日期"), kind="date"),
            Attribute("source", _("来源")),
        ],
    ),
    Panel(
        name="children",
        on="places",
        title=_("下级区划"),
        order=20,
        permission="places.see",
        template="places/children.html",
        context=lambda user, region: {"branch": branch(user, region)},
    ),
    Panel(
        name="history",
        on="places",
        title=_("变更记录"),
        order=90,
        permission="places.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, region: {"steps": history(f"region:{region.pk}", Region)},
    ),
]
