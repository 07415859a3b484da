"""What scorecards tell the others, inside their transaction: `assessment_submitted(assessment=…, gaps=[Line, …])`.
Flows listen: a gap becomes a task."""

from django.dispatch import Signal

assessment_submitted = Signal()
