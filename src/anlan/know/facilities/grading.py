"""The level of a major hazard installation, from what the facility's attributes say it may hold (GB 18218-2018).

Attributes: `substances`, a list of {name, quantity_t (design maximum), categories (of table 2, where known)}, and
`residents`, the permanent residents within 500 m of the plant. The registered level stays what somebody registered; a
difference is shown, not corrected.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from anlan.standards.citing import Refusal, Text
from anlan.standards.dating import When
from anlan.standards.major_hazards.gb18218 import Item, grade


@dataclass(frozen=True)
class Graded:
    """`finding` as plain JSON, or why there is none in `refused`. `differs`: the registered level is another."""

    finding: dict | None = None
    refused: Text | None = None
    differs: bool = False


def graded(attributes: Mapping[str, Any], registered: int | None, day: date) -> Graded | None:
    """None where the attributes do not say what is needed."""
    substances, residents = attributes.get("substances"), attributes.get("residents")
    if not isinstance(substances, list) or not substances or not isinstance(residents, int):
        return None
    try:
        items = [Item(row["name"], row["quantity_t"], tuple(row.get("categories", ()))) for row in substances]
        found = grade(items, residents, When(day))
    except Refusal as error:
        return Graded(refused=error.text)
    except (KeyError, TypeError, AttributeError):
        return None
    return Graded(found.as_dict(), differs=int(found.value) != (registered or 0))
