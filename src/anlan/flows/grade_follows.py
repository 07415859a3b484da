"""What a grade rests on has changed: a risk level, a hidden danger, a certificate, an accident, credit."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.risks.announcements import levels_changed
from anlan.prevent.supervision.actions import changed
from anlan.prevent.supervision.knowing import ACCIDENTS, CERTIFICATES, CREDIT


@receiver(levels_changed)
def with_risks(changes, **_):
    changed({change.point.enterprise_id for change in changes})


@receiver(post_save, sender=Hazard)
def with_dangers(instance: Hazard, **_):
    changed([instance.enterprise_id])


@receiver(post_save, sender=Record)
def with_records(instance: Record, **_):
    if instance.type in (CERTIFICATES, ACCIDENTS, CREDIT):
        changed(Enterprise.objects.filter(code=instance.organisation).values_list("pk", flat=True))


@receiver(post_save, sender=Enterprise)
def with_enterprise(instance: Enterprise, **_):
    changed([instance.pk])
