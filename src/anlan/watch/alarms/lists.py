from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu, RowAction
from anlan.desk.pages import timing
from anlan.desk.wording.units import shown
from anlan.watch.alarms import gates
from anlan.watch.alarms.actions import acknowledge, agree, release
from anlan.watch.alarms.models import Alarm, Inhibition
from anlan.watch.alarms.policy import policy
from anlan.watch.alarms.rules import CAUSES, TROUBLES, figure


def _acknowledged(user, rows, words):
    """The chosen cause comes as its words, with what else was written behind a colon."""
    code = next((code for code, title in CAUSES.items() if words.partition("：")[0] == str(title)), "")
    return _now("已确认 %(count)d 条。") % {"count": acknowledge(user, rows, code)}


ACKNOWLEDGE = RowAction(
    "acknowledge",
    _("确认"),
    "alarms.acknowledge",
    _acknowledged,
    reasons=[Choice(code, title) for code, title in CAUSES.items()],
    style="primary",
    icon="check",
    key="a",
)
SHELVE = RowAction("shelve", _("搁置"), "alarms.shelve", None, icon="clock-pause", key="s", page="alarms.shelve")
RETIRE = RowAction("retire", _("停用"), "alarms.retire", None, icon="ban", page="alarms.retire")


def _policy():
    return policy(timezone.localdate())


def _stale(alarms, _value):
    return alarms.filter(active=True, raised_at__lt=timezone.now() - timedelta(hours=_policy()["stale_hours"]))


def _fleeting(alarms, _value):
    return alarms.filter(
        active=False, activations=1, cleared_at__lt=F("raised_at") + _policy().seconds("fleeting_seconds")
    )


def _reading(alarm: Alarm) -> str:
    """The worst value against the limit: 92.4 / 90 %."""
    if alarm.worst is None:
        return ""
    limit = "" if alarm.limit is None else f" / {figure(alarm.limit)}"
    return f"{figure(alarm.worst)}{limit} {shown(alarm.unit)}".strip()


def _lasting(alarm: Alarm) -> str:
    """How long it has been active, or was."""
    return timing.span(((alarm.cleared_at or timezone.now()) - alarm.raised_at).total_seconds())


def _marks(alarm: Alarm) -> str:
    """What is particular about it: chatter, stale, back from the shelf and why it lay there."""
    stale = timezone.now() - timedelta(hours=_policy()["stale_hours"])
    marks = [
        (alarm.chattered, _now("抖动")),
        (alarm.active and alarm.raised_at < stale, _now("长期")),
        (bool(alarm.note), alarm.note),
    ]
    return " · ".join(words for holds, words in marks if holds)


def _owner(alarm: Alarm):
    return alarm.acknowledged_by or (alarm.case.assignee if alarm.case else None)


def _last(alarm: Alarm) -> str:
    if not alarm.last_act:
        return ""
    who = alarm.last_by or _now("系统")
    return f"{alarm.get_last_act_display()} {who} {timezone.localtime(alarm.last_at):%H:%M}"


def _map(alarm: Alarm):
    if alarm.lon is None:
        return ""
    place = f"map=15/{alarm.lat:.5f}/{alarm.lon:.5f}&item=alarms/{alarm.pk}"
    return format_html(
        '<a href="{}#{}" data-key="m" data-key-title="{}">{}</a>', reverse("onemap:map"), place, _("地图"), _("地图")
    )


