"""A change in words: field, before, after."""

from anlan.watch.devices.models import Point, Rule
from anlan.watch.tuning.rules import moved


def differences(before: dict, after: dict) -> list[dict]:
    """What differs, as people read it."""
    return [
        {"title": Rule._meta.get_field(name).verbose_name, "before": _shown(name, old), "after": _shown(name, new)}
        for name, old, new in moved(before, after)
    ]


def _shown(name: str, value) -> object:
    if value in (None, ""):
        return "–"
    if name == "other":
        return Point.objects.filter(pk=value).first() or value
    choices = dict(Rule._meta.get_field(name).flatchoices)
    if isinstance(value, float):
        return f"{value:g}"
    return choices.get(value, value)
