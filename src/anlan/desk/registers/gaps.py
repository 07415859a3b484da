"""What is held against what a standard asks: who lacks how much."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from anlan.desk.access.standing import may
from anlan.desk.registers import keys
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import RecordType, Standard
from anlan.desk.registers.models import Record, RecordKey
from anlan.desk.subjects.declare import Subject, rooms, select


@dataclass(frozen=True)
class Holding:
    """One subject beside one standard. `required` is None when the fact it is reckoned from is not known."""

    subject: Subject
    held: float
    required: float | None

    @property
    def missing(self) -> float:
        return 0.0 if self.required is None else max(0.0, self.required - self.held)


@dataclass(frozen=True)
class Comparison:
    standard: Standard
    holdings: tuple[Holding, ...]
    installed: bool  # whether anybody declares the standard's room of subjects

    @property
    def gaps(self) -> list[Holding]:
        return sorted((held for held in self.holdings if held.missing), key=lambda h: -h.missing)

    @property
    def unknown(self) -> list[Holding]:
        return [held for held in self.holdings if held.required is None]

    @property
    def met(self) -> int:
        return len(self.holdings) - len(self.gaps) - len(self.unknown)


def compare(
    standard: Standard, subjects: Iterable[Subject], held_by: Callable[[Subject], float]
) -> tuple[Holding, ...]:
    """Pure: each subject with what it holds and what it should."""
    return tuple(Holding(subject, held_by(subject), standard.required_of(subject.facts)) for subject in subjects)


def for_reader(user, kind: RecordType, day: date) -> list[Comparison]:
    """Every standard of the type in force that day, over the subjects this person reaches."""
    found = []
    for standard in kind.standards:
        if not standard.in_force(day):
            continue
        reached = [
            subject
            for subject in select(standard.who)
            if may(user, kind.see, region=subject.region, organisation=subject.organisation)
        ]
        holdings = compare(standard, reached, _held(standard, totals(kind, standard, day)))
        found.append(Comparison(standard, holdings, standard.who.room in rooms()))
    return found


def totals(kind: RecordType, standard: Standard, day: date) -> dict[str, float]:
    """What counts for the standard, added up by the region or the organisation of the records, in one query."""
    records = counting(kind, standard, day)
    column = standard.match
    if not standard.count:
        return dict(records.order_by().values_list(column).annotate(total=Count("pk")))
    numbers = RecordKey.objects.filter(type=kind.code, field=standard.count, record__in=records.values("pk"))
    rows = numbers.order_by().values_list(f"record__{column}").annotate(total=Sum("number"))
    return {code: total or 0.0 for code, total in rows}


def counting(kind: RecordType, standard: Standard, day: date) -> QuerySet[Record]:
    """The records in force that the standard counts; a code counts with all below it."""
    records = Record.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), type=kind.code, status=Record.Status.IN_FORCE
    )
    for name, values in standard.where.items():
        field = kind.by_name[name]
        wanted = set(map(str, values))
        if field.codes:
            codes = code_lists()[field.codes]
            wanted = {code for value in wanted for code in codes.below(value)}
        records = keys.having(records, kind, name, sorted(wanted))
    return records


def _held(standard: Standard, by_code: Mapping[str, float]) -> Callable[[Subject], float]:
    if standard.match == "organisation":
        return lambda subject: by_code.get(subject.organisation, 0.0)
    codes = sorted(by_code)
    sums = [0.0]
    for code in codes:
        sums.append(sums[-1] + by_code[code])

    def below(subject: Subject) -> float:
        """The codes of a subtree lie side by side in the sorted list."""
        first, last = bisect_left(codes, subject.region), bisect_left(codes, subject.region + "~")
        return sums[last] - sums[first]

    return below
