"""Device profiles as packs declare them: which points a kind of device has, in which unit, and when they alarm."""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from anlan import packs
from anlan.telemetry import book
from anlan.telemetry.declared import kind_of
from anlan.watch.devices.models import Device, Point, Rule


@dataclass(frozen=True, kw_only=True)
class Profile:
    code: str
    title_zh: str
    title_en: str
    shape: str
    points: dict[str, dict]
    settings: dict

    @property
    def reported(self) -> set[str]:
        """Keys of the points that a device of the kind sends."""
        return {key for key, point in self.points.items() if "computed" not in point}

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_zh


@cache
def all_profiles() -> dict[str, Profile]:
    return {
        code: Profile(
            code=code,
            title_zh=entry["title"],
            title_en=entry["title_en"],
            shape=entry.get("shape", "circle"),
            points=entry["points"],
            settings=entry.get("settings", {}),
        )
        for code, entry in packs.section("profiles").items()
    }


def title_of(code: str) -> str:
    profile = all_profiles().get(code)
    return profile.title if profile else code


def points_of(device: Device) -> list[Point]:
    """The points a device of this profile has, not yet saved."""
    profile = all_profiles().get(device.profile)
    return [
        Point(
            device=device,
            key=key,
            title=point["title"],
            unit=point.get("unit", ""),
            low=point.get("low"),
            high=point.get("high"),
            health=point.get("health", False),
            computed=point.get("computed"),
        )
        for key, point in (profile.points.items() if profile else ())
    ]


def rules_of(point: Point, profile: str) -> list[Rule]:
    """The rules a point of this profile starts with, not yet saved. `other` is left to `fit`, which knows ids; guidance
    stays with the profile until somebody writes another for this device."""
    declared = all_profiles()[profile].points[point.key].get("rules", [])
    return [
        Rule(point=point, **{"checked": "configured", **{name: rule[name] for name in rule if name not in LEFT}})
        for rule in declared
    ]


LEFT = {"other", "guidance"}


def guidance_of(rule: Rule) -> dict:
    """What the operator is told: the rule's own words, else those the profile has for a rule like it."""
    profile = all_profiles().get(rule.point.device.profile)
    point = profile.points.get(rule.point.key, {}) if profile else {}
    same = (rule.kind, rule.of, rule.window, rule.calendar)
    declared = (one for one in point.get("rules", ()) if kind_of(one) == same)
    return rule.guidance or next((one.get("guidance", {}) for one in declared), {})


def with_others(points: list[Point], profile: str) -> list[Rule]:
    """The rules of all points of one device, those that compare with a sibling pointing to it."""
    by_key = {point.key: point for point in points}
    found = []
    for point in points:
        declared = all_profiles()[profile].points[point.key].get("rules", [])
        for rule, entry in zip(rules_of(point, profile), declared, strict=True):
            if "other" in entry:
                rule.other = by_key[entry["other"]]
            found.append(rule)
    return found


def fit(device: Device) -> None:
    """Gives a new device the points and rules of its profile."""
    Rule.objects.bulk_create(with_others(_on_one_page(device), device.profile))


def _on_one_page(device: Device) -> list[Point]:
    """Its points. They are evaluated together when they stand on one page of the rulebook: where their numbers run over
    its edge they get others, behind it."""
    points = Point.objects.bulk_create(points_of(device))
    if len({book.rule_page(point.pk) for point in points}) < 2:
        return points
    Point.objects.filter(pk__in=[point.pk for point in points]).delete()
    return Point.objects.bulk_create(points_of(device))
