"""What stands against a permit at a stage of its life: which of the reasons of standards/special_work count there, and
what the platform adds of its own (measures not confirmed, papers of those who work, a space without its sign). Pure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from anlan.prevent.admission import rules as admission
from anlan.prevent.admission.rules import Person, Reason
from anlan.standards.citing import Clause, Text
from anlan.standards.special_work import blocking
from anlan.standards.special_work.blocking import Work
from anlan.standards.special_work.gb30871 import clause

SPACES_ORDER = "工贸企业有限空间作业安全规定"

# The stages at which each reason of the standard counts: submit (asked for), sign (an approver at the place), start,
# resume (after a break), work (while it goes on). A reason that stands in no row counts at every stage.
EVERY = ("submit", "sign", "start", "resume", "work")
AT_PLACE = ("start", "resume")
COUNTS_AT = {
    "too_early": ("start",),
    "gas_expired": AT_PLACE,
    "no_gas_test": ("sign", *AT_PLACE),
    "gas_failed": ("sign", *AT_PLACE, "work"),
    "upgrade": (*AT_PLACE, "work"),
    "not_isolated": ("submit", "sign", *AT_PLACE),
    "isolation_wrong": ("submit", "sign", *AT_PLACE),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A permit as the rules see it: what the standard asks for, and what it does not ask."""

    work: Work
    hazards: str = ""
    unconfirmed: tuple[Text, ...] = ()
    people: tuple[Person, ...] = ()
    contractor: tuple[Reason, ...] = ()  # what admission says against those who do the work
    gas_due: datetime | None = None
    space: str = ""
    space_in_use: bool = True
    space_signed: bool = True


def against(facts: Facts, stage: str) -> tuple[Reason, ...]:
    """Everything that stands against this stage; nothing means it may go on."""
    standard = (
        Reason("", block.words, block.clause)
        for block in blocking.blocks(facts.work)
        if stage in COUNTS_AT.get(block.code, EVERY)
    )
    own = (reason for check, stages in CHECKS if stage in stages for reason in check(facts))
    return (*standard, *own)


def _hazards(facts: Facts) -> Iterator[Reason]:
    if not facts.hazards.strip():
        yield Reason("", Text("没有填写风险辨识结果", "the hazards are not written down"), clause("B.1"))


def _measures(facts: Facts) -> Iterator[Reason]:
    if facts.unconfirmed:
        count, first = len(facts.unconfirmed), facts.unconfirmed[0]
        words = Text(
            f"还有 {count} 项安全措施未确认，第一项：{first.zh}",
            f"{count} measures are not confirmed, the first: {first.en}",
        )
        yield Reason("", words, clause("附录A"))


def _gas_logged(facts: Facts) -> Iterator[Reason]:
    if facts.gas_due is not None and facts.gas_due < facts.work.at:
        at = f"{facts.gas_due:%m-%d %H:%M}"
        yield Reason("", Text(f"应于 {at} 前复测气体", f"gas was to be tested again by {at}"), clause("6.5"))


def _people(facts: Facts) -> Iterator[Reason]:
    """Papers must hold until the permit ends, not only today."""
    for person in facts.people:
        yield from admission.against_certificate(person, facts.work.kind, facts.work.ends.date())


def _contractor(facts: Facts) -> Iterator[Reason]:
    yield from facts.contractor


def _space(facts: Facts) -> Iterator[Reason]:
    if facts.space and not facts.space_in_use:
        yield Reason(facts.space, Text("有限空间已停用", "is out of use"), Clause(SPACES_ORDER, "第6条"))
    if facts.space and not facts.space_signed:
        yield Reason(facts.space, Text("出入口没有警示标志", "has no warning sign"), Clause(SPACES_ORDER, "第11条"))


BEFORE = ("submit", "sign", "start", "resume")
CHECKS: tuple[tuple[Callable[[Facts], Iterator[Reason]], tuple[str, ...]], ...] = (
    (_gas_logged, ("work",)),
    (_people, BEFORE),
    (_contractor, BEFORE),
    (_measures, ("submit", "sign", "start")),
    (_hazards, ("submit",)),
    (_space, ("submit", "sign", "start")),
)
