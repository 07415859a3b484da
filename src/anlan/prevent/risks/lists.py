from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu, RowAction
from anlan.prevent.risks import gates
from anlan.prevent.risks.actions import ask_review, confirm_review, retire
from anlan.prevent.risks.disasters import missing_words
from anlan.prevent.risks.disclosing import publish
from anlan.prevent.risks.evaluating import ways
from anlan.prevent.risks.joining import reply
from anlan.prevent.risks.models import Control, ResponsibleLevel, Unit
from anlan.prevent.risks.rules import TRIGGERS
from anlan.prevent.risks.states import PROCESS
from anlan.prevent.risks.wording import method_title


def _trigger(words: str) -> str:
    """The trigger whose title was chosen in the list of reasons."""
    return next((code for code, title in TRIGGERS.items() if words.startswith(str(title))), "process")


POINT_COLUMNS = [
    Column("dynamic_level", _("当前等级"), kind="level"),
    Column("name", _("风险点"), link=True, sort=""),
    Column("level", _("静态等级"), kind="level", sort="", default=False),
    Column("registered_level", _("在册等级"), kind="level", sort=""),
    Column("kind", _("类别"), kind="choice", sort=""),
    Column("organisation", _("企业"), kind="organisation", sort=""),
    Column("responsible_level", _("管控层级"), kind="choice", sort=""),
    Column("responsible", _("责任人"), sort=""),
    Column("post", _("岗位"), sort="", default=False),
    Column("review_due", _("应复评"), kind="date", sort="", default=False),
    Column("region", _("辖区"), kind="region", sort="", default=False),
    Column("code", _("编号"), kind="code", sort="", default=False),
]
POINT_FILTERS = [
    Filter("level", _("当前等级"), kind="level", field="dynamic_level"),
    Filter("kind", _("类别")),
    Filter("region", _("辖区"), kind="region"),
    Filter("organisation", _("企业"), kind="organisation"),
    Filter("responsible_level", _("管控层级")),
    Filter(
        "unevaluated",
        _("尚未评价"),
        kind="flag",
        apply=lambda rows, _value: rows.filter(level=None),
    ),
    Filter(
        "late",
        _("复评到期"),
        kind="flag",
        apply=lambda rows, _value: rows.filter(review_due__lte=timezone.localdate()),
    ),
]
HEAVY = ("geometry", "explanation", "handling")


def _events(rows, values):
    return rows.filter(level__in=values)


