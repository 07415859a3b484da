"""Messages that could not be read: kept as they came, and given to the gateway once more."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from nats.aio.client import Client
from nats.errors import Error as NatsError

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.telemetry import deadletters, publish
from anlan.watch.devices.models import DeadLetter, Device

WAIT = 20.0  # seconds for the gateway to answer for all letters together


def keep(letters: Sequence[tuple[int, deadletters.DeadLetter]]) -> None:
    """Writes letters with their place in the stream; one that is there already stays as it is."""
    known = set(Device.objects.filter(pk__in={letter.device for _, letter in letters}).values_list("pk", flat=True))
    DeadLetter.objects.bulk_create(
        (
            DeadLetter(
                sequence=sequence,
                kind=letter.kind,
                reason=letter.reason[:500],
                device_id=letter.device if letter.device in known else None,
                address=letter.address[:64],
                topic=letter.topic[:128],
                payload=letter.payload,
                count=letter.count,
                received_at=datetime.fromtimestamp(letter.received / 1e6, UTC),
            )
            for sequence, letter in letters
        ),
        ignore_conflicts=True,
    )


def shown(letter: DeadLetter, most: int = 2000) -> str:
    """The message as people can read it: text where it is text, else bytes in hexadecimal."""
    payload = bytes(letter.payload)
    try:
        words = payload.decode()
    except UnicodeDecodeError:
        words = payload.hex(" ")
    return (
        words
        if len(words) <= most
        else _("%(start)s …（共 %(size)d 字节）") % {"start": words[:most], "size": len(payload)}
    )


def retry(user, letters: Sequence[DeadLetter]) -> str:
    """Gives the messages to the gateway again, to be read with today's register. Answers what came of it."""
    require(user, "devices.letters")
    try:
        answers = publish.run(settings.NATS_URL, lambda client: _ask(client, letters), wait=WAIT)
    except (NatsError, OSError, TimeoutError) as problem:
        raise ValidationError(_("网关没有应答，请稍后再试。报文仍在，没有丢失。")) from problem
    done = _settle(letters, answers)
    append(
        Act(
            action="devices.retry",
            words=_("重试未读报文 %(count)d 条，成功 %(done)d 条") % {"count": len(letters), "done": done},
            data={"letters": [letter.sequence for letter in letters]},
        )
    )
    return _("%(done)d 条已读入，%(left)d 条仍不能读。") % {"done": done, "left": len(letters) - done}


async def _ask(client: Client, letters: Sequence[DeadLetter]) -> list[dict]:
    answers = []
    for letter in letters:
        asked = deadletters.DeadLetter(
            letter.kind,
            letter.reason,
            letter.device_id,
            letter.address,
            letter.topic,
            int(letter.received_at.timestamp() * 1e6),
            bytes(letter.payload),
        )
        answer = await client.request(
            "gateway.retry", asked.payload, timeout=5, headers={**deadletters.headers(asked), "Anlan-Kind": asked.kind}
        )
        answers.append(json.loads(answer.data))
    return answers


@transaction.atomic
def _settle(letters: Sequence[DeadLetter], answers: list[dict]) -> int:
    done = 0
    for letter, answer in zip(letters, answers, strict=True):
        good = not answer.get("error") and not answer.get("refused")
        done += good
        letter.outcome = DeadLetter.Outcome.RETRIED if good else DeadLetter.Outcome.REFUSED
        letter.outcome_words = "" if good else json.dumps(answer, ensure_ascii=False)[:300]
        letter.handled_at = timezone.now()
        letter.save(update_fields=["outcome", "outcome_words", "handled_at"])
    return done
