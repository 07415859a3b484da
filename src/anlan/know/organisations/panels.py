from django.utils.translation import gettext_lazy as _

from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.know.organisations import gates
from anlan.know.organisations.models import Organisation, Person

PANELS = [
    Panel(
        name="head",
        on="organisations",
        title=_("基本情况"),
        order=10,
        permission="organisations.see",
        attributes=[
            Attribute("name", _("名称")),
            Attribute("code", _("统一社会信用代码或内部代码"), kind="code"),
            Attribute("kind", _("类别"), kind="choice"),
            Attribute("parent", _("上级单位")),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("duty_phone", _("值班电话"), kind="code"),
            Attribute("phone", _("电话"), kind="code"),
            Attribute("address", _("地址")),
        ],
    ),
    Panel(
        name="people",
        on="organisations",
        title=_("人员"),
        order=20,
        permission="people.see",
        rows=lambda user, row: ("people", gates.people_seen_by(user).filter(organisation=row.code)),
        limit=20,
        empty=_("没有登记人员。"),
    ),
    Panel(
        name="below",
        on="organisations",
        title=_("下属单位"),
        order=30,
        permission="organisations.see",
        rows=lambda user, row: ("organisations", gates.seen_by(user).filter(parent=row)),
        empty=_("没有下属单位。"),
    ),
    Panel(
        name="history",
        on="organisations",
        title=_("变更记录"),
        order=90,
        permission="organisations.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, row: {"steps": history(f"organisation:{row.pk}", Organisation)},
    ),
    Panel(
        name="head",
        on="people",
        title=_("基本情况"),
        order=10,
        permission="people.see",
        attributes=[
            Attribute("name", _("姓名")),
            Attribute("phone", _("手机"), kind="code"),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("user", _("账号"), value=lambda person: person.user and person.user.username),
        ],
    ),
    Panel(
        name="positions",
        on="people",
        title=_("职务"),
        order=20,
        permission="people.see",
        template="organisations/positions.html",
        context=lambda user, person: {"positions": gates.positions_seen_by(user).filter(person=person)},
    ),
    Panel(
        name="history",
        on="people",
        title=_("变更记录"),
        order=90,
        permission="people.see",
        side="aside",
        template="audit/history.html",
        context=lambda user, person: {"steps": history(f"person:{person.pk}", Person)},
    ),
]
