"""The grade of an installation, its owner or its place has changed: its index is reckoned anew."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from anlan.know.facilities.models import Facility
from anlan.watch.warnings.models import Standing
from anlan.watch.warnings.weighing import stale


@receiver(post_save, sender=Facility)
def reckon_anew(instance: Facility, **_signal):
    if instance.hazard_level or Standing.objects.filter(facility=instance.pk).exists():
        stale([instance.pk], [])
