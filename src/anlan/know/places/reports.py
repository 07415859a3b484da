"""What an import did, in lines a person reads."""

from collections import defaultdict
from dataclasses import dataclass, field

from anlan.know.places.divisions import Oddity

SHOWN = 8
"""So many examples of each oddity are printed; all of them are kept in the report."""


@dataclass
class Report:
    """Counts by outcome, the oddities and the refused rows of one import."""

    title: str
    files: dict[str, int] = field(default_factory=dict)
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[str, list[Oddity]]:
        grouped = defaultdict(list)
        for oddity in self.oddities:
            grouped[oddity.what].append(oddity)
        return dict(grouped)

    def lines(self) -> list[str]:
        rows = sum(self.files.values())
        lines = [self.title]
        lines += [f"  {file}：{count} 行" for file, count in self.files.items()]
        kept = f"新增 {self.created}，变更 {self.changed}，不变 {self.unchanged}"
        lines.append(f"  共 {rows} 行：{kept}，未读入 {len(self.refused)}")
        lines += [f"  {note}" for note in self.notes]
        lines += [f"  未读入：{reason}" for reason in self.refused]
        for what, found in self.by_kind.items():
            lines.append(f"  {what}：{len(found)} 处")
            lines += [f"    {oddity.code} {oddity.words}" for oddity in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"    …… 另有 {len(found) - SHOWN} 处")
        return lines

    def __str__(self) -> str:
        return "\n".join(self.lines())
