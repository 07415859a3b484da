"""The states of an alarm after ISA-18.2 / IEC 62682 as one table, and what OPC UA Part 9 calls them. Pure.

An alarm's state follows from three facts alone: what holds it back, whether its condition is there, whether somebody
has seen it. Nothing else may set it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class State:
    """`rank` sorts the list: what waits to be seen, what is known, what is held back, what is over."""

    code: str
    title: Any
    rank: int
    colour: str
    group: str = ""

    @property
    def annunciated(self) -> bool:
        return self.rank < HELD


WAITING, KNOWN, HELD, OVER = 0, 1, 2, 3

STATES = {
    state.code: state
    for state in (
        State("unacknowledged", _("未确认"), WAITING, "red"),
        State("returned", _("已恢复未确认"), WAITING, "orange"),
        State("acknowledged", _("已确认"), KNOWN, "blue"),
        State("shelved", _("已搁置"), HELD, "grey"),
        State("suppressed", _("设计抑制"), HELD, "grey"),
        State("out_of_service", _("停用"), HELD, "grey"),
        State("normal", _("正常"), OVER, "green"),
    )
}


@dataclass(frozen=True)
class Process:
    """The states by their codes, as pages ask a case for its own."""

    by_name: dict[str, State]


PROCESS = Process(STATES)
CHOICES = [(state.code, state.title) for state in STATES.values()]

# What holds an alarm back, the strongest first.
INHIBITIONS = {"out_of_service": _("停用"), "suppressed": _("设计抑制"), "shelved": _("搁置")}

# (held back by, condition active, seen) -> state
TABLE = {
    ("", True, False): "unacknowledged",
    ("", True, True): "acknowledged",
    ("", False, False): "returned",
    ("", False, True): "normal",
    **{(held, True, seen): held for held in INHIBITIONS for seen in (False, True)},
    **{(held, False, seen): "normal" for held in INHIBITIONS for seen in (False, True)},
}

# In which states a person may do what.
MAY = {
    "acknowledge": {"unacknowledged", "returned", "shelved"},
    "shelve": {"unacknowledged", "acknowledged"},
    "retire": {"unacknowledged", "acknowledged", "shelved", "suppressed"},
}

# OPC UA Part 9: state -> AckedState, ActiveState, SuppressedState, ShelvingState, OutOfServiceState
_PART_9 = ("AckedState", "ActiveState", "SuppressedState", "ShelvingState", "OutOfServiceState")
PART_9 = {
    "unacknowledged": (False, True, False, "Unshelved", False),
    "returned": (False, False, False, "Unshelved", False),
    "acknowledged": (True, True, False, "Unshelved", False),
    "shelved": (None, True, False, "TimedShelved", False),
    "suppressed": (None, True, True, "Unshelved", False),
    "out_of_service": (None, True, False, "Unshelved", True),
    "normal": (True, False, False, "Unshelved", False),
}


def state_of(held: str, active: bool, seen: bool) -> State:
    """`held`: a key of INHIBITIONS or ""; `seen`: somebody has acknowledged it, or nobody needs to any more."""
    return STATES[TABLE[held, active, seen]]


def part_9(state: str, acknowledged: bool) -> dict[str, Any]:
    """The state in the words of OPC UA Part 9."""
    said = dict(zip(_PART_9, PART_9[state], strict=True))
    if said["AckedState"] is None:
        said["AckedState"] = acknowledged
    return said