LEVEL = Column("level", _("等级"), kind="level")
TITLE = Column("title", _("报警"), link=True, sort="")
ORGANISATION = Column("organisation", _("单位"), kind="organisation", sort="")
COLUMNS = [
    LEVEL,
    Column("state", _("状态"), kind="state", sort=""),
    TITLE,
    Column("reading", _("数值 / 限值"), value=_reading),
    Column("raised_at", _("已持续"), value=_lasting, sort="raised_at"),
    Column("activations", _("激活次数"), kind="number", sort=""),
    Column("marks", _("标记"), value=_marks),
    ORGANISATION,
    Column("region", _("辖区"), kind="region", sort="", default=False),
    Column("owner", _("负责人"), kind="user", value=_owner),
    Column("due", _("下一时限"), kind="due", value=lambda alarm: alarm.case.due_at if alarm.case else None),
    Column("last", _("最近操作"), value=_last),
    Column("map", _("地图"), value=_map, told=False),
]
PAST = [
    LEVEL,
    Column("state", _("状态"), kind="state", sort=""),
    TITLE,
    Column("worst", _("最值"), kind="number", sort=""),
    Column("limit", _("限值"), kind="number", sort=""),
    Column("unit", _("单位"), sort="", default=False),
    Column("raised_at", _("报警时间"), kind="time"),
    Column("cleared_at", _("恢复时间"), kind="time", sort=""),
    Column("activations", _("激活次数"), kind="number", sort=""),
    ORGANISATION,
    Column("region", _("辖区"), kind="region", sort="", default=False),
    Column("acknowledged_by", _("确认人"), kind="user", sort=""),
    Column("cause", _("原因"), value=lambda alarm: CAUSES.get(alarm.cause, "")),
    Column("note", _("附注"), sort="", default=False),
]
PLACE = [
    Filter("kind", _("种类")),
    Filter("region", _("辖区"), kind="region"),
    Filter("organisation", _("单位"), kind="organisation"),
    Filter("raised_at", _("报警时间"), kind="dates"),
]
FILTERS = [
    Filter("level", _("等级"), kind="level"),
    Filter(
        "unacknowledged", _("未确认"), kind="flag", apply=lambda alarms, _value: alarms.filter(acknowledged_at=None)
    ),
    Filter("active", _("报警中"), kind="flag", apply=lambda alarms, _value: alarms.filter(active=True)),
    Filter("stale", _("长期报警"), kind="flag", apply=_stale),
    Filter("chatter", _("抖动"), kind="flag", apply=lambda alarms, _value: alarms.filter(chattered=True)),
    Filter("facility", _("区域"), kind="text", apply=lambda alarms, code: _at(alarms, code)),
    *PLACE,
]


def _at(alarms, code: str):
    """Those of one facility by its number, or whose facility's name holds these characters."""
    if code.isascii() and code.isdecimal():
        return alarms.filter(device__facility=int(code[:9]))
    return alarms.filter(device__facility__name__icontains=code)


def _in_trouble(alarms, wanted):
    """Alarms by what is wrong with the sensor, as rules.trouble says it."""
    told = {
        "offline": alarms.filter(kind="SILENCE"),
        "range": alarms.filter(of="RANGE").exclude(kind="SILENCE"),
        "stuck": alarms.filter(of="SPREAD", kind__in=["L", "LL"]),
        "chatter": alarms.filter(chatter=True),
        "other": alarms.filter(health=True).exclude(kind="SILENCE").exclude(of__in=["RANGE", "SPREAD"]),
    }
    found = told[wanted[0]]
    for code in wanted[1:]:
        found = found | told[code]
    return found


RELATED = ("acknowledged_by", "last_by", "case__assignee")

