"""The whole file of one danger: what happened in which order, who answers for what, and what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.desk.cases.models import CaseStep
from anlan.desk.cases.views import said
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.hazards.rules import MAJOR

# The stages a file goes through, and the actions that are one. What a general danger does without is in MAJOR_ONLY.
STAGES = {
    "find": (_("发现"), ("find",)),
    "register": (_("登记"), ("open",)),
    "assess": (_("评估"), ("grade", "regrade")),
    "report": (_("报告"), ("report_department", "report_congress")),
    "monitor": (_("监控"), ("monitor",)),
    "treat": (_("治理"), ("rectify",)),
    "verify": (_("复查"), ("verify",)),
    "accept": (_("验收"), ("accept",)),
    "cancel": (_("销号"), ("cancel", "strike")),
}
MAJOR_ONLY = {"report", "monitor", "accept"}
RESPONSIBLE = {
    "find": _("发现人"),
    "assess": _("定级人"),
    "treat": _("整改人"),
    "verify": _("复查人"),
    "accept": _("验收人"),
    "cancel": _("销号人"),
}


@dataclass(frozen=True)
class Record:
    """One dated record. `stage` is empty for what belongs to none, such as an urging."""

    action: str
    stage: str
    title: Any
    at: datetime
    who: Any
    words: str
    step: CaseStep | None = None
    documents: Sequence = ()


def records(hazard: Hazard) -> list[Record]:
    """In the order in which it happened; the finding first."""
    stage_of = {action: name for name, (_title, actions) in STAGES.items() for action in actions}
    found = Record("find", "find", STAGES["find"][0], hazard.found_at, hazard.finder, hazard.get_found_by_display())
    steps = hazard.case.steps.select_related("actor").prefetch_related("documents").order_by("at", "pk")
    return [
        found,
        *(
            Record(
                step.action,
                stage_of.get(step.action, ""),
                STAGES["register"][0] if step.action == "open" else said(hazard.case, step.action),
                step.at,
                step.actor,
                step.words,
                step,
                step.documents.all(),
            )
            for step in steps
        ),
    ]


def missing(hazard: Hazard, happened: Sequence[Record]) -> list[Any]:
    """The titles of the stages without a record: an empty answer means the file is complete."""
    there = {record.stage for record in happened}
    needed = [name for name in STAGES if hazard.grade == MAJOR or name not in MAJOR_ONLY]
    return [STAGES[name][0] for name in needed if name not in there]


def responsibility(happened: Sequence[Record]) -> list[tuple[Any, Record | None]]:
    """Who answers for each stage: the last one who took it. Nobody yet: None."""
    last = {record.stage: record for record in happened if record.stage}
    return [(title, last.get(stage)) for stage, title in RESPONSIBLE.items()]
