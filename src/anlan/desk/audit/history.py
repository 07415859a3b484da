"""The history of one row as its page shows it: who changed what, read from the chain, so it cannot be polished."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.audit.models import Entry

SHOWN = 30
LONGEST = 80


@dataclass(frozen=True)
class Change:
    """One field before and after, in words."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One entry of the chain about the row."""

    at: datetime
    actor: str
    action: str
    words: str
    changes: tuple[Change, ...]


def difference(before: Model | None, after: Model, fields: Iterable[str]) -> dict[str, list]:
    """{field: [before, after]} of the fields that differ, for the data of an Act; None as before for a new row."""
    pairs = {name: [_value(before, name) if before else None, _value(after, name)] for name in fields}
    return {name: [old, new] for name, (old, new) in pairs.items() if (old or None) != (new or None)}


def history(subject: str, model: type[Model], most: int = SHOWN) -> list[Step]:
    """The latest entries about a subject such as `enterprise:7`, newest first."""
    entries = list(Entry.objects.filter(subject=subject).order_by("-position")[:most])
    names = dict(User.objects.filter(username__in={e.actor for e in entries}).values_list("username", "name"))
    return [
        Step(entry.at, names.get(entry.actor, entry.actor), entry.action, entry.words, _changes(entry, model))
        for entry in entries
    ]


def _changes(entry: Entry, model: type[Model]) -> tuple[Change, ...]:
    data = json.loads(entry.data)
    changed = data.get("changes", {}) if isinstance(data, dict) else {}
    if all(before is None or before == [] for before, _after in changed.values()):
        return ()  # the row was new: everything it says is on its page
    return tuple(_change(model, name, *pair) for name, pair in changed.items())


def _change(model: type[Model], name: str, before, after) -> Change:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return Change(name, _words(before), _words(after))
    choices = dict(getattr(field, "flatchoices", ()) or ())
    title = str(field.related_model._meta.verbose_name if field.auto_created else field.verbose_name)
    return Change(title, *(_words(choices.get(value, value) if choices else value) for value in (before, after)))


def _words(value) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(map(str, value)) or "—"
    if isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False)
    return Truncator(value).chars(LONGEST)


def _value(row: Model, name: str):
    """As JSON can hold it; a row referred to by its name at that time."""
    value = getattr(row, name)
    return value if isinstance(value, (int, float, str, bool, list, dict)) or value is None else str(value)
