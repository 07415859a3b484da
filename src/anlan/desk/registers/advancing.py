"""The verbs of a record with stages: open the next stage, sign in the name of one's organisation."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, may_row, posts_for
from anlan.desk.registers import actions, keys
from anlan.desk.registers.announcements import stage_opened
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import RecordType, record_types
from anlan.desk.registers.models import Record, RecordVersion, Signature
from anlan.desk.registers.stages import Stage, Veto, hindrances

BETWEEN = re.compile(r"[;；、,，\n]+")


@dataclass(frozen=True)
class Step:
    """A stage as one person meets it: what hinders it, and whether he may open it when nothing does."""

    stage: Stage
    hindered: tuple[str, ...]
    may: bool


def steps(user, record: Record, kind: RecordType) -> list[Step]:
    """The stages that come next, each with what still stands in its way."""
    following = [stage for stage in kind.stages if record.stage in stage.begins]
    return [
        Step(stage, tuple(_hindrances(record, kind, stage)), may_row(user, stage.by, record)) for stage in following
    ]


@transaction.atomic
def advance(user, record: Record, code: str, words: str = "") -> Record:
    """Opens a stage. A veto opens its own stage instead and names the entry it came from.

    Errors: Refused for the wrong person; ValidationError saying what is missing, so that nothing has changed.
    """
    kind, current = _held(record)
    stage = kind.stage(code)
    if stage is None or not stage.begins:
        raise ValidationError(_("没有阶段 %(code)s。") % {"code": code})
    if not may_row(user, stage.by, current):
        raise Refused(_("您的岗位不能办理“%(stage)s”。") % {"stage": stage.title})
    if stage.another and _opened_by(current) == user.pk:
        raise Refused(_("“%(stage)s”须由另一人办理，您是上一步的办理人。") % {"stage": stage.title})
    if hindered := _hindrances(current, kind, stage):
        raise ValidationError(hindered)
    if stage.veto and (hit := vetoed(stage.veto, current)):
        stage, words = kind.stage(stage.veto.stage), _veto_words(hit, words)
    return _open(user, current, kind, stage, words)


@transaction.atomic
def sign(user, record: Record, words: str = "") -> Signature:
    """One signature an organisation, in the stage the record stands in. Signed is signed."""
    kind, current = _held(record)
    asking = [stage for stage in kind.stages if current.stage in stage.begins and stage.signatures]
    if not asking:
        raise ValidationError(_("现阶段不需要签署。"))
    organisation = signing_for(user, current, kind)
    if not organisation:
        raise Refused(_("您的岗位不能签署这条记录。"))
    signature = Signature(
        record=current, stage=current.stage, organisation=organisation, user=user, at=timezone.now(), words=words[:500]
    )
    try:
        with transaction.atomic():
            signature.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("您的单位已经签署过。")) from None
    current.version += 1
    current.save(update_fields=["version", "changed_at"])
    actions.record_step(current, kind, "sign", user, words, {"signed": [None, organisation]})
    return signature


def signing_for(user, record: Record, kind: RecordType) -> str:
    """The organisation in whose name this person may sign; "" for none."""
    asking = next((stage for stage in kind.stages if record.stage in stage.begins and stage.signatures), None)
    if asking is None or not may_row(user, asking.by, record):
        return ""
    return next((post.organisation for post in posts_for(user, asking.by) if post.organisation), "")


def vetoed(veto: Veto, record: Record) -> Record | None:
    """The entry of the ledger that one of the record's items matches; names are compared without spaces and case."""
    ledger = record_types()[veto.ledger]
    entries = Record.objects.filter(type=ledger.code, status=Record.Status.IN_FORCE)
    for name, values in veto.where.items():
        field = ledger.by_name[name]
        codes = code_lists()[field.codes].below if field.codes else lambda value: {value}
        wanted = sorted({code for value in values for code in codes(value)})
        entries = keys.having(entries, ledger, name, wanted)
    items = [_plain(item) for item in BETWEEN.split(str(record.data.get(veto.field) or "")) if item.strip()]
    today = timezone.localdate()
    for entry in entries.order_by("pk"):
        if entry.valid_to and entry.valid_to < today:
            continue
        names = [_plain(name) for name in BETWEEN.split(str(entry.data.get(veto.by) or "")) if name.strip()]
        if any(name in item for item in items for name in names):
            return entry
    return None


def _plain(words: str) -> str:
    return re.sub(r"\s+", "", words).casefold()


def _veto_words(hit: Record, words: str) -> str:
    told = _("命中“%(ledger)s”：%(entry)s") % {"ledger": hit.kind.title, "entry": hit.title}
    return f"{told}。{words}".rstrip("。") if words else told


def _held(record: Record) -> tuple[RecordType, Record]:
    current = Record.objects.select_for_update().get(pk=record.pk)
    kind = actions.kind_of(current)
    if not kind.stages:
        raise ValidationError(_("“%(ledger)s”没有阶段。") % {"ledger": kind.title})
    if current.status == Record.Status.RETIRED:
        raise ValidationError(_("记录已注销，恢复后才能办理。"))
    return kind, current


def _hindrances(record: Record, kind: RecordType, stage: Stage) -> list[str]:
    signed = record.signatures.filter(stage=record.stage).count() if stage.signatures else 0
    return hindrances(
        stage,
        kind.stage_titles,
        now=record.stage,
        data=record.data,
        named={field.name: field.title for field in kind.fields},
        signed=signed,
        referred={name: _referred(kind, record, name) for name, _codes in stage.referred},
    )


def _referred(kind: RecordType, record: Record, name: str) -> tuple[str, Any]:
    to = record_types()[kind.by_name[name].to]
    found = Record.objects.filter(type=to.code, key=record.data.get(name), status=Record.Status.IN_FORCE).first()
    return (found.stage, to.stage_titles.get(found.stage, "")) if found else ("", "")


def _opened_by(record: Record) -> int | None:
    """Who opened the present stage, or made the record."""
    last = RecordVersion.objects.filter(record=record, action__in=("stage", "add")).order_by("-number").first()
    return last.actor_id if last else None


def _open(user, record: Record, kind: RecordType, stage: Stage, words: str) -> Record:
    before, record.stage, record.stage_on = record.stage, stage.code, timezone.localdate()
    record.version += 1
    record.save()
    actions.record_step(record, kind, "stage", user, words, {"stage": [before, stage.code]})
    stage_opened.send(sender=Record, record=record, kind=kind, stage=replace(stage), user=user)
    return record
