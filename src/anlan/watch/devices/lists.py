from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu, RowAction
from anlan.desk.wording.units import shown
from anlan.watch.devices import gates
from anlan.watch.devices.actions import discard
from anlan.watch.devices.letters import retry
from anlan.watch.devices.models import Stranger
from anlan.watch.devices.orders import send
from anlan.watch.devices.profiles import all_profiles, title_of
from anlan.watch.devices.quarantine import admit_children, refuse


def _online(queryset, _value):
    return queryset.filter(online=False)


LISTS = [
    List(
        name="devices",
        title=_("设备"),
        gate=gates.seen_by,
        permission="devices.see",
        columns=[
            Column("name", _("名称"), link=True),
            Column("code", _("编号"), kind="code"),
            Column("profile", _("类型"), value=lambda device: title_of(device.profile), sort="profile"),
            Column("status", _("状态"), kind="choice"),
            Column("online", _("在线"), kind="flag"),
            Column("seen_at", _("最近上报"), kind="time"),
            Column("region", _("辖区"), kind="region"),
            Column("organisation", _("单位"), kind="organisation", default=False),
        ],
        filters=[
            Filter(
                "profile",
                _("类型"),
                choices=lambda user: [Choice(code, profile.title) for code, profile in all_profiles().items()],
            ),
            Filter("status", _("状态")),
            Filter("offline", _("离线"), kind="flag", apply=_online),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
        ],
        search=("name", "code__startswith", "initials__startswith"),
        order=("code",),
        menu=Menu(group="sensing", order=30, icon="cpu"),
        actions=[
            RowAction("query", _("询问"), "devices.command", lambda user, rows, words: send(user, rows, "query")),
            RowAction("clock", _("校时"), "devices.command", lambda user, rows, words: send(user, rows, "clock")),
            RowAction(
                "text",
                _("下发文字"),
                "devices.command",
                lambda user, rows, words: send(user, rows, "text", words),
                words=True,
            ),
            RowAction(
                "post-check", _("查岗"), "devices.command", lambda user, rows, words: send(user, rows, "post-check")
            ),
            RowAction(
                "reset",
                _("复位"),
                "devices.command",
                lambda user, rows, words: send(user, rows, "reset"),
                confirm=_("设备会重新启动，其间不监测。"),
                style="danger",
            ),
        ],
        empty=_("还没有设备。设备由系统管理员登记，或随演示数据载入。"),
    ),
    List(
        name="rules",
        title=_("报警规则"),
        gate=gates.rules_seen_by,
        permission="devices.see",
        columns=[
            Column("device", _("设备"), value=lambda rule: rule.point.device.name, link=True),
            Column("point", _("测点"), value=lambda rule: rule.point.title),
            Column("kind", _("种类"), kind="choice", sort=""),
            Column("limit", _("限值"), kind="number", sort=""),
            Column("unit", _("计量单位"), value=lambda rule: shown(rule.point.unit)),
            Column("level", _("等级"), kind="level", sort=""),
            Column("calendar", _("生效时段"), kind="choice", sort="", default=False),
            Column("on_delay", _("延时报警（秒）"), kind="number", sort="", default=False),
            Column("deadband", _("回差"), kind="number", sort="", default=False),
            Column("enabled", _("启用"), kind="flag", sort=""),
            Column("checked", _("核对情况"), kind="choice", sort=""),
            Column("source", _("依据"), sort="", default=False),
        ],
        filters=[
            Filter("kind", _("种类")),
            Filter("level", _("等级"), kind="level"),
            Filter("checked", _("核对情况")),
            Filter(
                "profile",
                _("类型"),
                field="point__device__profile",
                choices=lambda user: [Choice(code, profile.title) for code, profile in all_profiles().items()],
            ),
        ],
        search=("point__device__name", "point__device__code__startswith"),
        order=("pk",),
        related=("point__device",),
        menu=Menu(group="sensing", order=40, icon="adjustments"),
        empty=_("还没有报警规则。登记设备时，规则随设备类型一起建立。"),
    ),
    List(
        name="strangers",
        title=_("待准入设备"),
        gate=gates.strangers,
        permission="devices.admit",
        columns=[
            Column("name", _("自称"), link=True),
            Column("protocol", _("接入方式")),
            Column("gateway", _("所属网关"), sort=""),
            Column("address", _("来源"), kind="code"),
            Column("count", _("发来条数"), kind="number"),
            Column("first_at", _("首次出现"), kind="time"),
            Column("last_at", _("最近出现"), kind="time"),
            Column("status", _("处理"), kind="choice"),
        ],
        filters=[
            Filter("status", _("处理")),
            Filter("protocol", _("接入方式"), kind="text"),
            Filter("last_at", _("最近出现"), kind="dates"),
        ],
        search=("name", "identity__startswith", "address__startswith"),
        order=("-last_at",),
        related=("gateway",),
        menu=Menu(group="system", order=55, icon="shield-question"),
        actions=[
            RowAction(
                "admit",
                _("准入网关下的设备"),
                "devices.admit",
                lambda user, rows, words: admit_children(user, rows),
                confirm=_("所选设备按网关的单位和位置登记，类型按所报的键选取。"),
                style="primary",
                fits=lambda stranger: stranger.gateway_id is not None and not stranger.admitted,
            ),
            RowAction(
                "refuse",
                _("拒绝"),
                "devices.admit",
                lambda user, rows, words: refuse(user, rows),
                fits=lambda stranger: stranger.status == Stranger.Status.WAITING,
            ),
        ],
        empty=_("没有待准入的设备。凡是上报的，都已登记。"),
    ),
    List(
        name="dead-letters",
        title=_("未能读取的报文"),
        gate=gates.dead_letters,
        permission="devices.letters",
        columns=[
            Column("received_at", _("收到时间"), kind="time", link=True),
            Column("kind", _("类别")),
            Column("reason", _("原因"), sort=""),
            Column("device", _("设备"), sort=""),
            Column("address", _("来源"), default=False),
            Column("outcome", _("处理"), kind="choice"),
        ],
        filters=[
            Filter("outcome", _("处理")),
            Filter("kind", _("类别"), kind="text"),
            Filter("received_at", _("收到时间"), kind="dates"),
        ],
        search=("reason",),
        order=("-received_at",),
        related=("device",),
        defer=("payload",),
        menu=Menu(group="system", order=60, icon="mail-x"),
        actions=[
            RowAction(
                "retry", _("重试"), "devices.letters", lambda user, rows, words: retry(user, rows), style="primary"
            ),
            RowAction("discard", _("忽略"), "devices.letters", lambda user, rows, words: discard(user, rows)),
        ],
        empty=_("没有读不了的报文。设备送来的每一条都用上了。"),
    ),
]
