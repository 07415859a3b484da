"""Lists, as a capability writes them in its `lists.py`.

    LISTS = [
        List(
            name="enterprises", title=_("企业"), gate=gates.seen_by, permission="enterprises.see",
            columns=[Column("name", _("名称"), link=True), Column("level", _("等级"), kind="level")],
            filters=[Filter("region", _("辖区"), kind="region")],
            search=("name", "code", "initials"), menu=Menu(group="know", order=20, icon="building-factory"),
        )
    ]
    MENU = [Entry(_("一张图"), "onemap", "places.see", group="map")]   # entries that are no list

A list gets the page `/<name>/` (url name `<name>`), the detail page `/<name>/<pk>/` (`<name>.item`), its export,
its place in the menu and in the global search. A wrong declaration stops the start with a sentence.

The room `naming.py` says what codes are called, so that tables show names and pickers find them:

    NAMES = [Names("region", titles=lambda codes: {code: title}, find=lambda user, words: [(code, title)])]
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from anlan.desk.lists.rooms import declared, permission_faults, refuse

KINDS = {
    "text": "plain text",
    "code": "a code or number read character by character: fixed-width digits",
    "number": "a number, right-aligned, grouped by thousands",
    "choice": "the label of a model field's choice",
    "level": "1 red … 4 blue, as colour, shape and word",
    "state": "the state of a case",
    "flag": "yes or nothing",
    "time": "an instant in the region's zone",
    "date": "a day",
    "due": "a deadline: how long still, or how long overdue",
    "region": "the name of a division code",
    "organisation": "the name of an organisation code",
    "user": "a person's name",
    "file": "the size of a file",
}
FILTER_KINDS = {
    "choice": "one or several of some values",
    "level": "one or several of the four levels",
    "region": "a division and all below it",
    "organisation": "one organisation",
    "dates": "from a day to a day",
    "flag": "only those",
    "text": "contains these characters",
}
GROUPS = (
    "today", "map", "risks", "checks", "hazards", "permits", "supervision",
    "watch", "sensing", "know", "ledger", "measure", "system",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One value of a choice filter or of a reason, as people read it."""

    value: Any
    title: Any


@dataclass(frozen=True)
class Column:
    """One column. `value(row)` reads what no field of the same name holds; `sort` names the field to sort by:
    a column that is a field sorts by it, one with `value` only when `sort` is given; "" never sorts."""

    name: str
    title: Any
    kind: str = "text"
    link: bool = False  # leads to the detail page
    value: Callable[[Any], Any] | None = None
    sort: str | None = None
    default: bool = True  # shown unless the person chooses otherwise
    told: bool = True  # a fact, for exports and programs too; False: a control of the page, such as a link
    unit: str = ""

    @property
    def sort_field(self) -> str:
        if self.sort is not None:
            return self.sort
        return "" if self.value else self.name


@dataclass(frozen=True)
class Filter:
    """One filter, kept in the query string under its name. `apply(queryset, value)` replaces the usual comparison
    with `field` (default: the name); for `choice` the value is a list, for `dates` a pair of days or None.
    `takes_user`: apply wants the person as a third argument.
    `choices`: a sequence of Choice or pairs, or callable(user) giving one; default: the model field's own."""

    name: str
    title: Any
    kind: str = "choice"
    field: str = ""
    choices: Sequence | Callable[[Any], Sequence] | None = None
    apply: Callable[..., Any] | None = None
    takes_user: bool = False

    @property
    def column(self) -> str:
        return self.field or self.name


@dataclass(frozen=True)
class Menu:
    """Where the list stands in the menu. `sides`: on which sides it is of daily use (government, enterprise, system);
    who may see it and stands elsewhere finds it by the search."""

    group: str
    order: int = 100
    icon: str = "list"
    sides: Sequence[str] = ()


@dataclass(frozen=True)
class Entry:
    """A menu entry that is no list. `permission` "" shows it to everybody who has signed in. `sides` as of Menu."""

    title: Any
    url_name: str
    permission: str = ""
    group: str = "today"
    order: int = 100
    icon: str = "point"
    sides: Sequence[str] = ()


@dataclass(frozen=True)
class RowAction:
    """A verb offered for the selected rows. `run(user, rows, words)` does it, within one transaction, and may answer
    a sentence; a ValidationError or Refused from it changes nothing and is shown. `reasons` offers a short list to
    choose the words from; `words` demands them. Rows the person holds no `permission` for are not handed over. Where
    `fits(row)` is false the row's page leaves the verb out; `run` judges by itself all the same."""

    name: str
    title: Any
    permission: str
    run: Callable[[Any, list, str], Any]
    words: bool = False
    reasons: Sequence = ()
    confirm: Any = ""
    style: str = ""  # "", primary or danger
    icon: str = ""
    key: str = ""  # the key that presses it, on the selected rows or on the one that has the focus
    page: str = ""  # url name of a page of its own that asks for more: it is posted the rows (`pk`) and `next`
    fits: Callable[[Any], bool] | None = None


