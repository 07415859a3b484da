"""The page of a record: all fields, its history with differences, the basis of the ledger, what can be done."""

from functools import partial
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.figures.declare import figures
from anlan.desk.panels.declare import Attribute, Panel
from anlan.desk.registers import advancing, gates, words
from anlan.desk.registers.declare import Field, RecordType, record_types
from anlan.desk.registers.models import Record


def _panels(kind: RecordType) -> list[Panel]:
    shared = {"on": kind.list_name, "permission": kind.see}
    return [
        Panel(name="head", title=kind.title, order=10, attributes=_attributes(kind), **shared),
        Panel(
            name="history",
            title=_("变更历史"),
            order=90,
            template="registers/history.html",
            context=partial(_history, kind),
            live=("registers",),
            **shared,
        ),
        Panel(
            name="standing",
            title=_("状态和依据"),
            order=10,
            side="aside",
            template="registers/standing.html",
            context=partial(_standing, kind),
            **shared,
        ),
    ]


def _attributes(kind: RecordType) -> list[Attribute]:
    kinds = {"number": "number", "date": "date"}
    found = [
        Attribute(f.name, f.title, kind=kinds.get(f.type, "text"), value=partial(_value, f), unit=f.unit_title)
        for f in kind.fields
    ]
    found += [
        Attribute("organisation", _("单位"), kind="organisation"),
        Attribute("region", _("辖区"), kind="region"),
    ]
    if kind.dated:
        found += [
            Attribute("valid_from", _("有效期起"), kind="date"),
            Attribute("valid_to", _("有效期止"), kind="date"),
        ]
    if kind.place:
        found += [Attribute("place", _("经纬度"), value=_place)]
    return found


def _value(field: Field, record: Record) -> Any:
    return words.shown(field, record.data.get(field.name))


def _place(record: Record) -> str | None:
    return None if record.lon is None else f"{record.lon:.6f}, {record.lat:.6f}"


def _history(kind: RecordType, user, record: Record) -> dict:
    versions = record.versions.select_related("actor").order_by("-number")[:50]
    return {
        "versions": [
            {
                "version": version,
                "title": ACTIONS.get(version.action, version.action),
                "changes": [
                    {
                        "title": words.title_of(kind, name),
                        "before": words.change_of(kind, name, before),
                        "after": words.change_of(kind, name, after),
                    }
                    for name, (before, after) in version.difference.items()
                ],
            }
            for version in versions
        ]
    }


def _standing(kind: RecordType, user, record: Record) -> dict:
    retired = record.status == Record.Status.RETIRED
    verb = kind.restore if retired else kind.change
    today = timezone.localdate()
    state = words.state(record, kind, today)
    return {
        "kind": kind,
        "stage_title": kind.stage_titles.get(record.stage, ""),
        "overdue": words.overdue(record, kind, today),
        "steps": [] if retired else advancing.steps(user, record, kind),
        "signatures": list(record.signatures.select_related("user").order_by("at")) if kind.stages else [],
        "signing_for": "" if retired else advancing.signing_for(user, record, kind),
        "gathered": gathered_words(record),
        "reckoned": [field for field in kind.fields if field.reckoned],
        "record": record,
        "state": state,
        "state_title": words.STATES[state],
        "verb": ("restore" if retired else "retire") if may_row(user, verb, record) else "",
    }


def _ledgers(user, enterprise) -> dict | None:
    """What the ledgers hold of one enterprise: how many records, the latest change, the next end of validity."""
    held = gates.seen_by(user).filter(organisation=enterprise.code, status=Record.Status.IN_FORCE)
    today = timezone.localdate()
    counted = held.order_by().values("type").annotate(
        count=Count("pk"), changed=Max("changed_at"), ends=Min("valid_to", filter=Q(valid_to__gte=today)),
        expired=Count("pk", filter=Q(valid_to__lt=today)),
    )  # fmt: skip
    by_code = {row["type"]: row for row in counted}
    rows = [(kind, by_code[code]) for code, kind in record_types().items() if code in by_code]
    return {"rows": rows, "organisation": enterprise.code} if rows else None


def gathered_words(record: Record) -> list[dict]:
    known = figures()
    return [item | {"title": known[item["figure"]].title} for item in record.gathered if item["figure"] in known]


ACTIONS = {
    "add": _("登记"),
    "change": _("修改"),
    "retire": _("注销"),
    "restore": _("恢复"),
    "stage": _("进入下一阶段"),
    "sign": _("签署"),
}
PANELS = [
    *(panel for kind in record_types().values() for panel in _panels(kind)),
    Panel(
        name="ledgers",
        on="enterprises",
        title=_("台账"),
        order=54,
        permission="registers.see",
        template="registers/of_enterprise.html",
        context=_ledgers,
        live=("registers",),
    ),
]