LISTS = [
    List(
        name="risks",
        title=_("风险点"),
        gate=lambda user: gates.seen_by(user).filter(in_use=True),
        permission=gates.SEE,
        columns=POINT_COLUMNS,
        filters=POINT_FILTERS,
        search=("name", "code", "initials"),
        order=("dynamic_level", "id"),
        defer=HEAVY,
        menu=Menu(group="risks", order=10, icon="shield-half"),
        actions=[
            RowAction(
                "review",
                _("复评无变化"),
                "risks.evaluate",
                lambda user, rows, words: confirm_review(user, rows, words),
                words=True,
                icon="checks",
            ),
            RowAction(
                "ask-review",
                _("要求重新评价"),
                "risks.change",
                lambda user, rows, words: ask_review(user, rows, _trigger(words), words),
                reasons=[Choice(code, title) for code, title in TRIGGERS.items()],
                icon="refresh-alert",
            ),
            RowAction(
                "retire",
                _("停用"),
                "risks.change",
                lambda user, rows, words: retire(user, rows),
                confirm=_("所选风险点将从清单和地图上移除，记录保留。"),
                style="danger",
            ),
        ],
        empty=_("还没有风险点。点“新建”按场所、设备、活动或岗位逐个辨识，或从行业模板带入。"),
        live=("risks",),
        level="dynamic_level",
    ),
    List(
        name="major-risks",
        title=_("重大风险清单"),
        gate=gates.major_seen_by,
        permission=gates.SEE,
        columns=POINT_COLUMNS,
        filters=[each for each in POINT_FILTERS if each.name in ("kind", "region", "organisation")],
        search=("name", "code", "initials"),
        order=("dynamic_level", "id"),
        defer=HEAVY,
        menu=Menu(group="risks", order=20, icon="alert-octagon"),
        item="risks.item",
        empty=_("没有重大（红色）风险。"),
        live=("risks",),
        level="dynamic_level",
    ),
    List(
        name="risk-events",
        title=_("风险分级管控清单"),
        gate=lambda user: gates.events_seen_by(user).filter(point__in_use=True),
        permission=gates.SEE,
        columns=[
            Column("level", _("等级"), kind="level", sort=""),
            Column("name", _("风险事件"), link=True, sort=""),
            Column("point", _("风险点"), sort=""),
            Column("unit", _("单元或步骤"), sort=""),
            Column("consequence", _("可能后果"), sort=""),
            Column("controls", _("管控措施"), value=lambda row: "；".join(each.text for each in row.controls.all())),
            Column("method", _("评价方法"), value=lambda row: method_title(row.method), default=False),
            Column("responsible_level", _("管控层级"), value=lambda row: row.point.get_responsible_level_display()),
            Column("responsible", _("责任人"), value=lambda row: row.point.responsible),
            Column("organisation", _("企业"), kind="organisation", value=lambda row: row.point.organisation),
        ],
        filters=[
            Filter("level", _("等级"), kind="level"),
            Filter("organisation", _("企业"), kind="organisation", field="point__organisation"),
            Filter("region", _("辖区"), kind="region", field="point__region"),
            Filter("way", _("辨识方法"), field="unit__way", choices=[Choice(*each) for each in Unit.Way.choices]),
            Filter("method", _("评价方法"), choices=lambda user: [Choice(n, method_title(n)) for n in ways()]),
            Filter("unevaluated", _("尚未评价"), kind="flag", apply=lambda rows, _value: rows.filter(level=None)),
        ],
        search=("name",),
        order=("point_id", "unit_id", "order", "id"),
        related=("point", "unit"),
        prefetch=("controls",),
        defer=("explanation", "point__geometry", "point__explanation", "point__handling"),
        menu=Menu(group="risks", order=30, icon="list-details"),
        empty=_("还没有风险事件。先登记风险点，再在其中辨识会发生什么。"),
        live=("risks",),
        level="level",
    ),
    List(
        name="risk-controls",
        title=_("隐患排查清单"),
        gate=lambda user: gates.controls_seen_by(user).filter(point__in_use=True),
        permission=gates.SEE,
        columns=[
            Column("level", _("等级"), kind="level", value=lambda row: row.event.level),
            Column("text", _("管控措施"), link=True, sort=""),
            Column("check_text", _("排查内容"), sort=""),
            Column("kind", _("措施类别"), kind="choice", sort=""),
            Column("point", _("风险点"), sort=""),
            Column("responsible_level", _("责任层级"), kind="choice", sort=""),
            Column("post", _("责任岗位"), sort=""),
            Column("every_days", _("周期"), kind="number", sort="", unit=_("天")),
            Column("clause", _("依据条款"), sort="", default=False),
            Column(
                "organisation", _("企业"), kind="organisation", value=lambda row: row.point.organisation, default=False
            ),
        ],
        filters=[
            Filter("responsible_level", _("责任层级"), choices=[Choice(*each) for each in ResponsibleLevel.choices]),
            Filter("kind", _("措施类别"), choices=[Choice(*each) for each in Control.Kind.choices]),
            Filter("organisation", _("企业"), kind="organisation", field="point__organisation"),
            Filter("region", _("辖区"), kind="region", field="point__region"),
            Filter(
                "unchecked", _("没有排查周期"), kind="flag", apply=lambda rows, _value: rows.filter(every_days=None)
            ),
        ],
        search=("text", "check_text"),
        order=("point_id", "event_id", "order", "id"),
        related=("point", "event"),
        defer=("event__explanation", "point__geometry", "point__explanation", "point__handling"),
        menu=Menu(group="risks", order=40, icon="list-check"),
        empty=_("还没有管控措施。在风险事件中逐条登记，就成为排查内容。"),
        live=("risks",),
        level="",
    ),
    List(
        name="risk-reports",
        title=_("安全风险报告"),
        gate=gates.reports_seen_by,
        permission="risk-reports.see",
        columns=[
            Column("level", _("等级"), kind="level"),
            Column("title", _("报告"), link=True, sort=""),
            Column("state", _("状态"), kind="state", sort=""),
            Column("due_at", _("期限"), kind="due", sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("opened_at", _("报告时间"), kind="time"),
            Column("number", _("编号"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("state", _("状态"), choices=[Choice(state.name, state.title) for state in PROCESS.states]),
            Filter("open", _("未办结"), kind="flag", apply=lambda rows, _value: rows.filter(is_open=True)),
            Filter("level", _("等级"), kind="level"),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("企业"), kind="organisation"),
        ],
        search=("title", "number__startswith"),
        order=("-is_open", "level", "-opened_at"),
        menu=Menu(group="risks", order=60, icon="file-report"),
        item="cases.item",
        empty=_("没有安全风险报告。红色、橙色风险的变化会自动上报，在此审核。"),
        live=("risk-reports",),
        level="level",
    ),
    List(
        name="floor-plans",
        title=_("企业平面图"),
        gate=gates.plans_seen_by,
        permission=gates.SEE,
        columns=[
            Column("title", _("名称"), link=True),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
            Column("changed_at", _("更新时间"), kind="time", sort=""),
        ],
        filters=[Filter("organisation", _("企业"), kind="organisation")],
        search=("title",),
        order=("title", "id"),
        defer=("drawing",),
        menu=Menu(group="risks", order=50, icon="map-2"),
        item="risks.plan",
        export=False,
        empty=_("还没有平面图。上传图片并指出四角坐标，或上传 DXF、GeoJSON。"),
        live=("risks",),
    ),
    List(
        name="risk-disclosures",
        title=_("风险公告"),
        gate=gates.disclosures_seen_by,
        permission=gates.SEE,
        columns=[
            Column("title", _("标题"), link=True, sort=""),
            Column("region", _("辖区"), kind="region", sort=""),
            Column("due_on", _("应公布日期"), kind="date"),
            Column("published_at", _("公布时间"), kind="time", sort=""),
            Column("count", _("风险数"), kind="number", value=lambda row: len(row.content) or None),
        ],
        filters=[
            Filter(
                "overdue",
                _("逾期未公布"),
                kind="flag",
                apply=lambda rows, _value: rows.filter(published_at=None, due_on__lt=timezone.localdate()),
            ),
            Filter("region", _("辖区"), kind="region"),
        ],
        search=("title",),
        order=("-due_on", "id"),
        menu=Menu(group="risks", order=70, icon="speakerphone"),
        actions=[
            RowAction(
                "publish",
                _("公布"),
                "risks.publish",
                lambda user, rows, words: publish(user, rows),
                confirm=_("将按当前区域风险库公布红色风险及管控情况，公布后内容不再改动。"),
                style="primary",
                icon="speakerphone",
            )
        ],
        empty=_("还没有风险公告。到期前 45 天系统自动列出。"),
        live=("risks",),
    ),
    List(
        name="joint-control",
        title=_("联防联控协议"),
        gate=gates.agreements_seen_by,
        permission="joint-control.see",
        columns=[
            Column("title", _("名称"), link=True, sort=""),
            Column("region", _("牵头地区"), kind="region", sort=""),
            Column("subject", _("联防事项"), sort=""),
            Column("from_level", _("通报等级"), kind="level", sort=""),
            Column("reply_hours", _("回复时限"), kind="number", sort="", unit=_("小时")),
            Column("until", _("止"), kind="date", sort=""),
        ],
        search=("title",),
        order=("-since", "id"),
        menu=Menu(group="risks", order=90, icon="affiliate", sides=("government",)),
        empty=_("还没有联防联控协议。与相邻地区签订后，红色预警自动通报对方。"),
        live=("joint-control",),
    ),
    List(
        name="shared-warnings",
        title=_("联防通报"),
        gate=gates.sharings_seen_by,
        permission="joint-control.see",
        columns=[
            Column("level", _("等级"), kind="level", sort=""),
            Column("words", _("内容"), link=True, sort=""),
            Column("from_region", _("通报地区"), kind="region", sort=""),
            Column("region", _("接收地区"), kind="region", sort=""),
            Column("sent_at", _("通报时间"), kind="time"),
            Column(
                "due_at", _("应回复"), kind="due", sort="", value=lambda row: None if row.replied_at else row.due_at
            ),
            Column("reply", _("回复"), sort=""),
            Column("replied_at", _("回复时间"), kind="time", sort=""),
        ],
        filters=[
            Filter("waiting", _("未回复"), kind="flag", apply=lambda rows, _value: rows.filter(replied_at=None)),
            Filter("level", _("等级"), kind="level"),
        ],
        search=("words",),
        order=("-sent_at", "id"),
        menu=Menu(group="risks", order=91, icon="arrows-exchange", sides=("government",)),
        actions=[
            RowAction(
                "reply",
                _("回复"),
                "joint-control.reply",
                lambda user, rows, words: reply(user, rows, words),
                words=True,
                style="primary",
                icon="message-reply",
            )
        ],
        empty=_("没有联防通报。"),
        live=("joint-control",),
        level="level",
    ),
    List(
        name="disaster-points",
        title=_("自然灾害风险点"),
        gate=gates.disasters_seen_by,
        permission="disaster-points.see",
        columns=[
            Column("level", _("等级"), kind="level"),
            Column("name", _("名称"), link=True, sort=""),
            Column("kind", _("灾害类型"), sort=""),
            Column("households", _("户数"), kind="number", sort=""),
            Column("persons", _("人数"), kind="number", sort=""),
            Column("missing", _("“一牌、两图、三清单”尚缺"), value=missing_words),
            Column("region", _("辖区"), kind="region", sort=""),
        ],
        filters=[Filter("level", _("等级"), kind="level"), Filter("region", _("辖区"), kind="region")],
        search=("name",),
        order=("level", "id"),
        menu=Menu(group="risks", order=80, icon="mountain"),
        empty=_("还没有自然灾害风险点。"),
        level="level",
    ),
]
MENU = [
    Entry(
        _("区域风险四色分布"),
        "risks.region",
        gates.SEE,
        group="risks",
        order=15,
        icon="chart-treemap",
        sides=("government",),
    ),
]
