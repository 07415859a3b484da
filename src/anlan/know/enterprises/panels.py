from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.know.enterprises import gates
from anlan.know.enterprises.categories import said
from anlan.know.enterprises.models import Enterprise
from anlan.know.enterprises.rules import industry_title
from anlan.know.organisations import gates as organisation_gates


def _categories(enterprise) -> str:
    return said(enterprise.categories.values_list("code", flat=True))


def _supervisors(enterprise) -> str:
    return gettext("、").join(organisation.name for organisation in enterprise.supervisors.all())


def _industry(enterprise) -> str:
    return f"{enterprise.industry} {industry_title(enterprise.industry)}".strip()


PANELS = [
    Panel(
        name="head",
        on="enterprises",
        title=_("基本情况"),
        order=10,
        permission="enterprises.see",
        attributes=[
            Attribute("level", _("风险等级"), kind="level"),
            Attribute("status", _("状态"), kind="choice"),
            Attribute("categories", _("监管类别"), value=_categories),
            Attribute("supervisors", _("行业监管部门"), value=_supervisors),
            Attribute("code", _("统一社会信用代码"), kind="code"),
            Attribute("industry", _("行业"), value=_industry),
            Attribute("scale", _("规模"), kind="choice"),
            Attribute("employees", _("从业人数"), kind="number"),
            Attribute("output", _("年产值"), kind="number", unit=_("万元")),
            Attribute("founded_on", _("成立日期"), kind="date"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("address", _("地址")),
        ],
    ),
    Panel(
        name="contacts",
        on="enterprises",
        title=_("联系方式"),
        order=15,
        permission="enterprises.see",
        side="aside",
        attributes=[
            Attribute("duty_phone", _("24 小时值班电话"), kind="code"),
            Attribute("safety_officer", _("安全负责人")),
            Attribute("safety_phone", _("安全负责人电话"), kind="code"),
            Attribute("legal_representative", _("法定代表人")),
            Attribute("phone", _("联系电话"), kind="code"),
        ],
    ),
    Panel(
        name="people",
        on="enterprises",
        title=_("人员"),
        order=60,
        permission="people.see",
        rows=lambda user, row: ("people", organisation_gates.people_seen_by(user).filter(organisation=row.code)),
        empty=_("没有登记人员。"),
    ),
    Panel(
        name="history",
        on="enterprises",
        title=_("变更记录"),
        order=90,
        permission="enterprises.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, row: {"steps": history(f"enterprise:{row.pk}", Enterprise)},
    ),
    Panel(
        name="enterprises",
        on="places",
        title=pgettext_lazy("several", "企业"),
        order=30,
        permission="enterprises.see",
        rows=lambda user, region: (
            "enterprises",
            gates.seen_by(user).filter(within(region.code)).order_by("region", "name"),
        ),
        empty=_("这里没有登记企业。"),
    ),
    Panel(
        name="supervised",
        on="organisations",
        title=_("监管的企业"),
        order=40,
        permission="enterprises.see",
        rows=lambda user, body: ("enterprises", gates.seen_by(user).filter(supervisors=body)),
        empty=_("没有登记由本单位监管的企业。"),
    ),
]
