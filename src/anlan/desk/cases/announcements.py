"""What cases tell the others: `case_moved(case, action, source, actor, step)`. Flows listen.

It is sent inside the transaction of the step, so that what a flow writes is written with the step or not at all;
what reaches beyond the database (live pushes, messages) waits for the commit.
"""

from django.dispatch import Signal

case_moved = Signal()