LISTS = [
    List(
        name="alarms",
        title=_("报警"),
        gate=gates.desk,
        item_gate=gates.safety,
        permission="alarms.see",
        columns=COLUMNS,
        filters=FILTERS,
        search=("title",),
        # What nobody has seen first, then the most serious, then what has waited longest.
        order=("rank", "level", "raised_at"),
        related=RELATED,
        menu=Menu(group="watch", order=10, icon="bell-ringing"),
        actions=[ACKNOWLEDGE, SHELVE, RETIRE],
        above="alarms/above.html",
        empty=_("没有报警。设备读数越限时，报警会在一秒内出现在这里。"),
        live=("alarms",),
        level="level",
    ),
    List(
        name="sensor-health",
        title=_("设备健康"),
        gate=gates.troubled,
        item_gate=gates.health,
        permission="alarms.see",
        columns=[
            LEVEL,
            Column("trouble", _("问题"), value=lambda alarm: TROUBLES.get(alarm.trouble, "")),
            *COLUMNS[1:],
        ],
        filters=[
            Filter("trouble", _("问题"), choices=list(TROUBLES.items()), apply=_in_trouble),
            Filter("level", _("等级"), kind="level"),
            *PLACE,
        ],
        search=("title",),
        order=("rank", "level", "raised_at"),
        related=RELATED,
        menu=Menu(group="watch", order=20, icon="heart-rate-monitor"),
        actions=[ACKNOWLEDGE, SHELVE, RETIRE],
        above="alarms/tabs.html",
        empty=_("所有设备都在按时上报。设备离线、读数不变、超出量程或抖动时，会出现在这里，不与安全报警混在一起。"),
        live=("alarms",),
        level="level",
    ),
    List(
        name="alarm-shelf",
        title=_("搁置与抑制"),
        gate=gates.shelf,
        permission="alarms.see",
        columns=[
            LEVEL,
            Column("title", _("报警"), value=str),
            Column("kind", _("种类"), kind="choice"),
            Column("waits", _("状态"), value=lambda one: _held(one)),
            Column("until", _("剩余"), kind="due"),
            Column("reason", _("原因"), kind="choice"),
            Column("words", _("说明"), sort=""),
            Column("hours", _("时段"), value=lambda one: _hours(one), default=False),
            Column("asked_by", _("提出人"), kind="user", sort=""),
            Column("agreed_by", _("同意人"), kind="user", sort=""),
            Column("since", _("开始"), kind="time"),
            ORGANISATION,
        ],
        filters=[
            Filter("level", _("等级"), kind="level"),
            Filter("kind", _("种类")),
            Filter("reason", _("原因")),
            Filter(
                "waiting",
                _("待同意"),
                kind="flag",
                apply=lambda rows, _value: rows.filter(in_force=False),
            ),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
        ],
        search=("title",),
        order=("until",),
        related=("asked_by", "agreed_by"),
        item=False,
        actions=[
            RowAction(
                "agree", _("同意"), "alarms.agree", lambda user, rows, _words: _agreed(user, rows), style="primary"
            ),
            RowAction(
                "release",
                _("结束"),
                "alarms.shelve",
                lambda user, rows, _words: _released(user, rows),
                confirm=_("结束后，仍在报警的将立即回到报警台。"),
            ),
        ],
        above="alarms/tabs.html",
        empty=_("没有搁置、抑制或停用的报警。"),
        live=("alarms",),
        level="level",
    ),
    List(
        name="suppressed-alarms",
        title=_("设计抑制的报警"),
        gate=gates.suppressed,
        permission="alarms.see",
        columns=[
            LEVEL,
            TITLE,
            Column("note", _("附注"), sort=""),
            Column("reading", _("数值 / 限值"), value=_reading),
            Column("raised_at", _("已持续"), value=_lasting, sort="raised_at"),
            ORGANISATION,
            Column("region", _("辖区"), kind="region", sort="", default=False),
        ],
        filters=[Filter("level", _("等级"), kind="level"), *PLACE],
        search=("title",),
        order=("level", "raised_at"),
        item="alarms.item",
        above="alarms/tabs.html",
        empty=_("没有设计抑制的报警。设备检修、开停车时，它的报警仍然判断，但只列在这里。"),
        live=("alarms",),
        level="level",
    ),
    List(
        name="alarm-records",
        title=_("报警记录"),
        gate=gates.safety,
        permission="alarms.see",
        columns=PAST,
        filters=[
            Filter("level", _("等级"), kind="level"),
            Filter("state", _("状态")),
            Filter("chatter", _("抖动"), kind="flag", apply=lambda alarms, _value: alarms.filter(chattered=True)),
            Filter("fleeting", _("一闪而过"), kind="flag", apply=_fleeting),
            Filter("cause", _("原因"), choices=list(CAUSES.items())),
            *PLACE,
        ],
        search=("title",),
        order=("-raised_at",),
        related=("acknowledged_by",),
        item="alarms.item",
        above="alarms/tabs.html",
        empty=_("还没有报警记录。"),
        level="level",
    ),
]


def _held(one: Inhibition) -> str:
    return _now("生效") if one.in_force else _now("待另一人同意")


def _hours(one: Inhibition) -> str:
    days = [_now("周一"), _now("周二"), _now("周三"), _now("周四"), _now("周五"), _now("周六"), _now("周日")]
    return "、".join(f"{days[day]} {first}–{last}" for day, first, last in one.hours)


def _agreed(user, rows) -> str:
    return _now("已同意 %(count)d 项。") % {"count": agree(user, rows)}


def _released(user, rows) -> str:
    return _now("已结束 %(count)d 项。") % {"count": release(user, rows)}
