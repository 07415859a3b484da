"""An answer with its reasons: which rule, of which clause, from which inputs, because of which other answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from anlan.standards import exact
from anlan.standards.citing import Clause, Status, Text


@dataclass(frozen=True)
class Finding:
    """What one rule found. `inputs` are named values it was given; `because` the findings it rests on.

    `value` is whatever the rule answers: a number (Fraction where it is exact), a code, a Text, True or False, None
    where the rule gives no answer to what was asked. `unit` is a UCUM code, empty where there is none.
    """

    value: Any
    rule: Text
    clause: Clause | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    because: tuple["Finding", ...] = ()
    unit: str = ""

    def __iter__(self) -> Iterator["Finding"]:
        """This finding and all below it, reasons after what they explain."""
        yield self
        for reason in self.because:
            yield from reason

    @property
    def status(self) -> Status:
        """As sure as the least sure clause it rests on."""
        return Status.worst(one.clause.status for one in self if one.clause)

    def clauses(self) -> tuple[Clause, ...]:
        """Every clause it rests on, once, in the order of the tree."""
        return tuple(dict.fromkeys(one.clause for one in self if one.clause))

    def outline(self, language: str = "zh") -> str:
        """The tree as indented lines for a terminal or a file."""
        return "\n".join(_lines(self, language, 0))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON: may be stored, and shown years later without this library."""
        return {
            "rule": {"zh": self.rule.zh, "en": self.rule.en},
            "value": plain(self.value),
            "said": {"zh": shown(self.value, "zh"), "en": shown(self.value, "en")},
            "unit": self.unit,
            "clause": self.clause.as_dict() if self.clause else None,
            "status": self.status.value,
            "inputs": {name: plain(value) for name, value in self.inputs.items()},
            "because": [reason.as_dict() for reason in self.because],
        }


def _lines(finding: Finding, language: str, depth: int) -> Iterator[str]:
    value = shown(finding.value, language)
    cited = f"  [{finding.clause.said(language)}]" if finding.clause else ""
    if finding.clause and finding.clause.status is not Status.VERIFIED:
        cited += f" ({finding.clause.status.title.said(language)})"
    given = ", ".join(f"{name} = {shown(value, language)}" for name, value in finding.inputs.items())
    unit = f" {finding.unit}" if finding.unit else ""
    yield f"{'  ' * depth}{finding.rule.said(language)}: {value}{unit}{f' ({given})' if given else ''}{cited}"
    for reason in finding.because:
        yield from _lines(reason, language, depth + 1)


def plain(value: Any) -> Any:
    """As JSON can hold it."""
    match value:
        case Finding():
            return plain(value.value)
        case Text():
            return {"zh": value.zh, "en": value.en}
        case Enum():
            return value.value
        case bool() | None | str():
            return value
        case Decimal():
            return exact.plain(Fraction(value))
        case Fraction() | int() | float():
            return exact.plain(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(plain(key)): plain(entry) for key, entry in value.items()}
        case tuple() | list() | set() | frozenset():
            return [plain(entry) for entry in value]
        case Clause():
            return value.as_dict()
        case _:
            return str(value)


def shown(value: Any, language: str = "zh") -> str:
    """As a person reads it."""
    english = language.startswith("en")
    match value:
        case Finding():
            return shown(value.value, language)
        case Text() | Clause():
            return value.said(language)
        case None:
            return "—"
        case bool():
            return ("yes" if value else "no") if english else ("是" if value else "否")
        case Decimal():
            return exact.digits(Fraction(value))
        case Fraction() | int() | float() if not isinstance(value, Enum):
            return exact.digits(value)
        case Enum():
            return shown(getattr(value, "title", value.value), language)
        case Mapping():
            return ", ".join(f"{key} {shown(entry, language)}" for key, entry in value.items())
        case tuple() | list():
            return (", " if english else "、").join(shown(entry, language) for entry in value)
        case _:
            return str(value)
