from datetime import UTC, datetime
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.devices import gates as device_gates
from anlan.watch.devices.models import Point, Rule
from anlan.watch.tuning import actions, gates
from anlan.watch.tuning.models import Trial
from anlan.watch.tuning.trials import points_of
from anlan.watch.tuning.wording import differences

COUNTS = [
    ("alarms", _("报警数")),
    ("per_day", _("每天报警数")),
    ("most", _("十分钟内最多")),
    ("flood", _("报警泛滥时间占比（%）")),
    ("chatter", _("抖动的规则数")),
    ("standing", _("持续超过一天")),
    ("found", _("报出的实际险情")),
    ("missed", _("漏报的实际险情")),
    ("for_nothing", _("误报数")),
    ("delay", _("发现延迟中位数（秒）")),
]
LISTED = 50
PICKED = 200  # series to choose from
WIDTH = 1000


def _difference(user, change) -> dict:
    return {"differences": differences(change.before, change.after), "trial": change.trial}


def _outcome(user, trial) -> dict:
    told = trial.outcome
    points = {one[0] for side in told.values() for one in side["episodes"]}
    names = {
        point.pk: f"{point.device.name} {point.title}"
        for point in Point.objects.filter(pk__in=points).select_related("device")
    }
    sides = [(title, _listed(told[name]["episodes"], names)) for name, title in SIDES if name in told]
    return {
        "trial": trial,
        "working": trial.state in Trial.AT_WORK,
        "differences": differences(_before(trial), trial.after),
        "counts": [(title, told["before"][name], told["after"][name]) for name, title in COUNTS] if told else [],
        "sides": sides,
        "bars": [(title, _bars(trial, told[name]["episodes"])) for name, title in SIDES if name in told],
        "width": WIDTH,
        "curve": _curve(user, trial) if told else None,
    }


def _before(trial) -> dict:
    """The rule as it was when the trial was asked for: it may have been changed since, perhaps as tried."""
    number = actions.version_at(trial.rule_id, trial.asked_at)
    version = trial.rule.versions.filter(number=number).first()
    return version.settings if version else actions.settings_of(trial.rule)


def _curve(user, trial) -> dict | None:
    """The series the trial ran over, those with alarms first, and the limits that can be drawn beside them."""
    alarming = [one[0] for name, _title in SIDES if name in trial.outcome for one in trial.outcome[name]["episodes"]]
    place = {point: number for number, point in enumerate(dict.fromkeys(alarming))}
    points = device_gates.points_seen_by(user).filter(pk__in=points_of(trial)).select_related("device")
    ordered = sorted(points, key=lambda point: (place.get(point.pk, len(place)), point.pk))[:PICKED]
    if not ordered:
        return None
    limits = {
        name: settings["limit"]
        for (name, _title), settings in zip(SIDES, (_before(trial), trial.after), strict=True)
        if settings["enabled"] and settings["limit"] is not None and settings["of"] in DRAWN
    }
    return {
        "points": ordered,
        "start": round(trial.starts_at.timestamp() * 1000),
        "end": round(trial.ends_at.timestamp() * 1000),
        "limits": limits,
    }


DRAWN = {Rule.Of.VALUE, Rule.Of.MEAN}
"""What is of the same quantity as the readings: a limit of anything else would be drawn where it means nothing."""
SIDES = (("before", _("现行规则")), ("after", _("拟改规则")))


def _listed(episodes: list, names: dict[int, str]) -> list[dict]:
    return [
        {
            "point": names.get(point, point),
            "raised": datetime.fromtimestamp(raised / 1000, UTC),
            "cleared": None if cleared is None else datetime.fromtimestamp(cleared / 1000, UTC),
            "level": level,
        }
        for point, raised, cleared, level in episodes[:LISTED]
    ]


def _bars(trial: Trial, episodes: list) -> list[tuple[float, float, int]]:
    """(x, width, level) of each episode on a strip of WIDTH that is the whole period."""
    start, end = (at.timestamp() * 1000 for at in (trial.starts_at, trial.ends_at))
    scale = WIDTH / (end - start)
    bars = []
    for _point, raised, cleared, level in episodes:
        x = (raised - start) * scale
        bars.append((round(x, 1), round(max(((cleared or end) - raised) * scale, 1.5), 1), level))
    return bars


def _versions(user, rule) -> dict:
    versions = list(rule.versions.select_related("change__asked_by", "change__decided_by").order_by("-number"))
    told = [
        {"version": one, "differences": differences(before.settings, one.settings) if before else []}
        for one, before in zip_longest(versions, versions[1:])
    ]
    return {"rule": rule, "versions": told, "may_try": may_row(user, "tuning.try", rule)}


def _of_rule(user, rule):
    return "rule-changes", gates.seen_by(user).filter(rule=rule)


def _of_alarm(user, alarm) -> dict | None:
    number = actions.version_at(alarm.rule, alarm.raised_at)
    return None if number is None else {"number": number, "rule": alarm.rule}


PANELS = [
    Panel(
        name="versions",
        on="rules",
        title=_("版本"),
        order=20,
        permission="devices.see",
        template="tuning/versions.html",
        context=_versions,
        live=("tuning",),
    ),
    Panel(name="changes", on="rules", title=_("规则变更"), order=30, permission="devices.see", rows=_of_rule),
    Panel(
        name="version",
        on="alarms",
        title=_("报警时的规则版本"),
        order=60,
        permission="devices.see",
        side="aside",
        template="tuning/raised_by.html",
        context=_of_alarm,
    ),
    Panel(
        name="head",
        on="rule-changes",
        title=_("规则变更"),
        order=10,
        permission="devices.see",
        attributes=[
            Attribute("device", _("设备"), value=lambda change: change.rule.point.device.name),
            Attribute("rule", _("报警规则"), value=lambda change: str(change.rule)),
            Attribute("state", _("状态"), kind="choice"),
            Attribute("why", _("变更理由")),
            Attribute("asked_by", _("申请人"), kind="user"),
            Attribute("asked_at", _("申请时间"), kind="time"),
            Attribute("decided_by", _("批准人"), kind="user"),
            Attribute("decided_at", _("批准时间"), kind="time"),
            Attribute("words", _("说明")),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="difference",
        on="rule-changes",
        title=_("变更前后"),
        order=20,
        permission="devices.see",
        template="tuning/difference.html",
        context=_difference,
    ),
    Panel(
        name="head",
        on="trials",
        title=_("规则试算"),
        order=10,
        permission="tuning.try",
        attributes=[
            Attribute("device", _("设备"), value=lambda trial: trial.rule.point.device.name),
            Attribute("rule", _("报警规则"), value=lambda trial: str(trial.rule)),
            Attribute("state", _("状态"), kind="choice"),
            Attribute("scope", _("范围"), kind="choice"),
            Attribute("points", _("测点数"), kind="number"),
            Attribute("starts_at", _("起"), kind="time"),
            Attribute("ends_at", _("止"), kind="time"),
            Attribute("asked_by", _("申请人"), kind="user"),
        ],
    ),
    Panel(
        name="outcome",
        on="trials",
        title=_("试算结果"),
        order=20,
        permission="tuning.try",
        template="tuning/outcome.html",
        context=_outcome,
        live=("tuning",),
    ),
]
