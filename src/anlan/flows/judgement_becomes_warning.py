"""A judgement of risks that departments have signed and issued becomes a warning with its own loop."""

from django.dispatch import receiver
from django.utils import timezone

from anlan.desk.registers.announcements import stage_opened
from anlan.watch.warnings.actions import Occasion, warn

JUDGEMENTS, ISSUED = "risk_consultations", "issued"


@receiver(stage_opened)
def issue(record, kind, stage, **_):
    if kind.code != JUDGEMENTS or stage.code != ISSUED:
        return
    warn(
        Occasion(
            subject=f"record:{record.pk}",
            title=record.title,
            level=int(record.data["level"]),
            region=record.region,
            organisation=record.organisation,
            at=timezone.now(),
        )
    )
