"""The verbs: bind and revoke a phone, receive what it sends, try again, settle by hand."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import Refused, holders, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.fieldwork.declare import Applied, Conflict, submissions
from anlan.desk.fieldwork.gates import LETTERS
from anlan.desk.fieldwork.models import Handset, Sending, Upload
from anlan.desk.fieldwork.reading import Sent
from anlan.desk.fieldwork.uploading import place_of
from anlan.desk.notices.actions import tell

log = logging.getLogger(__name__)
State = Sending.State
PATIENCE = timedelta(hours=2)  # with files that do not come, before an officer is told
TRIES = 5  # after so many faults of ours it is a letter too
SEEN_EVERY = timedelta(minutes=5)
FINAL = {State.APPLIED, State.SETTLED}


class Revoked(Refused):
    """This phone may carry nothing any more and must forget what it has."""


def bind(user: User, device: UUID, agent: str) -> Handset:
    """The phone this person uses, known from its first contact on. Errors: Revoked."""
    now = timezone.now()
    values = {"agent": agent[:200], "bound_at": now, "seen_at": now}
    with transaction.atomic():
        handset, new = Handset.objects.get_or_create(user=user, device=device, defaults=values)
        if new:
            append(
                Act(action="fieldwork.bind", subject=f"handset:{handset.pk}", words=agent[:200], actor=user.username)
            )
    if handset.revoked_at:
        raise Revoked(_("这部手机已停用，本机保存的资料将被清除。"))
    if now - handset.seen_at > SEEN_EVERY:
        Handset.objects.filter(pk=handset.pk).update(seen_at=now, agent=agent[:200])
    return handset


@transaction.atomic
def revoke(user: User, handset: Handset) -> None:
    """The person says a phone of his is lost or given away."""
    if handset.user_id != user.pk:
        raise Refused(_("只能停用自己的手机。"))
    if handset.revoked_at is None:
        handset.revoked_at = timezone.now()
        handset.save(update_fields=["revoked_at"])
        append(Act(action="fieldwork.revoke", subject=f"handset:{handset.pk}", words=handset.agent))


def receive(user: User, handset: Handset, sent: Sent) -> Sending:
    """Keeps a sending, then does it; however often it comes, once. Errors: Refused for a key of another's."""
    sending = _keep(user, handset, sent)
    if sending.state in FINAL:
        return sending
    return apply(sending)


def apply(sending: Sending, *, complete: bool = True) -> Sending:
    """Does what was sent, as its sender. `complete`: not before all its files are here."""
    with transaction.atomic():
        sending = Sending.objects.select_for_update().select_related("user").get(pk=sending.pk)
        if sending.state in FINAL:
            return sending
        missing, files = _files(sending)
        if missing and complete:
            _note(sending, State.WAITING, _("还差 %(count)d 个文件。") % {"count": missing})
            return sending
        sending.attempts += 1
        try:
            with transaction.atomic():
                done = _do(sending, files)
        except Conflict as conflict:
            sending.fields = {name: list(pair) for name, pair in conflict.fields.items()}
            _note(sending, State.CONFLICT, _("他人已填写了不同的内容，请逐项选择后重新发送。"))
        except (ValidationError, PermissionDenied) as refused:
            _note(sending, State.LETTER, " ".join(getattr(refused, "messages", None) or [str(refused)]))
        except Exception:
            log.exception("the sending %s (%s) could not be applied", sending.key, sending.name)
            state = State.LETTER if sending.attempts >= TRIES else State.WAITING
            _note(sending, state, _("平台处理时出错，已记录，将再次办理。"))
        else:
            _done(sending, done)
    if sending.state == State.LETTER:
        _tell_officers(sending)
    return sending


@transaction.atomic
def settle(user: User, sending: Sending, words: str) -> None:
    """An officer has dealt with a letter in another way; the sender is told how."""
    require(user, LETTERS, sending)
    if sending.user_id == user.pk:
        raise Refused(_("自己的来件须由他人处理。"))
    sending = Sending.objects.select_for_update().get(pk=sending.pk)
    if sending.state in FINAL:
        raise ValidationError(_("“%(title)s”已经办结。") % {"title": sending})
    sending.state, sending.words, sending.is_open = State.SETTLED, words[:300], False
    sending.settled_at = timezone.now()
    sending.save()
    tell([sending.user], title=_("您的来件已另行处理：%(title)s") % {"title": sending}, body=words, room="letters")
    _record(sending, "fieldwork.settle", words)


