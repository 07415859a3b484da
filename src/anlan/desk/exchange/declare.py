"""Imports, as a capability writes them in its room `imports.py`.

    IMPORTS = [
        Import(
            name="enterprises", title=_("企业台账"), permission="enterprises.add", key=("code",),
            columns=[
                ImportColumn("code", (_("统一社会信用代码"), "信用代码", "社会信用代码"), kind="code", required=True),
                ImportColumn("scale", (_("规模"), "企业规模"), kind="choice", choices={"large": _("大型"), …}),
                ImportColumn("founded", (_("成立日期"),), kind="date"),
            ],
            check=actions.check_rows,   # (user, rows) -> one Verdict a row; reads, never writes
            save=actions.save_rows,     # (user, rows) -> the same, having written the new and changed ones; within
        )                               #   one transaction that exchange opens
    ]

`rows` are `Row(number, values)`: `values` holds only good values, by field; a cell that was empty is None, a column
the sheet does not have is absent (so an import never wipes what its sheet says nothing about). `check` decides what
is new, changed or unchanged, and what may not be; it is given a few thousand rows at a time. `save` gets all of them
and judges anew, as things are then. With `rest`, the field of that name holds what no column took: heading -> text of
unmapped columns and of cells that could not be read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from anlan.desk.lists.rooms import declared, permission_faults, refuse

KINDS = {
    "text": "text, trimmed",
    "code": "letters and digits without spaces; a number keeps its digits",
    "integer": "a whole number",
    "number": "a number",
    "date": "a day",
    "datetime": "an instant in the region's zone",
    "choice": "one of `choices`, by its value or its words",
    "flag": "yes or no",
}


@dataclass(frozen=True)
class ImportColumn:
    """One column. The first of `titles` heads the template, the others are what people also call it.
    `choices`: value -> words, or a function giving that; `also()`: other words -> value, taken when they can mean one
    alone. `low` and `high` bound numbers; `longest` texts. `carried`: an empty cell may mean the one above. `own(user)`
    is what all rows of a person's sheet have when no column says it. `of_period`: which day of a period (3.5-3.20) a
    date means, its "begin" or its "end"; a column that does not say asks for one day."""

    field: str
    titles: Sequence[Any]
    kind: str = "text"
    required: bool = False
    choices: Mapping[Any, Any] | Callable[[], Mapping[Any, Any]] | None = None
    low: float | None = None
    high: float | None = None
    longest: int = 500
    hint: Any = ""
    also: Callable[[], Mapping[str, Any]] | None = None
    carried: bool = False
    own: Callable[[Any], str] | None = None
    of_period: str = ""

    @property
    def title(self):
        return self.titles[0]

    def options(self) -> Mapping[Any, Any]:
        return self.choices() if callable(self.choices) else self.choices or {}

    def said(self) -> list[tuple[Any, Any]]:
        """(value, words) of every option and of what people also write for one."""
        return [
            *self.options().items(),
            *((value, words) for words, value in (self.also() if self.also else {}).items()),
        ]


@dataclass(frozen=True)
class Row:
    """One row whose cells could all be read. `number` is that of the sheet, as Excel shows it."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What will become of a row: new, changed, unchanged, or bad with what is wrong and what to do."""

    state: str
    problem: str = ""
    field: str = ""


NEW, CHANGED, UNCHANGED = Verdict("new"), Verdict("changed"), Verdict("unchanged")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One thing that can be imported. `key`: the fields that together name a row; one named twice is told. `others`:
    headings that look like one of the columns and are none (检查单位 is who inspects, 单位 who was inspected)."""

    name: str
    title: Any
    permission: str
    columns: Sequence[ImportColumn]
    check: Callable[[Any, list[Row]], list[Verdict]]
    save: Callable[[Any, list[Row]], list[Verdict]]
    key: Sequence[str] = ()
    others: Sequence[str] = ()
    rest: str = ""
    about: Any = ""
    by_field: dict[str, ImportColumn] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "by_field", {column.field: column for column in self.columns})


def faults(entry: Import) -> list[str]:
    """What is wrong with an import, in sentences."""
    found = permission_faults(entry.permission)
    fields = [column.field for column in entry.columns]
    found += [f"column '{name}' stands twice" for name in sorted({name for name in fields if fields.count(name) > 1})]
    found += [f"key names '{name}', which is no column" for name in entry.key if name not in fields]
    for column in entry.columns:
        if column.kind not in KINDS:
            found.append(f"column '{column.field}' is of kind '{column.kind}'; known are {', '.join(KINDS)}")
        if (column.kind == "choice") != (column.choices is not None):
            found.append(f"column '{column.field}': choices belong to the kind 'choice', and it needs them")
        if column.of_period and (column.kind != "date" or column.of_period not in ("begin", "end")):
            found.append(f"column '{column.field}': of_period belongs to the kind 'date' and is begin or end")
        if isinstance(column.titles, str) or not column.titles:
            found.append(f"column '{column.field}': titles is a tuple of what the column may be called")
    if not all(callable(verb) for verb in (entry.check, entry.save)):
        found.append("check and save are functions of (user, rows)")
    return found


@cache
def imports() -> dict[str, Import]:
    """All imports by name. A list of the same name offers it on its page."""
    found: dict[str, Import] = {}
    for module, _, entry in declared("imports", {"IMPORTS": Import}):
        refuse(module, f"import '{entry.name}'", faults(entry))
        if entry.name in found:
            refuse(module, f"import '{entry.name}'", ["another capability has declared an import of this name"])
        found[entry.name] = entry
    return found
