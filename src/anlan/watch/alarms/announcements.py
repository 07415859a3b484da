"""What alarms tell the others, inside their transaction: `alarms_moved(moves=[Move, …])`. Flows listen."""

from dataclasses import dataclass

from django.dispatch import Signal

from anlan.watch.alarms.models import Alarm

alarms_moved = Signal()


@dataclass(frozen=True)
class Move:
    """One alarm and what happened to it: raised, repeated, worsened, eased, cleared, held (people are not shown it any
    more though it lasts) or released (shown again after that)."""

    alarm: Alarm
    transition: str
