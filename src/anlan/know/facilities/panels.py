from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.desk.access.regions import within
from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.know.facilities import gates
from anlan.know.facilities.grading import graded
from anlan.know.facilities.kinds import title_of
from anlan.know.facilities.models import Facility


def _attributes(user, facility) -> dict | None:
    """What the grading shows as a tree is not listed once more."""
    said = {name: value for name, value in facility.attributes.items() if name not in ("substances", "source")}
    return {"attributes": said} if said else None


def _grading(user, facility) -> dict | None:
    found = graded(facility.attributes, facility.hazard_level, timezone.localdate())
    return {"graded": found} if found else None


PANELS = [
    Panel(
        name="head",
        on="facilities",
        title=_("基本情况"),
        order=10,
        permission="facilities.see",
        attributes=[
            Attribute("kind", _("类别"), value=lambda row: title_of(row.kind)),
            Attribute("code", _("编号"), kind="code"),
            Attribute("organisation", _("企业或单位"), kind="organisation"),
            Attribute("parent", _("所属设施")),
            Attribute("hazard_level", _("重大危险源等级"), kind="choice"),
            Attribute("r_value", _("R 值"), kind="number"),
            Attribute("consequence_m", _("后果影响范围"), kind="number", unit="m"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("in_service", _("在用"), kind="flag"),
        ],
    ),
    Panel(
        name="attributes",
        on="facilities",
        title=_("属性"),
        order=20,
        permission="facilities.see",
        template="facilities/attributes.html",
        context=_attributes,
    ),
    Panel(
        name="grading",
        on="facilities",
        title=_("重大危险源辨识与分级"),
        order=25,
        permission="facilities.see",
        template="facilities/grading.html",
        context=_grading,
    ),
    Panel(
        name="parts",
        on="facilities",
        title=_("下属设施"),
        order=30,
        permission="facilities.see",
        rows=lambda user, row: ("facilities", gates.seen_by(user).filter(parent=row).order_by("name", "id")),
        empty=_("没有下属设施。"),
    ),
    Panel(
        name="history",
        on="facilities",
        title=_("变更记录"),
        order=90,
        permission="facilities.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, row: {"steps": history(f"facility:{row.pk}", Facility)},
    ),
    Panel(
        name="facilities",
        on="enterprises",
        title=pgettext_lazy("several", "设施"),
        order=30,
        permission="facilities.see",
        rows=lambda user, row: ("facilities", gates.seen_by(user).filter(organisation=row.code).order_by("name", "id")),
        empty=_("没有登记设施。"),
    ),
    Panel(
        name="facilities",
        on="places",
        title=pgettext_lazy("several", "设施"),
        order=40,
        permission="facilities.see",
        rows=lambda user, region: (
            "facilities",
            gates.seen_by(user).filter(within(region.code)).order_by("region", "id"),
        ),
        empty=_("这里没有登记设施。"),
    ),
]
