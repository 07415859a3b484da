"""What admission tells the others, inside its transaction: `entry_moved(entry, actor)`. Flows listen."""

from django.dispatch import Signal

entry_moved = Signal()
