"""What a record writes down of the world when it is made: named figures of its region, with the day.

A judgement of risks is later read beside the numbers it was made from, not beside those of the day it is read.
"""

from datetime import date, timedelta
from typing import Any

from anlan.desk.figures.declare import figures
from anlan.desk.registers.declare import RecordType


def gathered(kind: RecordType, region: str, day: date) -> list[dict[str, Any]]:
    """[{"figure", "value", "day"}] of this month up to today; a figure nobody declares is left out."""
    found = []
    for name in kind.gathers:
        if figure := figures().get(name):
            value = figure.compute(day.replace(day=1), day + timedelta(days=1), region)
            number = sum(value.values()) if isinstance(value, dict) else value
            found.append({"figure": name, "value": number, "day": day.isoformat()})
    return found
