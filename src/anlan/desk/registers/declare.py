"""Record types as packs declare them in `records.yaml`; docs/packs.md explains every word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.figures import formula
from anlan.desk.registers import stages
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.reckoning import Reckoned, rates, reckoned_of
from anlan.desk.registers.stages import Stage, stages_of
from anlan.desk.subjects.declare import Selector, selector
from anlan.desk.wording import both, title
from anlan.desk.wording.units import unit_title

SEE, ADD, CHANGE, RESTORE = "registers.see", "registers.add", "registers.change", "registers.restore"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value of a record. Numbers are kept as given, in `unit` (UCUM)."""

    name: str
    title: Any
    type: str
    help: Any = ""
    unit: str = ""
    unit_title: Any = ""
    required: bool = False
    key: bool = False
    least: float | None = None
    most: float | None = None
    whole: bool = False
    pattern: str = ""
    max_length: int = 200
    codes: str = ""
    many: bool = False
    to: str = ""
    reckoned: Reckoned | None = None  # not typed by anybody


@dataclass(frozen=True, kw_only=True)
class Standard:
    """How much somebody must hold: `minimum` is a number, or a fact of the subject times a factor."""

    code: str
    title: Any
    who: Selector
    match: str
    where: Mapping[str, tuple]
    count: str
    minimum: float | tuple[str, float]
    unit_title: Any
    source: str
    article: str
    status: str
    since: date
    until: date | None

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def required_of(self, facts: Mapping[str, Any]) -> float | None:
        if not isinstance(self.minimum, tuple):
            return self.minimum
        name, factor = self.minimum
        given = facts.get(name)
        return None if given is None else given * factor


@dataclass(frozen=True, kw_only=True)
class RecordType:
    code: str
    title: Any
    about: Any
    source: str
    pack: str
    icon: str
    order: int
    label: tuple[str, ...]
    unique: tuple[str, ...]
    fields: tuple[Field, ...]
    place: bool = False
    mapped: str = "always"
    symbol: tuple[str, str] = ("circle", "grey")
    dated: bool = False
    end_required: bool = False
    soon_days: int = 30
    usual_months: int = 0
    see: str = SEE
    add: str = ADD
    change: str = CHANGE
    restore: str = RESTORE
    standards: tuple[Standard, ...] = ()
    stages: tuple[Stage, ...] = ()
    due: str = ""
    gathers: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    published_stages: tuple[str, ...] = ()
    by_name: Mapping[str, Field] = field(default_factory=dict)

    @property
    def list_name(self) -> str:
        return f"ledgers/{self.code}"

    @property
    def key_fields(self) -> tuple[Field, ...]:
        return tuple(entry for entry in self.fields if entry.key)

    @property
    def entered(self) -> tuple[Field, ...]:
        """What people type; the other fields are reckoned."""
        return tuple(entry for entry in self.fields if entry.reckoned is None)

    @property
    def stage_titles(self) -> dict[str, Any]:
        return {stage.code: stage.title for stage in self.stages}

    @property
    def endings(self) -> list[str]:
        return [stage.code for stage in self.stages if stage.ends]

    def stage(self, code: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.code == code), None)

    def titled(self, data: Mapping[str, Any]) -> str:
        return " ".join(str(data[name]) for name in self.label if data.get(name) not in (None, ""))[:200]

    def key_of(self, data: Mapping[str, Any]) -> str | None:
        """What tells this record from another; None when the type knows no such thing. `organisation` in `unique` is
        the one the record belongs to."""
        if not self.unique:
            return None
        return "|".join(str(data.get(name) or "").strip() for name in self.unique)[:200]


def record_type(code: str) -> RecordType:
    return record_types()[code]


@cache
def record_types() -> dict[str, RecordType]:
    """All record types by code, in menu order. Errors: PackError for a type that names what is not there."""
    found = {code: _record_type(code, entry) for code, entry in packs.section("records").items()}
    wrong = [fault for kind in found.values() for fault in faults(kind, found)]
    if wrong:
        raise packs.PackError("records.yaml: " + "; ".join(wrong))
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def faults(kind: RecordType, known: Mapping[str, RecordType]) -> list[str]:
    """What a schema cannot see, in sentences."""
    names = [entry.name for entry in kind.fields]
    found = [f"field '{name}' stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    found += [
        f"'{name}' in label or unique is not a field"
        for name in (*kind.label, *kind.unique)
        if name not in names and not (name == "organisation" and name in kind.unique)
    ]
    found += [f"field '{name}' is reserved; choose another name" for name in names if name in RESERVED]
    for entry in kind.fields:
        if entry.codes and entry.codes not in code_lists():
            found.append(f"field '{entry.name}' names the code list '{entry.codes}', which no pack has")
        if entry.to and entry.to not in known:
            found.append(f"field '{entry.name}' refers to the record type '{entry.to}', which no pack has")
        if entry.to in known and not known[entry.to].unique:
            found.append(f"field '{entry.name}' refers to '{entry.to}', which has no unique fields to refer to")
        if entry.pattern and (wrong := _pattern_fault(entry.pattern)):
            found.append(f"field '{entry.name}': {wrong}")
        found += _reckoning_faults(kind, entry)
    found += stages.faults(kind.stages, names)
    found += _veto_faults(kind, known)
    if kind.due and not (kind.due in kind.by_name and kind.by_name[kind.due].type == "date"):
        found.append(f"due names '{kind.due}', which is no date field")
    found += [f"publish names '{name}', which is no field" for name in kind.published if name not in names]
    for standard in kind.standards:
        if standard.count and not (standard.count in kind.by_name and _sums(kind.by_name[standard.count])):
            found.append(f"standard '{standard.code}' adds up '{standard.count}', which is no key field of type number")
        found += [
            f"standard '{standard.code}' asks for '{name}', which is not a key field of type choice or text"
            for name in standard.where
            if name not in kind.by_name
            or not kind.by_name[name].key
            or kind.by_name[name].type not in ("choice", "text")
        ]
        if standard.until and standard.until < standard.since:
            found.append(f"standard '{standard.code}' ends before it begins")
    return [f"'{kind.code}': {fault}" for fault in found]


