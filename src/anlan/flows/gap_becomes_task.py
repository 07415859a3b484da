"""Every gap of a submitted self-check becomes a task with evidence and a second person who verifies it."""

from django.dispatch import receiver
from django.utils import timezone

from anlan.desk.measures.announcements import assessment_submitted
from anlan.desk.obligations.generating import trigger
from anlan.desk.subjects.declare import Subject


@receiver(assessment_submitted)
def make_tasks(assessment, gaps, **_):
    subject = Subject(
        assessment.subject, assessment.region, assessment.organisation, {}, assessment.title, assessment.url
    )
    for line in gaps:
        trigger(
            "scorecards.gap",
            subject,
            timezone.now(),
            f"{assessment.card}:{assessment.period}:{line.item.code}",
            title=line.item.title_zh,
        )