def again(user: User, sending: Sending) -> Sending:
    """An officer has it done once more, with the files that are here, after the reason was removed."""
    require(user, LETTERS, sending)
    return apply(sending, complete=False)


def uploaded(upload: Upload) -> None:
    """A file is complete: what waited for it is done."""
    waiting = Sending.objects.filter(user=upload.user_id, state=State.WAITING, is_open=True).order_by("received_at")
    for sending in waiting[:50]:
        if str(upload.key) in sending.payload.get("files", ()):
            apply(sending)


def look_after(now: datetime) -> int:
    """What still waits: done if it can be by now; told to an officer if its files do not come."""
    told = 0
    late = Sending.objects.filter(is_open=True, state=State.WAITING, received_at__lt=now - PATIENCE)
    for sending in late.order_by("received_at")[:200]:
        sending = apply(sending)
        if sending.state == State.WAITING:
            _tell_officers(sending)
            told += 1
    return told


def _keep(user: User, handset: Handset, sent: Sent) -> Sending:
    payload = {**sent.parts, "place": sent.place, "files": [str(key) for key in sent.files]}
    submission = submissions().get(sent.name)
    region, organisation = place_of(user, submission.permission if submission else "")
    values = {
        "user": user,
        "handset": handset,
        "name": sent.name,
        "title": sent.title or (str(submission.title) if submission else sent.name),
        "payload": payload,
        "made_at": sent.made_at,
        "received_at": timezone.now(),
        "region": region,
        "organisation": organisation,
    }
    with transaction.atomic():
        sending, new = Sending.objects.select_for_update().get_or_create(key=sent.key, defaults=values)
        if sending.user_id != user.pk:
            raise Refused(_("这个编号已被使用，请重新填写。"))
        if not new and sending.state not in FINAL and sending.payload != payload:  # corrected, or a conflict decided
            sending.payload, sending.made_at, sending.attempts = payload, sent.made_at, 0
            sending.save(update_fields=["payload", "made_at", "attempts"])
    return sending


def _files(sending: Sending) -> tuple[int, dict[str, Upload]]:
    """(how many are not here yet, those that are)."""
    keys = sending.payload.get("files", [])
    found = Upload.objects.filter(user=sending.user_id, key__in=keys).exclude(document=None).select_related("document")
    here = {str(upload.key): upload for upload in found}
    return len([key for key in keys if key not in here]), here


def _do(sending: Sending, uploads: dict[str, Upload]) -> Applied:
    submission = submissions().get(sending.name)
    if submission is None:
        raise ValidationError(_("平台没有“%(name)s”这一事项，可能已停用。") % {"name": sending.name})
    require(sending.user, submission.permission)
    pictures = {
        key: {"made_at": upload.made_at, "lon": upload.lon, "lat": upload.lat, "accuracy": upload.accuracy}
        for key, upload in uploads.items()
    }
    payload = sending.payload | {"key": str(sending.key), "made_at": sending.made_at, "pictures": pictures}
    return submission.apply(sending.user, payload, {key: upload.document for key, upload in uploads.items()})


def _done(sending: Sending, done: Applied) -> None:
    sending.subject, sending.words, sending.url = done.subject[:96], str(done.words)[:300], done.url[:300]
    sending.fields, sending.settled_at, sending.is_open = {}, timezone.now(), False
    _note(sending, State.APPLIED, "")
    _record(sending, "fieldwork.send", sending.words)


def _note(sending: Sending, state: str, reason: str) -> None:
    sending.state, sending.reason = state, reason
    sending.save()


def _record(sending: Sending, action: str, words: str) -> None:
    append(
        Act(
            action=action,
            subject=sending.subject or f"sending:{sending.pk}",
            region=sending.region,
            organisation=sending.organisation,
            words=words,
            data={"key": str(sending.key), "name": sending.name, "made_at": sending.made_at.isoformat()},
        )
    )


def _tell_officers(sending: Sending) -> None:
    officers = holders(LETTERS, region=sending.region, organisation=sending.organisation)
    near = [officer for officer in officers[:200] if officer.pk != sending.user_id]
    tell(
        [sending.user, *near],
        title=_("手机来件未能办理：%(title)s") % {"title": sending},
        body=sending.reason,
        url=f"/letters/{sending.pk}/",
        room="letters",
        key=f"letter:{sending.pk}:{sending.attempts if sending.state == State.LETTER else 'files'}",
    )
