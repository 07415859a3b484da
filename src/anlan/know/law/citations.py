"""What packs bind to clauses: obligations and the items of checklists, by the instrument they name."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan import packs
from anlan.know.law import library
from anlan.know.law.declare import Bound, Citations


@cache
def _in(section: str) -> dict[str, tuple[dict, ...]]:
    """Everything in a section of the packs that names an instrument, by the instrument's id."""
    found: dict[str, list[dict]] = {}
    try:
        entries = packs.section(section)
    except KeyError:
        return {}
    for code, entry in entries.items():
        head = {"code": code, "title": entry.get("title", code), "title_en": entry.get("title_en", code)}
        for node in _naming(entry):
            if one := library.named(node["instrument"]):
                found.setdefault(one.id, []).append(head | node)
    return {id: tuple(nodes) for id, nodes in found.items()}


def _naming(node: Any) -> Iterator[dict]:
    if isinstance(node, dict):
        if isinstance(node.get("instrument"), str):
            yield node
        for below in node.values():
            yield from _naming(below)
    elif isinstance(node, list):
        for below in node:
            yield from _naming(below)


def _obligations(_user, instrument: str) -> list[Bound]:
    address = reverse("obligations")
    return [
        Bound(_said(node, "title"), node.get("article", ""), f"{address}?rule={node['code']}")
        for node in _in("obligations").get(instrument, ())
    ]


def _items(_user, instrument: str) -> list[Bound]:
    return [
        Bound(f"{_said(node, 'title')} · {_said(node, 'text')}", node.get("article", ""))
        for node in _in("checklists").get(instrument, ())
    ]


def _said(node: dict, name: str) -> str:
    english = (get_language() or "").startswith("en")
    return str((node.get(f"{name}_en") if english else "") or node.get(name, ""))


CITATIONS = [
    Citations("obligations", _("应办事项"), "obligations.see", _obligations),
    Citations("checklists", _("检查表条目"), "checks.see", _items),
]
