"""What permits tell the others, inside their transaction: `permit_moved(permit, action, actor)`. Flows listen."""

from django.dispatch import Signal

permit_moved = Signal()
