"""Panels, as a capability writes them in its `panels.py`.

    PANELS = [
        Panel(name="head", on="enterprises", title=_("基本情况"), order=10, permission="enterprises.see",
              attributes=[Attribute("code", _("统一社会信用代码"), kind="code")]),
        Panel(name="facilities", on="enterprises", title=_("设施"), order=30, permission="facilities.see",
              rows=lambda user, row: ("facilities", gates.seen_by(user).filter(enterprise=row))),
        Panel(name="trend", on="home", title=_("趋势"), order=50, permission="warnings.see", side="aside",
              template="warnings/trend.html", context=lambda user, row: {...}, live=("warnings",)),
    ]

`on` is the name of a list (its detail page), a case kind's list, "home", or "bigscreen". Exactly one of `attributes`,
`rows` and `template` says what it shows. A panel whose permission the person does not hold does not exist for him.
`live` names the rooms whose announcements make the browser fetch the panel again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from anlan.desk.lists.declare import KINDS
from anlan.desk.lists.rooms import declared, permission_faults, refuse

SIDES = ("main", "aside", "left", "right", "centre", "bottom")  # the last four are those of the big screen


@dataclass(frozen=True)
class Attribute:
    """One named value of a row. Kinds are those of list columns; `value(row)` reads what no field holds."""

    name: str
    title: Any
    kind: str = "text"
    value: Callable[[Any], Any] | None = None
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. `rows(user, row)` answers (list name, narrowed queryset, at most `limit` shown, the rest linked);
    `context(user, row)` answers what the template needs, or None for "nothing to show: leave the panel out".
    `refresh`: seconds after which the big screen asks again and, at twice that, calls the figures stale."""

    name: str
    on: str
    title: Any
    order: int = 100
    permission: str = ""
    side: str = "main"
    attributes: Sequence[Attribute] = ()
    rows: Callable[[Any, Any], tuple[str, Any]] | None = None
    limit: int = 10
    template: str = ""
    context: Callable[[Any, Any], dict | None] | None = None
    empty: Any = ""
    live: Sequence[str] = ()
    refresh: int = 60


def faults(panel: Panel) -> list[str]:
    """What is wrong with a panel, in sentences."""
    found = permission_faults(panel.permission) if panel.permission else []
    given = [name for name in ("attributes", "rows", "template") if getattr(panel, name)]
    if len(given) != 1:
        found.append(f"it shows {' and '.join(given) or 'nothing'}; give exactly one of attributes, rows and template")
    if panel.context and not panel.template:
        found.append("context is for a template, and none is given")
    if panel.side not in SIDES:
        found.append(f"side '{panel.side}' is unknown; known are {', '.join(SIDES)}")
    found += [
        f"attribute '{a.name}' is of kind '{a.kind}'; known are {', '.join(KINDS)}"
        for a in panel.attributes
        if a.kind not in KINDS
    ]
    return found


@cache
def panels() -> dict[str, tuple[Panel, ...]]:
    """All panels by the page they stand on, in their order."""
    found: dict[str, dict[str, Panel]] = {}
    for module, _, panel in declared("panels", {"PANELS": Panel}):
        refuse(module, f"panel '{panel.name}' on '{panel.on}'", faults(panel))
        page = found.setdefault(panel.on, {})
        if panel.name in page:
            refuse(module, f"panel '{panel.name}' on '{panel.on}'", ["another panel of this name stands there already"])
        page[panel.name] = panel
    return {on: tuple(sorted(page.values(), key=lambda panel: panel.order)) for on, page in found.items()}
