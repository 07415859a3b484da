"""What a step of the case means for the permit: its row follows within the step's transaction, or the step fails."""

from collections.abc import Callable

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused
from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.desk.notices.live import announce
from anlan.prevent.permits.announcements import permit_moved
from anlan.prevent.permits.models import Permit
from anlan.prevent.permits.states import KIND


@receiver(case_moved)
def follow(case: Case, action: str, actor=None, **_signal):
    if case.kind != KIND:
        return
    permit = Permit.objects.filter(pk=case.pk).select_related("guardian").first()
    if permit is None:
        return  # the case is just being opened; its permit is written next
    permit.case = case
    if then := THEN.get(action):
        then(permit, actor)
    permit.state, permit.is_open = case.state, case.is_open
    permit.save(update_fields=["state", "is_open", "begun_at", "paused_at", "ended_at", "measures", "changed_at"])
    announce("permits", [permit.pk], permit.region, permit.organisation)
    permit_moved.send(sender=Permit, permit=permit, action=action, actor=actor)


def _at_the_place(permit: Permit, actor) -> None:
    """Only the guardian whose name stands on the permit begins, breaks and ends the work."""
    if permit.guardian_id != actor.pk:
        raise Refused(_("只有票面上的监护人 %(name)s 可以办理这一步。") % {"name": permit.guardian or "–"})


def _start(permit: Permit, actor) -> None:
    _at_the_place(permit, actor)
    permit.begun_at = permit.begun_at or timezone.now()


def _interrupt(permit: Permit, actor) -> None:
    _at_the_place(permit, actor)
    permit.paused_at = timezone.now()


def _stop(permit: Permit, actor) -> None:
    permit.paused_at = timezone.now()


def _renew(permit: Permit, actor) -> None:
    """Conditions have changed: every measure is confirmed anew, and gas tests before this moment count no more."""
    permit.paused_at = timezone.now()
    permit.measures = [{"no": m["no"], "zh": m["zh"], "en": m["en"], "done": False} for m in permit.measures]


def _finish(permit: Permit, actor) -> None:
    _at_the_place(permit, actor)
    permit.ended_at = timezone.now()


THEN: dict[str, Callable[[Permit, object], None]] = {
    "start": _start,
    "interrupt": _interrupt,
    "resume": _at_the_place,
    "stop": _stop,
    "stop_by_alarm": _stop,
    "renew": _renew,
    "finish": _finish,
}
