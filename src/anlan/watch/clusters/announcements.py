"""What clusters tell the others, inside their transaction: `clusters_moved(begun=[…], ended=[…])`. Flows listen."""

from django.dispatch import Signal

clusters_moved = Signal()
