"""Silence by device class: a profile has the interval and the silence rule of its class unless it says its own."""

from collections.abc import Mapping


def complete(profiles: Mapping[str, dict], classes: Mapping[str, dict]) -> dict[str, dict]:
    """The profiles, each with `every` and, where a class is named and no point has one, a SILENCE rule.

    The rule stands with the first point that is not about the device itself, else with the first. Errors: KeyError for
    a class that no pack has.
    """
    return {code: _complete(entry, classes) for code, entry in profiles.items()}


def _complete(profile: dict, classes: Mapping[str, dict]) -> dict:
    if "class" not in profile:
        return profile
    own = classes[profile["class"]]
    profile = {"every": own["every"], **profile}
    points = profile["points"]
    if any(rule["kind"] == "SILENCE" for point in points.values() for rule in point.get("rules", ())):
        return profile
    chosen = next((key for key, point in points.items() if not point.get("health")), next(iter(points)))
    rule = {"kind": "SILENCE", **{word: own[word] for word in ("silence", "level", "source", "checked")}}
    point = points[chosen]
    return {**profile, "points": {**points, chosen: {**point, "rules": [*point.get("rules", ()), rule]}}}
