"""The pages of checks: the check itself, the library, rounds, the statistics."""

from anlan.prevent.checks.views.answering import answer, finish, task
from anlan.prevent.checks.views.counting import statistics
from anlan.prevent.checks.views.patrolling import here, print_stops
from anlan.prevent.checks.views.reading import checklist, derive, library, proof

__all__ = [
    "answer",
    "checklist",
    "derive",
    "finish",
    "here",
    "library",
    "print_stops",
    "proof",
    "statistics",
    "task",
]
