from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.alarms import gates
from anlan.watch.alarms.rules import CAUSES, DESIGNED
from anlan.watch.devices.models import Rule
from anlan.watch.devices.profiles import guidance_of

HEAD = [
    Attribute("level", _("等级"), kind="level"),
    Attribute("kind", _("种类"), kind="choice"),
    Attribute("device", _("设备")),
    Attribute("point", _("测点")),
    Attribute("value", _("触发值"), kind="number"),
    Attribute("worst", _("最值"), kind="number"),
    Attribute("limit", _("限值"), kind="number"),
    Attribute("unit", _("单位")),
    Attribute("raised_at", _("报警时间"), kind="time"),
    Attribute("cleared_at", _("恢复时间"), kind="time"),
    Attribute("activations", _("次数"), kind="number"),
    Attribute("state", _("状态"), kind="state"),
    Attribute("note", _("附注")),
    Attribute("acknowledged_by", _("确认人"), kind="user"),
    Attribute("acknowledged_at", _("确认时间"), kind="time"),
    Attribute("cause", _("原因"), value=lambda alarm: CAUSES.get(alarm.cause, "")),
    Attribute("organisation", _("单位"), kind="organisation"),
    Attribute("region", _("辖区"), kind="region"),
]


def _of_case(user, case):
    return "alarms", gates.safety(user).filter(case=case)


def _of_device(user, device):
    return "alarms", gates.seen_by(user).filter(device=device)


def _of_enterprise(user, enterprise):
    return "alarms", gates.desk(user).filter(organisation=enterprise.code, active=True)


def _active(user, _row):
    return "alarms", gates.desk(user).filter(active=True)


def _guidance(_user, alarm) -> dict:
    """What the rule tells the operator. Without an action it is an event, and the page says so."""
    rule = Rule.objects.filter(pk=alarm.rule).select_related("point__device").first()
    told = guidance_of(rule) if rule else {}
    english = "_en" if (get_language() or "").startswith("en") else ""
    parts = [(title, told.get(f"{name}{english}") or told.get(name)) for name, title in GUIDANCE.items()]
    return {
        "parts": [(title, words) for title, words in parts if words],
        "minutes": told.get("minutes"),
        "event": not told.get("action"),
        "rule": rule,
    }


GUIDANCE = {"cause": _("可能原因"), "consequence": _("不处置的后果"), "action": _("怎样处置")}


def _inhibitions(user, device) -> dict:
    """What holds the device's alarms back, and the way to suppress them by design."""
    return {
        "rows": list(gates.shelf(user).filter(device=device).select_related("asked_by", "agreed_by")[:20]),
        "may_suppress": may_row(user, "alarms.suppress", device),
        "design": DESIGNED.get(device.status),
        "suppressed": device.status in DESIGNED and gates.suppressed(user).filter(device=device).count(),
    }


PANELS = [
    Panel(
        name="inhibitions",
        on="devices",
        title=_("搁置与抑制"),
        order=48,
        permission="alarms.see",
        template="alarms/inhibitions.html",
        context=_inhibitions,
        live=("alarms",),
    ),
    Panel(name="head", on="alarms", title=_("报警"), order=10, permission="alarms.see", attributes=HEAD),
    Panel(
        name="guidance",
        on="alarms",
        title=_("处置指引"),
        order=15,
        permission="alarms.see",
        template="alarms/guidance.html",
        context=_guidance,
    ),
    Panel(
        name="guidance",
        on="sensor-health",
        title=_("处置指引"),
        order=15,
        permission="alarms.see",
        template="alarms/guidance.html",
        context=_guidance,
    ),
    Panel(name="head", on="sensor-health", title=_("设备健康"), order=10, permission="alarms.see", attributes=HEAD),
    Panel(name="alarms", on="warnings", title=_("相关报警"), order=20, permission="alarms.see", rows=_of_case),
    Panel(name="alarms", on="devices", title=_("报警"), order=40, permission="alarms.see", rows=_of_device),
    Panel(
        name="alarms",
        on="enterprises",
        title=_("正在报警"),
        order=15,
        permission="alarms.see",
        rows=_of_enterprise,
        empty=_("没有正在发生的报警。"),
        live=("alarms",),
    ),
    Panel(
        name="alarms",
        on="five-in-one",
        title=_("可燃有毒气体和其他报警"),
        order=30,
        permission="alarms.see",
        rows=_of_enterprise,
        empty=_("没有正在发生的报警。"),
        live=("alarms",),
    ),
    Panel(
        name="alarms",
        on="home",
        title=_("正在报警"),
        order=30,
        permission="alarms.see",
        rows=_active,
        limit=8,
        empty=_("没有正在发生的报警。"),
        live=("alarms",),
    ),
    Panel(
        name="alarms",
        on="bigscreen",
        title=_("正在报警"),
        order=10,
        permission="alarms.see",
        side="right",
        rows=_active,
        limit=8,
        empty=_("没有正在发生的报警。"),
        live=("alarms",),
        refresh=30,
    ),
]
