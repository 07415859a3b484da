"""Work that comes round by itself. A capability declares it in its room `tasks.py`; the work process finds and runs it.

    TASKS = [Task("obligations.generate", generate, every=timedelta(hours=1))]

`run` takes the instant (aware) and must be safe to run twice: the work process may be killed between doing and noting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


class WrongTask(ValueError):
    """A declaration cannot be used; the text names the room and what to change."""


@dataclass(frozen=True)
class Task:
    """One recurring piece of work. `name` is `<capability>.<verb>` and is what logs and the operations page show."""

    name: str
    run: Callable[[datetime], object]
    every: timedelta

    def due(self, last: datetime | None, now: datetime) -> bool:
        """Whether it is time: never run, or `every` has passed, or the clock was set back behind the last run."""
        return last is None or now - last >= self.every or now < last


@cache
def tasks() -> dict[str, Task]:
    """All tasks by name. A wrong or doubled declaration stops the start."""
    found: dict[str, Task] = {}
    for app in apps.get_app_configs():
        room = f"{app.name}.tasks"
        if find_spec(room) is None:
            continue
        for task in getattr(import_module(room), "TASKS", ()):
            if not isinstance(task, Task) or task.every <= timedelta():
                raise WrongTask(
                    f"{room}: TASKS holds {task!r}; write Task(name, function, every=timedelta(…)) above 0."
                )
            if task.name in found:
                raise WrongTask(f"{room}: the task '{task.name}' is declared twice; rename one.")
            found[task.name] = task
    return found
