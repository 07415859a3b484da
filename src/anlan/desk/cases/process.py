"""A closed loop as a table. A capability writes one in its `states.py`; the engine does the rest.

    PROCESS = Process(
        kind="warnings.warning", title=_("预警"), initial="new",
        states=[State("new", _("待确认"), group="open"), …],
        steps=[Step("confirm", _("确认"), source=["new"], target="confirmed", permission="warnings.confirm", …), …],
        clocks={"confirm": Clock(…)},
    )

The rules of the machine
- A case is in one state. A step leads from one of its `source` states to its `target` (None: the state stays).
- A step may be taken by whoever holds its permission for the case's region and organisation, except by those
  who took one of the steps in `apart_from`: nobody verifies his own work.
- Entering a state starts the state's clock, if it has one; leaving stops it. `due_at` is the running clock's end.
- A step may demand words (`words`), documents (`evidence`), or fields (`fields`), and is refused without them.
- A step may carry a guard: it looks at the case and answers why the step cannot be taken yet, or nothing.
- A step with `applies` exists only for the cases of which that holds: the others do not show it, and refuse it.
- A step may fork: `way` looks at the case and answers which of `ways` it leads to instead of `target`.
- A state may end when the case says (`until`): a permit ends at the hour that stands on it, whenever it was entered.
- States are grouped open or closed. A closed case has no clock. From every open state a closed one can be reached.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class State:
    name: str
    title: Any
    group: str = "open"  # open or closed
    clock: str = ""  # the clock that runs while the case is here
    colour: str = ""  # Tabler colour name of the badge
    until: Callable[[Any], Any] | None = None  # case -> the instant its clock runs out, instead of the clock's amount


@dataclass(frozen=True)
class Field:
    """A value that a step asks for. kind: text, choice, user, level, number, date. `choices` may be a function of the
    case, where what can be chosen depends on it."""

    name: str
    title: Any
    kind: str = "text"
    required: bool = True
    choices: Sequence[tuple[str, Any]] | Callable[[Any], Sequence[tuple[str, Any]]] = ()

    def offered(self, case) -> Sequence[tuple[str, Any]]:
        return self.choices(case) if callable(self.choices) else self.choices


@dataclass(frozen=True)
class Step:
    action: str
    title: Any
    source: Sequence[str]
    target: str | None
    permission: str
    apart_from: Sequence[str] = ()
    words: bool = False  # an explanation must be given
    evidence: int = 0  # at least so many documents
    fields: Sequence[Field] = ()
    style: str = ""  # how the button looks: primary, danger or plain
    shortcut: str = ""  # one key on the case's page
    by_hand: bool = True  # False: only flows and tasks take it
    awaited: bool = True  # False: nobody waits for it (to stop, to cancel): it makes the case nobody's next work
    supervises: bool = False  # puts the case under listed supervision
    hastens: bool = False  # it brings a graver level: the running clock ends no later than one of that level would
    guard: Callable[[Any], Any] | None = None  # case -> why not yet, or None
    applies: Callable[[Any], bool] | None = None  # case -> whether this step is one for such a case at all
    ways: Sequence[str] = ()  # other states it may lead to
    way: Callable[[Any], str | None] | None = None  # case -> which of them; None: to `target`

    def leads_to(self, case) -> str:
        """The state the case is in after this step."""
        chosen = self.way(case) if self.way else None
        if chosen is not None and chosen not in (self.target, *self.ways):
            raise ValueError(f"step '{self.action}' leads to '{chosen}', which is none of its ways")
        return chosen or self.target or case.state

    @property
    def targets(self) -> tuple[str, ...]:
        return (*([self.target] if self.target else []), *self.ways)


@dataclass(frozen=True)
class Process:
    kind: str
    title: Any
    initial: str
    states: Sequence[State]
    steps: Sequence[Step]
    clocks: dict = field(default_factory=dict)  # name -> Clock of desk.clocks
    escalation: Sequence[str] = ()  # who is told at the 1st, 2nd … stage when the clock has run out: permissions
    page: str = ""  # url name of the case's page, takes the case's pk

    @cached_property
    def by_name(self) -> dict[str, State]:
        return {state.name: state for state in self.states}

    @cached_property
    def by_action(self) -> dict[str, Step]:
        return {step.action: step for step in self.steps}

    @property
    def open_states(self) -> list[str]:
        return [state.name for state in self.states if state.group == "open"]

    def awaited_from(self, state: str) -> list[Step]:
        """The steps by which the case goes on from here: whose turn it is."""
        return [step for step in self.steps_from(state) if step.by_hand and step.target and step.awaited]

    def steps_from(self, state: str) -> list[Step]:
        return [step for step in self.steps if state in step.source]


def faults(process: Process) -> list[str]:
    """What is wrong with the table, in sentences. A sound table gives an empty list."""
    names = [state.name for state in process.states]
    found = [f"state '{name}' stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    actions = [step.action for step in process.steps]
    found += [f"step '{name}' stands twice" for name in sorted({name for name in actions if actions.count(name) > 1})]
    if process.initial not in names:
        return [*found, f"the initial state '{process.initial}' is not a state"]
    for step in process.steps:
        unknown = [name for name in [*step.source, *step.targets] if name not in names]
        found += [f"step '{step.action}' names '{name}', which is not a state" for name in unknown]
        found += [
            f"step '{step.action}' must differ from '{name}', which is not a step"
            for name in step.apart_from
            if name not in actions
        ]
    for state in process.states:
        if state.clock and state.clock not in process.clocks:
            found.append(f"state '{state.name}' runs the clock '{state.clock}', which is not declared")
        if state.clock and state.group == "closed":
            found.append(f"the closed state '{state.name}' must not run a clock")
    found += [
        f"clock '{name}' is declared but no state runs it"
        for name in process.clocks
        if name not in {s.clock for s in process.states}
    ]
    if found:
        return found
    reached = _reachable(process, {process.initial})
    found += [f"state '{name}' can never be reached" for name in names if name not in reached]
    closed = {state.name for state in process.states if state.group == "closed"}
    found += [
        f"from state '{name}' no closed state can be reached"
        for name in process.open_states
        if not _reachable(process, {name}) & closed
    ]
    return found


def _reachable(process: Process, start: set[str]) -> set[str]:
    reached, frontier = set(start), set(start)
    while frontier:
        frontier = {name for step in process.steps if frontier & set(step.source) for name in step.targets} - reached
        reached |= frontier
    return reached
