"""Silence by device class: a profile has the interval and the silence rule of its class unless it says its own."""

from collections.abc import Mapping


def complete(profiles: Mapping[str, dict], classes: Mapping[str, dict]) -> dict[str, dict]:
    """The profiles, each with `every` and, where a class is named and no point has one, a SILENCE rule.

    The rule stands with the first point that is reported and not about the device itself, else with the first that is
    reported. Errors: ValueError for a class that no pack has.
    """
    return {code: _complete(entry, classes) for code, entry in profiles.items()}


def _complete(profile: dict, classes: Mapping[str, dict]) -> dict:
    if "class" not in profile:
        return profile
    if profile["class"] not in classes:
        raise ValueError(f"no pack has the device class '{profile['class']}'; see device_classes.yaml")
    own = classes[profile["class"]]
    profile = {"every": own["every"], **profile}
    points = profile["points"]
    if any(rule["kind"] == "SILENCE" for point in points.values() for rule in point.get("rules", ())):
        return profile
    chosen = min(points, key=lambda key: ("computed" in points[key], points[key].get("health", False)))
    rule = {"kind": "SILENCE", **{word: own[word] for word in ("silence", "level", "source", "checked")}}
    point = points[chosen]
    return {**profile, "points": {**points, chosen: {**point, "rules": [*point.get("rules", ()), rule]}}}
