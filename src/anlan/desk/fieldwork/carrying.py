"""What a person carries: every bundle his posts open, and the difference to what his phone has."""

import json
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2s
from itertools import islice

from django.utils.functional import Promise

from anlan.desk.access.standing import may
from anlan.desk.fieldwork.declare import MOST_ITEMS, Bundle, Form, Item, Page, bundles, submissions

KIND = {Form: "form", Page: "page"}
UNTOUCHED = {"fixed", "answers", "details", "value"}


def difference(user, has: dict[str, dict[str, str]]) -> list[dict]:
    """For each bundle this person may carry: what changed and what is gone since his phone was last here. A bundle he
    may no longer carry is answered by nobody naming it: the phone forgets bundles that are not in the answer."""
    return [
        _bundle(user, bundle, has.get(bundle.name, {})) for bundle in bundles().values() if may(user, bundle.permission)
    ]


def offers(user) -> list[dict]:
    """What this person may send, and the forms that can be begun at any time."""
    found = []
    for submission in submissions().values():
        if not may(user, submission.permission):
            continue
        form = submission.form(user) if submission.form else None
        shown = {
            "name": submission.name,
            "title": submission.title,
            "form": form and as_data(form),
            "on_home": submission.on_home,
        }
        found.append(json.loads(_json(shown)))
    return found


def as_data(item: Item) -> dict:
    """The item as the phone gets it: plain JSON, empty values left out."""
    plain = json.loads(_json(_slim(asdict(item))))
    return plain | {"is": KIND.get(type(item), "task")}


def _bundle(user, bundle: Bundle, has: dict[str, str]) -> dict:
    items = list(islice(bundle.items(user), MOST_ITEMS + 1))
    now, changed = {}, []
    for item in items[:MOST_ITEMS]:
        data = as_data(item)
        version = blake2s(_json(data).encode(), digest_size=6).hexdigest()
        now[item.key] = version
        if has.get(item.key) != version:
            changed.append({"key": item.key, "version": version, "data": data})
    return {
        "name": bundle.name,
        "title": str(bundle.title),
        "order": bundle.order,
        "keys": list(now),  # in the capability's own order
        "changed": changed,
        "gone": [key for key in has if key not in now],
        "cut": len(items) > MOST_ITEMS,
    }


def _slim(value):
    """Without what says nothing; what a capability gave along is left as it is."""
    if isinstance(value, dict):
        return {
            name: each if name in UNTOUCHED else _slim(each) for name, each in value.items() if not _says_nothing(each)
        }
    if isinstance(value, list | tuple):
        return [_slim(each) for each in value]
    return value


def _says_nothing(value) -> bool:
    return value is None or value is False or (isinstance(value, str | list | tuple | dict) and not value)


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value):
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