def _reckoning_faults(kind: RecordType, entry: Field) -> list[str]:
    if entry.reckoned is None:
        return []
    try:
        used = entry.reckoned.names
    except formula.WrongFormula as wrong:
        return [f"field '{entry.name}': {wrong}"]
    earlier = [other.name for other in kind.fields[: kind.fields.index(entry)]]
    found = [f"field '{entry.name}' uses '{n}', which is no field before it" for n in used if n not in earlier]
    if entry.reckoned.table and entry.reckoned.table not in rates():
        found.append(f"field '{entry.name}' uses the rates '{entry.reckoned.table}', which no pack has")
    return found


def _veto_faults(kind: RecordType, known: Mapping[str, RecordType]) -> list[str]:
    found = []
    for veto in (stage.veto for stage in kind.stages if stage.veto):
        ledger = known.get(veto.ledger)
        if ledger is None:
            found.append(f"a veto looks into '{veto.ledger}', which no pack has")
            continue
        asked = (veto.by, *veto.where)
        found += [f"a veto asks '{veto.ledger}' for '{n}', which is no field" for n in asked if n not in ledger.by_name]
    return found


# What the form and the list page call their own fields and filters.
HEAD = ("region", "organisation", "lon", "lat", "valid_from", "valid_to", "version", "status", "title", "words")
OWN = (
    "standing",
    "stage",
    "overdue",
    "place",
    "changed_at",
    "record_type",
    "instance",
    "fields",
    "initial",
    "data",
    "errors",
)
PAGE = ("q", "sort", "page", "after", "export", "columns", "view", "part")
RESERVED = frozenset((*HEAD, *OWN, *PAGE))


def _sums(entry: Field) -> bool:
    return entry.key and entry.type == "number"


def _pattern_fault(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"the pattern is no regular expression: {error}"
    return ""


def _record_type(code: str, entry: Mapping) -> RecordType:
    fields = tuple(_field(item) for item in entry["fields"])
    symbol, validity, who = entry.get("symbol", {}), entry.get("validity"), entry.get("permissions", {})
    return RecordType(
        code=code,
        title=title(entry),
        about=title(entry, "about"),
        source=entry["source"],
        pack=entry["pack"],
        icon=entry.get("icon", "notebook"),
        order=entry.get("order", 100),
        label=tuple(entry["label"]),
        unique=tuple(entry.get("unique", ())),
        fields=fields,
        place=entry.get("place", False),
        mapped=entry.get("mapped", "always"),
        symbol=(symbol.get("shape", "circle"), symbol.get("colour", "grey")),
        dated=validity is not None,
        end_required=bool(validity and validity["required"]),
        soon_days=(validity or {}).get("soon_days", 30),
        usual_months=(validity or {}).get("months", 0),
        see=who.get("see", SEE),
        add=who.get("add", ADD),
        change=who.get("change", CHANGE),
        standards=tuple(_standard(item) for item in entry.get("standards", ())),
        stages=stages_of(entry.get("stages", ()), who.get("change", CHANGE)),
        due=entry.get("due", ""),
        gathers=tuple(entry.get("gathers", ())),
        published=tuple(entry.get("publish", {}).get("fields", ())),
        published_stages=tuple(entry.get("publish", {}).get("stages", ())),
        by_name={item.name: item for item in fields},
    )


def _field(entry: Mapping) -> Field:
    return Field(
        name=entry["name"],
        title=title(entry),
        type=entry["type"],
        help=title(entry, "help"),
        unit=entry.get("unit", ""),
        unit_title=unit_title(entry),
        required=entry.get("required", False),
        key=entry.get("key", False),
        least=entry.get("min"),
        most=entry.get("max"),
        whole=entry.get("whole", False),
        pattern=entry.get("pattern", ""),
        max_length=entry.get("max_length", 200),
        codes=entry.get("codes", ""),
        many=entry.get("many", False),
        to=entry.get("to", ""),
        reckoned=reckoned_of(entry),
    )


def _standard(entry: Mapping) -> Standard:
    minimum = entry["minimum"]
    return Standard(
        code=entry["code"],
        title=title(entry),
        who=selector(entry["who"]),
        match=entry["match"],
        where={name: tuple(values) for name, values in entry.get("where", {}).items()},
        count=entry.get("count", ""),
        minimum=(minimum["fact"], minimum["factor"]) if isinstance(minimum, Mapping) else float(minimum),
        unit_title=both(entry.get("unit_title", ""), entry.get("unit_title_en", "")),
        source=entry["source"],
        article=entry.get("article", ""),
        status=entry.get("status", "found"),
        since=date.fromisoformat(entry["from"]),
        until=date.fromisoformat(entry["to"]) if entry.get("to") else None,
    )
