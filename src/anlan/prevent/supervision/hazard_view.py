"""Major hazards with their filing, and the five kinds of information of a chemical enterprise on one page.

Both are lists like any other, so that other capabilities add what they know as panels: `on="major-hazards"` shows
live values, `on="five-in-one"` alarms.
"""

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from anlan.desk.registers import gates as registers
from anlan.desk.registers.declare import record_type
from anlan.desk.registers.models import Record
from anlan.know.enterprises import gates as enterprises
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.facilities import gates as facilities
from anlan.know.facilities.models import Facility
from anlan.prevent.risks import gates as risks
from anlan.prevent.risks.models import Influence

CHEMICAL = ("hazchem_producer", "hazchem_user")
FILING = "hazard_filings"


def hazards_seen_by(user) -> QuerySet[Facility]:
    """Facilities that are major hazards; `filed_on` and `filing_stage` come from the ledger of filings."""
    filing = Record.objects.filter(
        type=FILING, status=Record.Status.IN_FORCE, key=Concat(OuterRef("organisation"), Value("|"), OuterRef("code"))
    )
    rows = facilities.seen_by(user).exclude(hazard_level=None).filter(in_service=True)
    return rows.annotate(
        filing_stage=Subquery(filing.values("stage")[:1]),
        filed_on=Subquery(filing.filter(stage="filed").values("stage_on")[:1]),
        filed=Exists(filing.filter(stage="filed")),
    )


def chemical_seen_by(user) -> QuerySet[Enterprise]:
    chosen = RegulatedAs.objects.filter(enterprise=OuterRef("pk"), code__in=CHEMICAL)
    return enterprises.seen_by(user).filter(Exists(chosen), status=Enterprise.Status.OPERATING)


def now(user, enterprise: Enterprise) -> dict:
    """Each zone in which something raises the risk just now: its colour, why, who is in it, which step runs."""
    zones = risks.seen_by(user).filter(enterprise=enterprise, in_use=True)
    influences = Influence.objects.filter(point__in=zones.values("pk"), ended_at=None).select_related("point")
    by_point: dict[int, dict] = {}
    for influence in influences.order_by("level", "-since")[:200]:
        entry = by_point.setdefault(influence.point_id, {"point": influence.point, "why": []})
        entry["why"].append(influence)
    people, running = _by_zone(user, "shift_presence", enterprise), _by_zone(user, "process_steps", enterprise)
    for entry in by_point.values():
        code = entry["point"].code
        entry["people"] = people.get(code, [])
        entry["steps"] = [step for step in running.get(code, []) if step.data.get("running")]
    ordered = sorted(by_point.values(), key=lambda entry: (entry["point"].dynamic_level or 9, entry["point"].code))
    return {"zones": ordered, "row": enterprise}


def _by_zone(user, code: str, enterprise: Enterprise) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in held(user, code, enterprise)[:1000]:
        found.setdefault(record.data.get("zone", ""), []).append(record)
    return found


def held(user, code: str, enterprise: Enterprise) -> QuerySet[Record]:
    rows = registers.of_type(user, record_type(code)).filter(organisation=enterprise.code)
    return rows.filter(status=Record.Status.IN_FORCE).order_by("title")
