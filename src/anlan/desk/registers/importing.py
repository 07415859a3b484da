"""Rows of a table into a ledger: judged one by one first, then written together. The exchange opens the transaction."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import may_row, posts_for
from anlan.desk.exchange.declare import CHANGED, NEW, UNCHANGED, Row, Verdict
from anlan.desk.registers import actions
from anlan.desk.registers.actions import HEAD, Entry
from anlan.desk.registers.declare import RecordType
from anlan.desk.registers.models import Record

KEYS_AT_ONCE = 400


def check_rows(kind: RecordType, user, rows: list[Row]) -> list[Verdict]:
    """What will become of each row; touches nothing."""
    own = _own(kind, user)["organisation"]
    standing = _standing(kind, rows, own)
    return [_judge(kind, user, row, standing.get(_key(kind, row, own) or "")) for row in rows]


def save_rows(kind: RecordType, user, rows: list[Row]) -> list[Verdict]:
    """Writes what `check_rows` calls good: new ones together, changed ones each against what stands now."""
    own = _own(kind, user)["organisation"]
    standing, verdicts = _standing(kind, rows, own), check_rows(kind, user, rows)
    new: list[Record] = []
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict not in (NEW, CHANGED):
            continue
        record = standing.get(_key(kind, row, own) or "")
        entry = entry_of(kind, user, row.values, record)
        if record is None:
            record = Record(type=kind.code)
            actions.fill(record, kind, actions.checked(user, kind, kind.add, entry))
            new.append(record)
        else:
            actions.change(user, record, record.version, entry, _("导入"))
    actions.add_many(user, kind, new, _("导入"))
    return verdicts


def entry_of(kind: RecordType, user, values: dict[str, Any], record: Record | None) -> Entry:
    """The whole entry: what the row says, over what stands; a column the table lacks changes nothing."""
    head = {name: getattr(record, name) for name in HEAD} if record else _own(kind, user)
    data = dict(record.data) if record else {}
    for name, value in values.items():
        if name in kind.by_name:
            data[name] = value
        elif value is not None or name not in ("region", "organisation"):
            head[name] = value
    return Entry(values=data, **head)


def _judge(kind: RecordType, user, row: Row, record: Record | None) -> Verdict:
    try:
        entry = entry_of(kind, user, row.values, record)
        if record is None:
            actions.checked(user, kind, kind.add, entry)
            return NEW
        if not may_row(user, kind.change, record):
            return Verdict("bad", _("已登记在您不能修改的辖区或单位。"))
        if record.status == Record.Status.RETIRED:
            return Verdict("bad", _("已在台账中，但已注销；请先恢复原记录。"))
        wanted = Record(type=kind.code, status=record.status)
        actions.fill(wanted, kind, actions.checked(user, kind, kind.change, entry, record.data))
    except PermissionDenied as refused:
        return Verdict("bad", str(refused))
    except ValidationError as wrong:
        return _named(wrong)
    return UNCHANGED if actions.state_of(wanted) == actions.state_of(record) else CHANGED


def _named(wrong: ValidationError) -> Verdict:
    if not hasattr(wrong, "error_dict"):
        return Verdict("bad", " ".join(wrong.messages))
    field, messages = next(iter(wrong.message_dict.items()))
    return Verdict("bad", " ".join(messages), field)


def _own(kind: RecordType, user) -> dict[str, Any]:
    """Where a record belongs when the table does not say: the person's own post."""
    held = posts_for(user, kind.add)
    post = held[0] if held else None
    enterprise = post is not None and all_roles()[post.role].side == "enterprise"
    own = {"region": post.region if post else "", "organisation": post.organisation if enterprise else ""}
    return {**dict.fromkeys(HEAD), **own}


def _key(kind: RecordType, row: Row, own: str) -> str | None:
    """The row's key; a table that names no organisation speaks of the person's own."""
    return kind.key_of(row.values | {"organisation": row.values.get("organisation") or own})


def _standing(kind: RecordType, rows: Iterable[Row], own: str) -> dict[str, Record]:
    """The records that have one of the rows' keys, whoever may see them: a key is unique in the whole ledger."""
    wanted = sorted({key for row in rows if (key := _key(kind, row, own))})
    found: dict[str, Record] = {}
    for first in range(0, len(wanted), KEYS_AT_ONCE):
        chosen = Record.objects.filter(type=kind.code, key__in=wanted[first : first + KEYS_AT_ONCE])
        found |= {record.key: record for record in chosen}
    return found
