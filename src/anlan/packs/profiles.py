"""What the schema cannot see of profiles: that the calendars and points they name are there, and fit."""

from collections.abc import Iterator, Mapping


def check(profiles: Mapping[str, dict], calendars: Mapping[str, dict]) -> None:
    """Errors: ValueError naming profile and point."""
    for code, profile in profiles.items():
        points = profile["points"]
        for key, point in points.items():
            for fault in (*_computed(key, point, points), *_rules(point, points, calendars)):
                raise ValueError(f"'{code}', point {key}: {fault}")


def _computed(key: str, point: Mapping, points: Mapping[str, dict]) -> Iterator[str]:
    if "computed" not in point:
        return
    if "usual" in point:
        yield "a computed point is not reported, so it has no `usual`"
    for member in point["computed"]["of"]:
        if member not in points:
            yield f"it is computed of {member}, which the device does not have"
        elif member == key or "computed" in points[member]:
            yield f"it is computed of {member}, which is computed itself; name points that the device reports"


def _rules(point: Mapping, points: Mapping[str, dict], calendars: Mapping[str, dict]) -> Iterator[str]:
    for rule in point.get("rules", ()):
        if rule.get("calendar", "") not in {"", *calendars}:
            yield f"no pack has the calendar '{rule['calendar']}'; see calendars.yaml"
        if "other" in rule and rule["other"] not in points:
            yield f"it is compared with {rule['other']}, which the device does not have"
