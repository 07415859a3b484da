"""The stages a record goes through, as packs declare them: from which to which, who opens it, what must be there.

A record of a type with stages begins in the first one. A stage is reached from those it names and no other way, so
what has not been reviewed stays blocked, and the refusal says which stage is missing. Pure: what is known is given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.desk.wording import title


@dataclass(frozen=True)
class Veto:
    """Before the stage, the items written in `field` are looked up in a ledger; a hit leads to `stage` instead."""

    field: str
    ledger: str
    by: str
    where: Mapping[str, tuple]
    stage: str


@dataclass(frozen=True, kw_only=True)
class Stage:
    code: str
    title: Any
    begins: tuple[str, ...] = ()
    by: str = ""
    needs: tuple[str, ...] = ()
    another: bool = False  # not the person who opened the stage before
    signatures: int = 0  # of so many different organisations
    referred: tuple[tuple[str, tuple[str, ...]], ...] = ()  # reference field -> stages its record must have reached
    veto: Veto | None = None
    ends: bool = False
    source: str = ""


def stages_of(entries: Iterable[Mapping], change: str) -> tuple[Stage, ...]:
    return tuple(_stage(entry, change) for entry in entries)


def _stage(entry: Mapping, change: str) -> Stage:
    veto = entry.get("veto")
    return Stage(
        code=entry["code"],
        title=title(entry),
        begins=tuple(entry.get("from", ())),
        by=entry.get("by", change),
        needs=tuple(entry.get("needs", ())),
        another=entry.get("another", False),
        signatures=entry.get("signatures", 0),
        referred=tuple((name, tuple(codes)) for name, codes in entry.get("referred", {}).items()),
        veto=veto and Veto(veto["field"], veto["ledger"], veto["by"], _tuples(veto.get("where", {})), veto["stage"]),
        ends=entry.get("ends", False),
        source=entry.get("source", ""),
    )


def _tuples(where: Mapping) -> dict[str, tuple]:
    return {name: tuple(values) for name, values in where.items()}


def hindrances(
    stage: Stage,
    titles: Mapping[str, Any],
    *,
    now: str,
    data: Mapping[str, Any],
    named: Mapping[str, Any],
    signed: int,
    referred: Mapping[str, tuple[str, str]],
) -> list[str]:
    """What stands in the way, each in a sentence; empty when the stage may be opened.

    `titles` names stages, `named` fields; `referred` gives for each reference field the (stage code, its title) of
    the record it leads to.
    """
    found = []
    if now not in stage.begins:
        before = _("或").join(f"“{titles[code]}”" for code in stage.begins if code in titles)
        found.append(
            _("“%(stage)s”之前须先到%(before)s，现在是“%(now)s”。")
            % {"stage": stage.title, "before": before, "now": titles.get(now, now)}
        )
    missing = [str(named[name]) for name in stage.needs if data.get(name) in (None, "", [])]
    if missing:
        found.append(_("还没有填写：%(fields)s。") % {"fields": "、".join(missing)})
    if signed < stage.signatures:
        found.append(
            _("需要 %(asked)d 个单位签署，现有 %(signed)d 个。") % {"asked": stage.signatures, "signed": signed}
        )
    for name, wanted in stage.referred:
        code, words = referred.get(name, ("", ""))
        if code not in wanted:
            found.append(
                _("“%(field)s”所指的记录现为“%(stage)s”，不能进入“%(next)s”。")
                % {"field": named[name], "stage": words or _("无"), "next": stage.title}
            )
    return found


def faults(stages: tuple[Stage, ...], fields: Iterable[str]) -> list[str]:
    """What a schema cannot see, in sentences."""
    known, fields, found = {stage.code for stage in stages}, set(fields), []
    if len(known) < len(stages):
        found.append("a stage stands twice")
    if stages and stages[0].begins:
        found.append(f"the first stage '{stages[0].code}' has 'from', but every record begins there")
    for stage in stages[1:]:
        leads = {other.veto.stage for other in stages if other.veto}
        if not stage.begins and stage.code not in leads:
            found.append(f"stage '{stage.code}' is reached from nowhere: name other stages under 'from'")
        found += [f"stage '{stage.code}' comes from '{c}', which is no stage" for c in stage.begins if c not in known]
        asked = [*stage.needs, *(name for name, _codes in stage.referred), *([stage.veto.field] if stage.veto else [])]
        found += [f"stage '{stage.code}' asks for '{name}', which is no field" for name in asked if name not in fields]
        if stage.veto and stage.veto.stage not in known:
            found.append(f"the veto of '{stage.code}' leads to '{stage.veto.stage}', which is no stage")
    return found
