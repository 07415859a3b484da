"""How long to wait before a process that died is started again. Decided here, carried out by run.py."""

from collections.abc import Sequence

PAUSES = (0.0, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds after the 1st, 2nd … death in a row
FORGIVEN = 120.0  # seconds after which an old death no longer counts


def pause(deaths: Sequence[float], now: float) -> float:
    """Seconds to wait, from the instants of earlier deaths (the last included). A first death is answered at once;
    a process that keeps dying is tried ever more seldom, so that it cannot eat the machine, but never given up."""
    recent = sum(1 for death in deaths if 0 <= now - death < FORGIVEN)
    return PAUSES[min(max(recent, 1), len(PAUSES)) - 1]
