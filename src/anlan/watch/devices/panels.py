from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.devices import gates
from anlan.watch.devices.identities import knows_password
from anlan.watch.devices.latest import latest
from anlan.watch.devices.letters import shown
from anlan.watch.devices.models import Point, Rule
from anlan.watch.devices.profiles import title_of

DAYS = ((1, _("一天")), (7, _("七天")), (31, _("一个月")))


def _points(user, device) -> dict | None:
    return _shown(device.points.all())


def _of_hazard(user, facility) -> dict | None:
    """The live values of everything that watches a major hazard."""
    devices = gates.seen_by(user).filter(facility=facility)
    return _shown(Point.objects.filter(device__in=devices.values("pk")))


def _shown(points) -> dict | None:
    points = list(points.prefetch_related("rules").order_by("pk")[:50])
    if not points:
        return None
    known = latest(point.pk for point in points)
    return {
        "points": [
            {"point": point, "latest": (known or {}).get(point.pk), "limits": _limits(point)} for point in points
        ],
        "answered": known is not None,
        "days": DAYS,
    }


def _limits(point) -> list[Rule]:
    return sorted(
        (rule for rule in point.rules.all() if rule.enabled), key=lambda rule: (rule.limit is None, rule.limit)
    )


def _kept(user, stranger) -> dict | None:
    messages = list(stranger.messages.order_by("-received_at")[:20])
    return {"messages": [{"message": one, "shown": shown(one)} for one in messages]} if messages else None


def _rules(user, device):
    return "rules", gates.rules_seen_by(user).filter(point__device=device)


def _access(user, device) -> dict | None:
    """How it shows who it is, for whoever may change that."""
    if not may_row(user, "devices.change", device):
        return None
    return {
        "device": device,
        "password": knows_password(device.identity or ""),
        "renewable": bool(device.token_digest) or not device.gateway_id,
    }


def _of_facility(user, facility):
    return "devices", gates.seen_by(user).filter(facility=facility)


def _of_enterprise(user, enterprise):
    return "devices", gates.seen_by(user).filter(organisation=enterprise.code)


PANELS = [
    Panel(
        name="head",
        on="devices",
        title=_("设备"),
        order=10,
        permission="devices.see",
        attributes=[
            Attribute("code", _("编号"), kind="code"),
            Attribute("profile", _("类型"), value=lambda device: title_of(device.profile)),
            Attribute("status", _("状态"), kind="choice"),
            Attribute("online", _("在线"), kind="flag"),
            Attribute("seen_at", _("最近上报"), kind="time"),
            Attribute("gateway", _("所属网关")),
            Attribute("facility", _("所在设施")),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="points",
        on="devices",
        title=_("监测读数"),
        order=20,
        permission="devices.see",
        template="devices/points.html",
        context=_points,
    ),
    Panel(
        name="live",
        on="major-hazards",
        title=_("实时监测"),
        order=20,
        permission="devices.see",
        template="devices/points.html",
        context=_of_hazard,
    ),
    Panel(
        name="access",
        on="devices",
        title=_("接入"),
        order=30,
        permission="devices.change",
        side="aside",
        template="devices/access.html",
        context=_access,
    ),
    Panel(name="rules", on="devices", title=_("报警规则"), order=50, permission="devices.see", rows=_rules),
    Panel(name="devices", on="facilities", title=_("监测设备"), order=40, permission="devices.see", rows=_of_facility),
    Panel(
        name="devices", on="enterprises", title=_("监测设备"), order=45, permission="devices.see", rows=_of_enterprise
    ),
    Panel(
        name="head",
        on="rules",
        title=_("报警规则"),
        order=10,
        permission="devices.see",
        attributes=[
            Attribute("device", _("设备"), value=lambda rule: rule.point.device.name),
            Attribute("point", _("测点"), value=lambda rule: rule.point.title),
            Attribute("kind", _("种类"), kind="choice"),
            Attribute("calendar", _("生效时段"), kind="choice"),
            Attribute("limit", _("限值"), kind="number"),
            Attribute("deadband", _("回差"), kind="number"),
            Attribute("on_delay", _("延时报警（秒）"), kind="number"),
            Attribute("off_delay", _("延时恢复（秒）"), kind="number"),
            Attribute("silence", _("静默时限（秒）"), kind="number"),
            Attribute("level", _("等级"), kind="level"),
            Attribute("enabled", _("启用"), kind="flag"),
            Attribute("source", _("依据")),
            Attribute("checked", _("核对情况"), kind="choice"),
        ],
    ),
    Panel(
        name="head",
        on="strangers",
        title=_("待准入设备"),
        order=10,
        permission="devices.admit",
        attributes=[
            Attribute("name", _("自称")),
            Attribute("identity", _("身份"), kind="code"),
            Attribute("protocol", _("接入方式")),
            Attribute("gateway", _("所属网关")),
            Attribute("address", _("来源"), kind="code"),
            Attribute("count", _("发来条数"), kind="number"),
            Attribute("first_at", _("首次出现"), kind="time"),
            Attribute("last_at", _("最近出现"), kind="time"),
            Attribute("weak", _("令牌过短"), kind="flag"),
            Attribute("status", _("处理"), kind="choice"),
            Attribute("decided_by", _("处理人"), kind="user"),
            Attribute("decided_at", _("处理时间"), kind="time"),
        ],
    ),
    Panel(
        name="device",
        on="strangers",
        title=_("准入为"),
        order=15,
        permission="devices.see",
        rows=lambda user, stranger: ("devices", gates.seen_by(user).filter(pk=stranger.device_id)),
        empty=_("还没有准入。"),
    ),
    Panel(
        name="messages",
        on="strangers",
        title=_("它发来的报文"),
        order=20,
        permission="devices.admit",
        template="devices/kept_messages.html",
        context=_kept,
    ),
    Panel(
        name="head",
        on="dead-letters",
        title=_("未能读取的报文"),
        order=10,
        permission="devices.letters",
        attributes=[
            Attribute("received_at", _("收到时间"), kind="time"),
            Attribute("kind", _("类别")),
            Attribute("reason", _("原因")),
            Attribute("device", _("设备")),
            Attribute("address", _("来源")),
            Attribute("topic", _("主题")),
            Attribute("count", _("代表条数"), kind="number"),
            Attribute("outcome", _("处理"), kind="choice"),
            Attribute("outcome_words", _("处理结果")),
            Attribute("payload", _("原文"), kind="code", value=shown),
        ],
    ),
]
