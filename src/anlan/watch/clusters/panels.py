from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.alarms import gates as alarm_gates
from anlan.watch.clusters import gates
from anlan.watch.clusters.area_rules import area_rules
from anlan.watch.clusters.models import SUBJECT
from anlan.watch.devices.models import Rule

STATUSES = dict(Rule.Checked.choices)


def _rule(name: str):
    """What the rule says now; nothing when the pack has it no more."""
    rules = {one.code: one for one in area_rules()}
    return lambda cluster: getattr(rules.get(cluster.rule), name, "")


def _alarms(user, cluster):
    return "alarms", alarm_gates.seen_by(user).filter(clusters=cluster)


def _of_alarm(user, alarm):
    return "clusters", gates.seen_by(user).filter(alarms=alarm)


def _of_warning(user, case):
    kind, _colon, key = case.subject.partition(":")
    seen = gates.seen_by(user)
    return "clusters", seen.filter(pk=key) if kind == SUBJECT else seen.none()


PANELS = [
    Panel(
        name="head",
        on="clusters",
        title=_("聚集报警"),
        order=10,
        permission="alarms.see",
        attributes=[
            Attribute("level", _("等级"), kind="level"),
            Attribute("rule", _("规则"), value=_rule("title")),
            Attribute("source", _("依据"), value=_rule("source")),
            Attribute("status", _("核对情况"), value=lambda cluster: STATUSES.get(_rule("status")(cluster), "")),
            Attribute("devices", _("设备数"), kind="number"),
            Attribute("metres", _("半径（米）"), kind="number"),
            Attribute("first_at", _("首个报警时间"), kind="time"),
            Attribute("last_at", _("最近报警时间"), kind="time"),
            Attribute("found_at", _("发现时间"), kind="time"),
            Attribute("ended_at", _("结束时间"), kind="time"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("organisation", _("单位"), kind="organisation"),
        ],
    ),
    Panel(name="alarms", on="clusters", title=_("报警"), order=20, permission="alarms.see", rows=_alarms),
    Panel(name="clusters", on="warnings", title=_("聚集报警"), order=15, permission="alarms.see", rows=_of_warning),
    Panel(name="clusters", on="alarms", title=_("聚集报警"), order=60, permission="alarms.see", rows=_of_alarm),
]
