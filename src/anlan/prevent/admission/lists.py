from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Filter, List, Menu, RowAction
from anlan.prevent.admission import actions, gates
from anlan.prevent.admission.models import Entry


def _each(verb):
    """A verb of one row, as a row action wants it."""

    def run(user, rows, words):
        for row in rows:
            verb(user, row, words)

    return run


def _admit(user, rows, words):
    refused = [entry for entry in (actions.decide(user, row, admit=True, words=words) for row in rows)
               if entry.state == Entry.State.REFUSED]  # fmt: skip
    return _("%(count)d 件因资料不符未准入，原因见许可页。") % {"count": len(refused)} if refused else ""


LISTS = [
    List(
        name="contractors",
        title=_("承包商"),
        gate=gates.seen_by,
        permission=gates.SEE,
        columns=[
            Column("name", _("承包商名称"), link=True),
            Column("organisation", _("为谁作业"), kind="organisation", sort=""),
            Column("scope", _("承包范围"), sort=""),
            Column("agreement_until", _("协议到期"), kind="date", sort=""),
            Column("qualification_until", _("资质到期"), kind="date", sort=""),
            Column("points", _("违章记分"), kind="number", sort=""),
            Column("barred", _("禁入"), sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
            Column("code", _("统一社会信用代码"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("企业"), kind="organisation"),
            Filter("barred", _("禁入"), kind="flag", apply=lambda rows, _v: rows.exclude(barred="")),
        ],
        search=("name", "code", "initials"),
        order=("name", "id"),
        menu=Menu(group="permits", order=60, icon="users-group"),
        actions=[
            RowAction("bar", _("列入禁入"), "admission.decide", _each(actions.bar), words=True, style="danger"),
            RowAction(
                "unbar",
                _("解除禁入"),
                "admission.decide",
                lambda user, rows, words: _each(actions.bar)(user, rows, ""),
                confirm=_("所选承包商将可以再次申请入厂。"),
            ),
        ],
        empty=_("还没有承包商。外来单位进厂作业前，先在这里登记资质和安全协议。"),
        live=("admission",),
    ),
    List(
        name="contract-staff",
        title=_("承包商人员"),
        gate=gates.staff_seen_by,
        permission=gates.SEE,
        columns=[
            Column("name", _("姓名"), link=True),
            Column("contractor", _("承包商"), value=lambda row: row.contractor.name),
            Column("job", _("工种"), sort=""),
            Column("certificate", _("特种作业证编号"), kind="code", sort=""),
            Column("trained_until", _("教育到期"), kind="date", sort=""),
            Column("barred", _("禁入"), sort=""),
            Column("organisation", _("为谁作业"), kind="organisation", sort="", default=False),
        ],
        filters=[
            Filter("organisation", _("企业"), kind="organisation"),
            Filter("barred", _("禁入"), kind="flag", apply=lambda rows, _v: rows.exclude(barred="")),
        ],
        search=("name",),
        order=("name", "id"),
        related=("contractor",),
        actions=[RowAction("bar", _("列入禁入"), "admission.decide", _each(actions.bar), words=True, style="danger")],
        empty=_("没有承包商人员。在承包商页面点“登记人员”。"),
        live=("admission",),
    ),
    List(
        name="entry-permits",
        title=_("入厂许可"),
        gate=gates.entries_seen_by,
        permission=gates.SEE,
        columns=[
            Column("work", _("作业内容"), link=True, sort=""),
            Column("contractor", _("承包商"), value=lambda row: row.contractor.name),
            Column("state", _("状态"), kind="choice", sort=""),
            Column("starts_on", _("起"), kind="date", sort=""),
            Column("ends_on", _("止"), kind="date", sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("asked_at", _("申请时间"), kind="time"),
        ],
        filters=[
            Filter("state", _("状态")),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("企业"), kind="organisation"),
            Filter("asked_at", _("申请时间"), kind="dates"),
        ],
        search=("work",),
        order=("-asked_at", "id"),
        related=("contractor",),
        menu=Menu(group="permits", order=50, icon="id-badge"),
        actions=[
            RowAction("admit", _("准入"), "admission.decide", _admit, style="primary"),
            RowAction(
                "refuse",
                _("不准入"),
                "admission.decide",
                _each(lambda user, row, words: actions.decide(user, row, admit=False, words=words)),
                words=True,
                style="danger",
            ),
            RowAction("withdraw", _("收回许可"), "admission.decide", _each(actions.withdraw), words=True),
        ],
        empty=_("没有入厂许可。在承包商页面点“申请入厂”，资质、教育和证书当场核对。"),
        live=("admission",),
    ),
    List(
        name="contractor-violations",
        title=_("承包商违章"),
        gate=gates.violations_seen_by,
        permission=gates.SEE,
        columns=[
            Column("words", _("违章情况"), link=True, sort=""),
            Column("on", _("日期"), kind="date"),
            Column("contractor", _("承包商"), value=lambda row: row.contractor.name),
            Column("staff", _("人员"), value=lambda row: row.staff and row.staff.name),
            Column("points", _("记分"), kind="number", sort=""),
            Column("organisation", _("企业"), kind="organisation", sort="", default=False),
        ],
        filters=[Filter("organisation", _("企业"), kind="organisation"), Filter("on", _("日期"), kind="dates")],
        search=("words",),
        order=("-on", "id"),
        related=("contractor", "staff"),
        empty=_("没有登记违章。"),
        live=("admission",),
    ),
]
