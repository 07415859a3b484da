"""What cases tell the others, after the commit: `case_moved(case, action, source, actor)`. Flows listen."""

from django.dispatch import Signal

case_moved = Signal()
