"""Sectors and regions at a glance: counted in a fixed number of questions, folded here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from anlan.desk.access.regions import within
from anlan.desk.pages.values import titles
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.enterprises.categories import all_categories
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.places.models import DIGITS
from anlan.watch.alarms import gates as alarm_gates
from anlan.watch.devices import gates as device_gates
from anlan.watch.warnings import gates as warning_gates
from anlan.watch.warnings.models import Standing

TOP = 3
ALL = (1, 2, 3, 4)


@dataclass
class Sector:
    """One regulated category: counts by level, and its enterprises with the highest index."""

    code: str
    title: object
    enterprises: int = 0
    devices: int = 0
    online: int = 0
    alarms: Counter = field(default_factory=Counter)
    warnings: Counter = field(default_factory=Counter)
    top: list[Standing] = field(default_factory=list)

    @property
    def alarm_counts(self) -> list[tuple[int, int]]:
        return [(level, self.alarms[level]) for level in ALL]

    @property
    def warning_counts(self) -> list[tuple[int, int]]:
        return [(level, self.warnings[level]) for level in ALL]

    @property
    def worst(self) -> tuple:
        """Sorts the sectors: where most is red first."""
        return tuple(-self.warnings[level] - self.alarms[level] for level in ALL)


@dataclass(frozen=True)
class Cell:
    """A region and a sector: the gravest colour of its enterprises, how many have one, of how many."""

    level: int | None
    coloured: int
    total: int


def sectors(user, region: str = "") -> list[Sector]:
    """Every sector with an enterprise this person sees, the gravest first. One regulated twice counts in both."""
    of = _categories(user, region)
    devices = dict_of(device_gates.seen_by(user).filter(within(region)), "organisation", "online")
    alarms = dict_of(alarm_gates.safety(user).filter(within(region), active=True), "organisation", "level")
    cases = warning_gates.seen_by(user).filter(within(region), is_open=True)
    warnings = dict_of(cases, "organisation", "level")
    called = all_categories()
    found: dict[str, Sector] = {}
    for organisation, codes in of.items():
        for code in codes:
            sector = found.setdefault(code, Sector(code, called[code].title if code in called else code))
            sector.enterprises += 1
            sector.devices += sum(devices[organisation].values())
            sector.online += devices[organisation][True]
            sector.alarms.update(alarms[organisation])
            sector.warnings.update(warnings[organisation])
    _name_gravest(user, region, of, found)
    return sorted(found.values(), key=lambda one: (one.worst, one.code))


def _name_gravest(user, region: str, of: Mapping[str, list[str]], found: Mapping[str, Sector]) -> None:
    coloured = warning_gates.enterprises_seen_by(user).filter(within(region), level__isnull=False)
    rows = coloured.order_by("level", "-value").only("pk", "title", "value", "level", "organisation")
    for row in rows:
        for code in of.get(row.organisation, ()):
            if code in found and len(found[code].top) < TOP:
                found[code].top.append(row)


def _categories(user, region: str) -> dict[str, list[str]]:
    """The categories of each enterprise with a standing this person sees, by its code."""
    seen = warning_gates.enterprises_seen_by(user).filter(within(region))
    rows = RegulatedAs.objects.filter(enterprise__in=seen.values("enterprise")).order_by("code")
    found: dict[str, list[str]] = defaultdict(list)
    for organisation, code in rows.values_list("enterprise__code", "code"):
        found[organisation].append(code)
    return found


def dict_of(rows: QuerySet, by: str, of: str) -> Mapping[str, Counter]:
    """Counts by one field and, within it, by another."""
    found: dict[str, Counter] = defaultdict(Counter)
    for key, value, count in rows.order_by().values_list(by, of).annotate(Count("pk")):
        found[key][value] += count
    return found


@dataclass(frozen=True)
class Region:
    code: str
    name: str
    standing: Standing | None  # of the region itself
    cells: list[tuple[str, Cell]]  # by the sector's code, in the board's order
    all: Cell
    leaf: bool  # nothing smaller is known below it


@dataclass(frozen=True)
class Matrix:
    regions: list[Region]
    sectors: list[tuple[str, object]]


def matrix(user, region: str, below: int) -> Matrix:
    """The regions with `below` digits × sectors, in colours."""
    seen = warning_gates.enterprises_seen_by(user).filter(within(region))
    codes = dict(seen.values_list("organisation", "region"))
    of = _categories(user, region)
    levels = dict(seen.filter(level__isnull=False).values_list("organisation", "level"))
    counted: dict[str, dict[str, Counter]] = defaultdict(lambda: defaultdict(Counter))
    for organisation, place in codes.items():
        for code in ("", *of.get(organisation, ())):
            counted[place[:below]][code][levels.get(organisation)] += 1
    called = all_categories()
    shown = [code for code in called if any(code in sectors_of for sectors_of in counted.values())]
    own = {one.region: one for one in _standings(user, counted)}
    names = titles("region", counted)
    regions = [
        Region(
            code,
            names.get(code, code),
            own.get(code),
            [(sector, _cell(of_place[sector]) if sector in of_place else Cell(None, 0, 0)) for sector in shown],
            _cell(of_place[""]),
            len(code) >= DIGITS[3],
        )
        for code, of_place in sorted(counted.items())
    ]
    return Matrix(regions, [(code, called[code].title) for code in shown])


def _standings(user, codes: Iterable[str]) -> QuerySet[Standing]:
    return warning_gates.standings_seen_by(user).filter(scope="region", region__in=list(codes)).defer("explanation")


def _cell(levels: Counter) -> Cell:
    coloured = {level: count for level, count in levels.items() if level}
    return Cell(min(coloured, default=None), sum(coloured.values()), sum(levels.values()))


def unwatched(user, region: str) -> int:
    """Enterprises this person sees of which no index is known yet: the board must not be silent about them."""
    rows = enterprise_gates.seen_by(user).filter(within(region)).exclude(status=Enterprise.Status.CLOSED)
    return rows.exclude(indexes__scope="enterprise").count()
