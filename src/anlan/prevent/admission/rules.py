"""Who may come in, decided purely: every reason against it with its clause, none found means admitted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anlan.standards.citing import Clause, Status, Text

SAFETY_LAW = "安全生产法"
SPECIAL_OPERATION = "特种作业人员安全技术培训考核管理规定"
CONTRACTING = Clause(SAFETY_LAW, "第49条", Status.RECALLED)
CERTIFIED = Clause(SAFETY_LAW, "第30条")
TRAINED = Clause(SAFETY_LAW, "第28条", Status.RECALLED)
RE_CHECK = Clause(SPECIAL_OPERATION, "", Status.RECALLED)

# Kind of special work -> which certificates let a person do it (codes of `special_operation`, with all below them).
# The other kinds ask for training, not for a certificate of this ledger. Configuration: docs/decisions/0120.
CERTIFICATES_FOR = {
    "hot_work": ("welding",),
    "work_at_height": ("height",),
    "temporary_power": ("electric",),
}
MOST_POINTS = 12  # within a year; configuration: no law sets it (docs/decisions/0122)


@dataclass(frozen=True)
class Reason:
    """Why not: about whom or what, in words, by which clause (None: the enterprise's own rule)."""

    about: str
    words: Text
    clause: Clause | None = None

    def as_dict(self) -> dict[str, Any]:
        clause = self.clause.as_dict() if self.clause else None
        return {"about": self.about, "words": {"zh": self.words.zh, "en": self.words.en}, "clause": clause}


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A special-operation certificate as the ledger has it. `kinds`: its code and all above it."""

    number: str
    kinds: frozenset[str]
    until: date | None
    in_force: bool = True
    recheck_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class Company:
    name: str
    barred: str = ""
    points: int = 0
    qualification_until: date | None = None
    licence_until: date | None = None
    agreement_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """`number` is the certificate the person names; `certificate` what the ledger has under it."""

    name: str
    barred: str = ""
    trained_until: date | None = None
    number: str = ""
    certificate: Certificate | None = None


def against_company(company: Company, day: date) -> Iterator[Reason]:
    if company.barred:
        yield Reason(company.name, Text(f"已列入禁入：{company.barred}", f"is barred: {company.barred}"), CONTRACTING)
    if company.points >= MOST_POINTS:
        yield Reason(
            company.name,
            Text(
                f"12 个月内违章记分 {company.points}，达到 {MOST_POINTS} 分",
                f"has {company.points} violation points in 12 months, the limit is {MOST_POINTS}",
            ),
        )
    papers = (
        ("资质证书", "qualification", company.qualification_until, False),
        ("安全生产许可证", "work-safety licence", company.licence_until, False),
        ("安全生产管理协议", "safety agreement", company.agreement_until, True),
    )
    for zh, en, until, needed in papers:
        if until is None and needed:
            yield Reason(company.name, Text(f"没有签订{zh}", f"has no {en}"), CONTRACTING)
        elif until is not None and until < day:
            yield Reason(company.name, Text(f"{zh}已于 {until} 到期", f"{en} expired on {until}"), CONTRACTING)


def against_person(person: Person, kind: str, day: date) -> Iterator[Reason]:
    if person.barred:
        yield Reason(person.name, Text(f"已列入禁入：{person.barred}", f"is barred: {person.barred}"))
    if person.trained_until is None:
        yield Reason(person.name, Text("没有入厂安全教育记录", "has no record of safety training"), TRAINED)
    elif person.trained_until < day:
        until = person.trained_until
        yield Reason(person.name, Text(f"入厂安全教育已于 {until} 到期", f"safety training ended on {until}"), TRAINED)


def against_certificate(person: Person, kind: str, day: date) -> Iterator[Reason]:
    """An expired certificate is told whatever the work; a missing one where the work asks for it."""
    held = person.certificate
    if person.number and held is None:
        yield Reason(
            person.name,
            Text(f"证书 {person.number} 不在特种作业证台账中", f"certificate {person.number} is not in the ledger"),
            CERTIFIED,
        )
    if held is not None:
        yield from _lapsed(person.name, held, day)
    asked = CERTIFICATES_FOR.get(kind, ())
    if asked and not person.number:
        yield Reason(person.name, Text("没有特种作业证", "has no special-operation certificate"), CERTIFIED)
    elif asked and held is not None and not held.kinds & set(asked):
        yield Reason(
            person.name,
            Text(f"证书 {held.number} 不适用于本作业", f"certificate {held.number} is not for this work"),
            CERTIFIED,
        )


def _lapsed(name: str, held: Certificate, day: date) -> Iterator[Reason]:
    if not held.in_force:
        yield Reason(
            name, Text(f"特种作业证 {held.number} 已注销", f"certificate {held.number} was withdrawn"), CERTIFIED
        )
    elif held.until is not None and held.until < day:
        yield Reason(
            name,
            Text(
                f"特种作业证 {held.number} 已于 {held.until} 到期",
                f"special-operation certificate {held.number} expired on {held.until}",
            ),
            CERTIFIED,
        )
    elif held.recheck_by is not None and held.recheck_by < day:
        yield Reason(
            name,
            Text(
                f"特种作业证 {held.number} 应于 {held.recheck_by} 前复审",
                f"certificate {held.number} was to be re-checked by {held.recheck_by}",
            ),
            RE_CHECK,
        )


def against(company: Company, people: Sequence[Person], kind: str, starts: date, ends: date) -> tuple[Reason, ...]:
    """All reasons against an entry from `starts` to `ends`: papers must hold on the last day, not only today."""
    if not people:
        return (Reason(company.name, Text("没有列出入厂人员", "names nobody who is to come in")),)
    found = [*against_company(company, ends)]
    for person in people:
        found += against_person(person, kind, ends)
        found += against_certificate(person, kind, ends)
    return tuple(found)
