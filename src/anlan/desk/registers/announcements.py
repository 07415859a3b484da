"""What ledgers tell the others, inside their transaction: `stage_opened(record=…, kind=…, stage=…, user=…)`.

Flows listen: an approved risk report changes the risk database, a signed judgement becomes a warning.
"""

from django.dispatch import Signal

stage_opened = Signal()
