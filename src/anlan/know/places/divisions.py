"""Division tables read from a folder of CSV files, every row accounted for.

Files are told by the end of their names: `…province.csv`, `…city.csv`, `…area.csv` or `…county.csv`, `…town.csv` or
`…street.csv`, `…village.csv`, `…grid.csv`. Columns: `name`, and either `code` alone (with or without trailing zeros)
or the parts `province,city,area,town,village,grid`, which joined are the code. Oddities are named, never dropped; a row
that cannot be read at all is refused with its file and line.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from anlan.desk.access.regions import prefix
from anlan.know.places.rules import Level, ancestors, parent_of

ENDINGS = {
    "province": Level.PROVINCE,
    "city": Level.CITY,
    "area": Level.COUNTY,
    "county": Level.COUNTY,
    "town": Level.TOWN,
    "street": Level.TOWN,
    "village": Level.VILLAGE,
    "grid": Level.GRID,
}
PARTS = ("province", "city", "area", "town", "village", "grid")
LEVEL_WORDS = {
    Level.PROVINCE: "省级",
    Level.CITY: "地级",
    Level.COUNTY: "县级",
    Level.TOWN: "乡级",
    Level.VILLAGE: "村级",
    Level.GRID: "网格",
}


@dataclass(frozen=True)
class Division:
    """One row of a table."""

    code: str
    name: str
    file: str
    line: int


@dataclass(frozen=True)
class Oddity:
    """Something in the tables that a reader should know of. `what` groups them."""

    what: str
    code: str
    words: str


@dataclass
class Tables:
    """What was read: rows by level in code order, oddities, refused rows, and how many rows each file has."""

    divisions: dict[str, Division] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    oddities: list[Oddity] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


class NoTables(ValueError):
    """The folder has no division tables; the text says how their names end."""


def read(folder: Path) -> Tables:
    """All tables of a folder. Errors: NoTables."""
    files = [(level, path) for path in sorted(folder.glob("*.csv")) if (level := _level_of_file(path)) is not None]
    if not files:
        names = ", ".join(f"*{ending}.csv" for ending in ENDINGS)
        raise NoTables(f"{folder} holds no division table; their names end in {names}")
    tables = Tables()
    for level, path in sorted(files, key=lambda file: (file[0], file[1].name)):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            _read_file(tables, csv.DictReader(lines), path.name, level)
    return tables


def _level_of_file(path: Path) -> Level | None:
    stem = path.stem.lower()
    return next((level for ending, level in ENDINGS.items() if stem.endswith(ending)), None)


def _read_file(tables: Tables, rows: Iterable[Mapping[str, str]], file: str, level: Level) -> None:
    tables.counts[file] = 0
    for line, row in enumerate(rows, start=2):
        tables.counts[file] += 1
        try:
            division = Division(code_of(row, level), (row.get("name") or "").strip(), file, line)
            if not division.name:
                raise ValueError("the name is empty")
        except ValueError as wrong:
            tables.refused.append(f"{file} 第 {line} 行：{wrong}")
            continue
        _keep(tables, division)


def code_of(row: Mapping[str, str], level: Level) -> str:
    """The code of a row without trailing zeros, checked against the level of its table."""
    parts = [(row.get(part) or "").strip() for part in PARTS]
    printed = "".join(parts) if any(parts[1:]) else (row.get("code") or parts[0]).strip()
    if not (printed.isdecimal() and printed.isascii()):
        raise ValueError(f"'{printed}' is not a division code: digits only")
    code = prefix(printed)
    if len(code) > level:
        raise ValueError(f"code {printed} has digits below the level of its table; is it in the right file?")
    return code.ljust(level, "0")


def _keep(tables: Tables, division: Division) -> None:
    first = tables.divisions.setdefault(division.code, division)
    if first is not division:
        same = "名称相同" if first.name == division.name else f"名称不同：“{first.name}”与“{division.name}”，保留前者"
        words = f"{division.file} 第 {division.line} 行与 {first.file} 第 {first.line} 行代码重复，{same}"
        tables.oddities.append(Oddity("代码重复", division.code, words))


def oddities(divisions: Mapping[str, Division], known: Iterable[str] = ()) -> list[Oddity]:
    """What is unusual in a set of divisions: levels left out, branches without leaves, namesakes, placeholders."""
    everything = set(divisions) | set(known)
    found = [_gap(division, everything) for division in divisions.values()]
    return [oddity for oddity in found if oddity] + _childless(divisions) + _namesakes(divisions) + _stopgaps(divisions)


def _gap(division: Division, known: set[str]) -> Oddity | None:
    above = ancestors(division.code)
    if not above or above[0] in known:
        return None
    parent = parent_of(division.code, known)
    missing = Level(len(above[0]))
    under = f"直接归入 {parent}" if parent else "没有上级，列为最上级"
    zeros = above[0] != prefix(above[0])
    what = f"不设{LEVEL_WORDS[missing]}" if zeros or missing == Level.CITY else f"缺{LEVEL_WORDS[missing]}行"
    return Oddity(what, division.code, f"{division.name}：表中没有 {above[0]}，{under}")


def _childless(divisions: Mapping[str, Division]) -> list[Oddity]:
    """Divisions without a single one below, while the tables do hold that level."""
    levels = {len(code) for code in divisions}
    with_children = {above for code in divisions for above in ancestors(code)}
    deepest = max(levels, default=0)
    return [
        Oddity(f"无下级的{LEVEL_WORDS[Level(len(code))]}", code, division.name)
        for code, division in divisions.items()
        if len(code) < min(deepest, Level.TOWN) and code not in with_children
    ]


def _namesakes(divisions: Mapping[str, Division]) -> list[Oddity]:
    counted = Counter((parent_of(code, divisions), division.name) for code, division in divisions.items())
    return [
        Oddity("同级同名", code, division.name)
        for code, division in divisions.items()
        if counted[parent_of(code, divisions), division.name] > 1
    ]


def _stopgaps(divisions: Mapping[str, Division]) -> list[Oddity]:
    return [
        Oddity("占位行（省直辖县级）", code, division.name)
        for code, division in divisions.items()
        if division.name.endswith("行政区划")
    ]