@dataclass(frozen=True, kw_only=True)
class List:
    """One list. `gate(user)` is the only door to its rows. `item`: True for a detail page of panels, False for none,
    or the url name of the row's own page (takes `pk`). `search` fields are looked up by the page's search box and,
    together with all lists, by the global search: the first is matched anywhere, the others from their beginning
    unless written with a lookup of their own (`code__iexact`). `defer`: heavy fields no column shows."""

    name: str
    title: Any
    gate: Callable[[Any], Any]
    permission: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    order: Sequence[str] = ("-pk",)
    related: Sequence[str] = ()
    prefetch: Sequence[Any] = ()
    defer: Sequence[str] = ()
    menu: Menu | None = None
    actions: Sequence[RowAction] = ()
    export: bool = True
    empty: Any = ""
    item: bool | str = True
    item_gate: Callable[[Any], Any] | None = None  # the door of the detail page, where it is wider than the list's
    above: str = ""  # a template above the table, given the request alone; what it shows it fetches by itself
    page_size: int = 50
    live: Sequence[str] = ()  # rooms whose announcements offer "n new" on the page
    level: str = ""  # field that colours the row's edge

    @property
    def by_column(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def item_url_name(self) -> str:
        return f"{self.name}.item" if self.item is True else self.item or ""


@dataclass(frozen=True)
class Names:
    """What codes of a kind ("region", "organisation") are called, and how one is found by words, code or initials.
    One capability declares a kind. `titles` answers the codes it knows; the others are shown as they are."""

    kind: str
    titles: Callable[[set[str]], dict[str, str]]
    find: Callable[[Any, str], list[tuple[str, str]]]


def faults(entry: List) -> list[str]:
    """What is wrong with a list, in sentences."""
    found = permission_faults(entry.permission)
    if not re.fullmatch(r"[a-z][a-z0-9_-]*(/[a-z0-9_-]+)*", entry.name):
        found.append("its name becomes its address: use small letters, digits and dashes")
    if not callable(entry.gate):
        found.append("gate is not a function of the user: give gates.seen_by, not its result")
    if not entry.columns:
        found.append("it has no columns")
    found += _doubles("column", [column.name for column in entry.columns])
    found += _doubles("filter", [chosen.name for chosen in entry.filters])
    found += _doubles("action", [action.name for action in entry.actions])
    found += [
        f"column '{c.name}' is of kind '{c.kind}'; known are {', '.join(KINDS)}"
        for c in entry.columns
        if c.kind not in KINDS
    ]
    for chosen in entry.filters:
        if chosen.kind not in FILTER_KINDS:
            found.append(f"filter '{chosen.name}' is of kind '{chosen.kind}'; known are {', '.join(FILTER_KINDS)}")
        if chosen.name in RESERVED:
            found.append(f"filter '{chosen.name}' has a name the page uses itself; reserved are {', '.join(RESERVED)}")
    for action in entry.actions:
        found += permission_faults(action.permission)
    if entry.menu and entry.menu.group not in GROUPS:
        found.append(f"menu group '{entry.menu.group}' is unknown; known are {', '.join(GROUPS)}")
    return found


RESERVED = ("q", "sort", "page", "after", "export", "columns", "view", "part")


def _doubles(what: str, names: list[str]) -> list[str]:
    return [f"{what} '{name}' stands twice" for name in sorted({name for name in names if names.count(name) > 1})]


def _entry_faults(entry: Entry) -> list[str]:
    found = permission_faults(entry.permission) if entry.permission else []
    if entry.group not in GROUPS:
        found.append(f"menu group '{entry.group}' is unknown; known are {', '.join(GROUPS)}")
    return found


@cache
def lists() -> dict[str, List]:
    """All lists by name, each capability's room read once."""
    found: dict[str, List] = {}
    for module, name, entry in declared("lists", {"LISTS": List, "MENU": Entry}):
        if name == "MENU":
            continue
        refuse(module, f"list '{entry.name}'", faults(entry))
        if entry.name in found:
            refuse(module, f"list '{entry.name}'", ["another capability has declared a list of this name"])
        found[entry.name] = entry
    return found


@cache
def entries() -> tuple[Entry, ...]:
    """All menu entries, those of lists and those that stand alone, in no order."""
    found = []
    for module, name, entry in declared("lists", {"LISTS": List, "MENU": Entry}):
        if name == "MENU":
            refuse(module, f"menu entry '{entry.url_name}'", _entry_faults(entry))
            found.append(entry)
        elif entry.menu:
            menu = entry.menu
            place = (menu.group, menu.order, menu.icon, menu.sides)
            found.append(Entry(entry.title, entry.name, entry.permission, *place))
    return tuple(found)


@cache
def names() -> dict[str, Names]:
    found: dict[str, Names] = {}
    for module, _, entry in declared("naming", {"NAMES": Names}):
        if entry.kind in found:
            refuse(module, f"names of '{entry.kind}'", ["another capability names this kind already"])
        found[entry.kind] = entry
    return found
