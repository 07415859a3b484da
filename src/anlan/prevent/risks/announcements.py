"""What risks tell the others, inside their transaction. Flows listen.

`levels_changed(changes=[Change, …])`: a point's own or dynamic level has changed.
"""

from dataclasses import dataclass

from django.dispatch import Signal

from anlan.prevent.risks.models import Point

levels_changed = Signal()


@dataclass(frozen=True)
class Change:
    """One point; `before` and `after` are dynamic levels, `why` is evaluated, influenced or entered."""

    point: Point
    before: int | None
    after: int | None
    why: str
