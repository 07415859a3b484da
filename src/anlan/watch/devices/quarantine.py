"""Who spoke and is not registered: kept within bounds, admitted or refused, and what was kept given to the gateway."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from nats.aio.client import Client

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.telemetry import deadletters
from anlan.telemetry.book import secret_hash
from anlan.telemetry.gateway import quarantine
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.models import Device, KeptMessage, Stranger
from anlan.watch.devices.profiles import all_profiles
from anlan.wire.thingsboard.payload import Unreadable, decode_gateway_telemetry, decode_telemetry

MOST_WAITING = 1_000  # strangers; a further one takes the place of the longest unheard
MOST_MESSAGES, MOST_BYTES = 20, 65_536  # of one stranger; the newest stay
GIVE_UP = timedelta(minutes=10)  # after which the gateway should long have known the device
TOKEN, CHILD = "token", "child"
NOT_YET = ("the device is not registered", "no such device behind this gateway")
"""What the gateway answers until it has heard of the admission."""


# --- heard --------------------------------------------------------------------------------------------------------
@transaction.atomic
def keep(told: Sequence[quarantine.Stranger]) -> None:
    """Writes what the gateway told. One told twice is written once: it is known by its instant."""
    rows = {row.identity: row for row in Stranger.objects.filter(identity__in={one.identity for one in told})}
    messages = []
    for one in told:
        at = _instant(one.received)
        row = rows.get(one.identity)
        if row is None:
            row = rows[one.identity] = _newcomer(one, at)
        elif at == row.last_at:
            continue
        row.count += one.count
        row.address, row.last_at = one.address[:64], max(row.last_at, at)
        if one.payload and row.status != Stranger.Status.REFUSED:
            messages.append(KeptMessage(stranger=row, topic=one.topic[:128], payload=one.payload, received_at=at))
    Stranger.objects.bulk_update(rows.values(), ["count", "address", "last_at"])
    KeptMessage.objects.bulk_create(messages, ignore_conflicts=True)
    for row in {message.stranger for message in messages}:
        _keep_within_bounds(row)
    _forget_the_longest_unheard()


def _newcomer(one: quarantine.Stranger, at: datetime) -> Stranger:
    kind, _sep, rest = one.identity.partition(":")
    protocol, name, gateway = kind, one.words or rest, None
    if kind == TOKEN:
        protocol = "mqtt" if one.topic == "mqtt" else "http"
        name = one.words or _("令牌指纹 %(start)s…") % {"start": rest[:12]}
    elif kind == CHILD:
        protocol = "gateway"
        number = rest.partition("/")[0]
        gateway = Device.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    return Stranger.objects.create(
        identity=one.identity,
        protocol=protocol[:24],
        name=name[:120],
        gateway=gateway,
        weak=one.weak,
        first_at=at,
        last_at=at,
    )


def _instant(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def _keep_within_bounds(row: Stranger) -> None:
    size, over = 0, []
    newest = row.messages.filter(outcome=KeptMessage.Outcome.KEPT).order_by("-received_at")
    for place, (pk, payload) in enumerate(newest.values_list("pk", "payload")):
        size += len(payload)
        if place and (place >= MOST_MESSAGES or size > MOST_BYTES):
            over.append(pk)
    KeptMessage.objects.filter(pk__in=over).delete()


def _forget_the_longest_unheard() -> None:
    waiting = Stranger.objects.filter(status=Stranger.Status.WAITING).order_by("-last_at")
    over = list(waiting.values_list("pk", flat=True)[MOST_WAITING : MOST_WAITING + 500])
    Stranger.objects.filter(pk__in=over).delete()


# --- decided ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Terms:
    """As what a stranger is admitted: a device of the register by its code, or else a new one."""

    code: str
    name: str = ""
    profile: str = ""
    region: str = ""
    organisation: str = ""
    facility: int | None = None
    secret: str = ""


@transaction.atomic
def admit(user, stranger: Stranger, terms: Terms) -> Stranger:
    """He is a device from now on; what was kept of him is read as soon as the gateway knows it."""
    require(user, "devices.admit")
    stranger = Stranger.objects.select_for_update().get(pk=stranger.pk)
    if stranger.admitted:
        raise ValidationError(_("已经准入。"))
    device = Device.objects.filter(code=terms.code).first() or _new_device(terms)
    _identify(device, stranger, terms.secret)
    _decided(user, save_device(user, device), stranger)
    append(
        Act(
            action="devices.admit",
            subject=f"device:{device.pk}",
            region=device.region,
            organisation=device.organisation,
            words=str(stranger),
            data={"identity": stranger.identity, "count": stranger.count},
        )
    )
    return stranger


def admit_children(user, strangers: Sequence[Stranger]) -> int:
    """Devices behind a gateway are admitted as being where it is and of whom it is, and of the kind that has the keys
    they sent; the code is made of both names."""
    for stranger in strangers:
        gateway, profile = stranger.gateway, likely_profile(stranger)
        if gateway is None:
            raise ValidationError(_("“%(name)s”不在网关之后：请打开它，写明单位和辖区。") % {"name": stranger})
        if not profile:
            raise ValidationError(_("看不出“%(name)s”是哪一类设备：请打开它，选定类型。") % {"name": stranger})
        name = name_behind_gateway(stranger)
        code = f"{gateway.code}-{name}"[:64]
        terms = Terms(code, name, profile, gateway.region, gateway.organisation, gateway.facility_id)
        admit(user, stranger, terms)
    return len(strangers)


def name_behind_gateway(stranger: Stranger) -> str:
    """Under which its gateway speaks of it."""
    return stranger.identity.partition("/")[2]


def likely_profile(stranger: Stranger) -> str:
    """The kind of device that knows most of the keys that were sent, and of such the one with fewest others; "" when
    none knows any."""
    sent = {key for payload in stranger.messages.values_list("payload", flat=True) for key in _keys(bytes(payload))}
    found = max(
        all_profiles().values(),
        key=lambda profile: (len(sent & profile.reported), -len(profile.reported)),
        default=None,
    )
    return found.code if found and sent & found.reported else ""


def _keys(payload: bytes) -> set[str]:
    read = []
    for decode in (decode_gateway_telemetry, lambda sent: {"": decode_telemetry(sent)}):
        with contextlib.suppress(Unreadable):
            read += decode(payload).values()
    return {sample.key for one in read for sample in one.samples}


@transaction.atomic
def refuse(user, strangers: Sequence[Stranger]) -> int:
    """They stay in the list, marked; what they sent is forgotten and nothing further is kept."""
    require(user, "devices.admit")
    waiting = Stranger.objects.filter(pk__in=[one.pk for one in strangers], status=Stranger.Status.WAITING)
    identities = sorted(waiting.values_list("identity", flat=True))
    KeptMessage.objects.filter(stranger__in=waiting).delete()
    count = waiting.update(status=Stranger.Status.REFUSED, decided_by=user, decided_at=timezone.now())
    words = _("拒绝未登记设备 %(count)d 个") % {"count": count}
    append(Act(action="devices.refuse", words=words, data={"identities": identities}))
    return count


def _new_device(terms: Terms) -> Device:
    return Device(
        code=terms.code,
        name=terms.name,
        profile=terms.profile,
        region=terms.region,
        organisation=terms.organisation,
        facility_id=terms.facility,
    )


def _identify(device: Device, stranger: Stranger, secret: str) -> None:
    """The device is recognised by what the stranger showed."""
    kind, _sep, rest = stranger.identity.partition(":")
    if kind == TOKEN:
        if stranger.weak:
            raise ValidationError(_("它的令牌太短，别人猜得到，不能准入。请登记设备，换发令牌，再写进设备。"))
        _free(device, token_digest=rest)
        device.token_digest = rest
    elif kind == CHILD:
        if stranger.gateway is None:
            raise ValidationError(_("它所在的网关已不在册。"))
        name = name_behind_gateway(stranger)
        _free(device, gateway=stranger.gateway, name=name)
        device.gateway, device.name = stranger.gateway, name
    else:
        _free(device, identity=stranger.identity)
        device.identity = stranger.identity
        device.secret_digest = secret_hash(stranger.identity, secret) if secret else device.secret_digest


def _free(device: Device, **recognised_by) -> None:
    other = Device.objects.filter(**recognised_by).exclude(pk=device.pk).first()
    if other:
        raise ValidationError(_("已有设备以此身份登记：%(code)s。") % {"code": other.code})


def _decided(user, device: Device, stranger: Stranger) -> None:
    stranger.status, stranger.device = Stranger.Status.ADMITTED, device
    stranger.decided_by, stranger.decided_at = user, timezone.now()
    stranger.save(update_fields=["status", "device", "decided_by", "decided_at"])


# --- what was kept ------------------------------------------------------------------------------------------------
def to_give(most: int = 50) -> list[KeptMessage]:
    """Messages of admitted strangers that the gateway has not read yet, the oldest first."""
    kept = KeptMessage.objects.filter(outcome=KeptMessage.Outcome.KEPT, stranger__status=Stranger.Status.ADMITTED)
    return list(kept.select_related("stranger").order_by("received_at")[:most])


async def give(client: Client, messages: Sequence[KeptMessage]) -> list[dict]:
    """Hands messages to the gateway; its answers. Errors: those of the broker, when no gateway answers."""
    answers = []
    for one in messages:
        stranger = one.stranger
        letter = deadletters.DeadLetter(
            "stranger",
            "",
            stranger.gateway_id or stranger.device_id,
            stranger.address,
            one.topic,
            int(one.received_at.timestamp() * 1e6),
            bytes(one.payload),
        )
        answer = await client.request("gateway.retry", letter.payload, timeout=5, headers=deadletters.headers(letter))
        answers.append(json.loads(answer.data))
    return answers


def settle(messages: Sequence[KeptMessage], answers: Sequence[dict], now: datetime) -> int:
    """Writes what came of each; one whose device the gateway does not know yet waits. How many are done."""
    done = []
    for one, answer in zip(messages, answers, strict=True):
        good = not answer.get("error") and not answer.get("refused")
        if not good and _is_early(answer) and now - one.stranger.decided_at < GIVE_UP:
            continue
        one.outcome = KeptMessage.Outcome.TAKEN if good else KeptMessage.Outcome.REFUSED
        one.outcome_words = "" if good else json.dumps(answer, ensure_ascii=False)[:300]
        done.append(one)
    KeptMessage.objects.bulk_update(done, ["outcome", "outcome_words"])
    return len(done)


def _is_early(answer: dict) -> bool:
    words = json.dumps(answer)
    return any(phrase in words for phrase in NOT_YET)
