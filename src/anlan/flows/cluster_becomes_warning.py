"""Alarms that gather in an area open a warning of their own; when all are over, it hears that its readings are back."""

from django.dispatch import receiver

from anlan.desk.cases.models import Case
from anlan.watch.clusters.announcements import clusters_moved
from anlan.watch.clusters.models import SUBJECT, Cluster
from anlan.watch.warnings.actions import Occasion, readings_back, warn


@receiver(clusters_moved)
def tell_warning(begun: list[Cluster], ended: list[Cluster], **_signal):
    for one in begun:
        warn(_occasion(one))
    over = {_subject(one): one for one in ended}
    for case in Case.objects.filter(key__in=[f"warning:{subject}" for subject in over], is_open=True):
        readings_back(case, over[case.subject].title, 0)


def _subject(one: Cluster) -> str:
    return f"{SUBJECT}:{one.pk}"


def _occasion(one: Cluster) -> Occasion:
    return Occasion(
        subject=_subject(one),
        title=one.title,
        level=one.level,
        region=one.region,
        organisation=one.organisation,
        at=one.found_at,
        lon=one.lon,
        lat=one.lat,
    )
