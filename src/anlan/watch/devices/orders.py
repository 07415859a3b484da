"""What people tell a device: set its clock, say where or how it is, reset it, show a text, call its keeper."""

import asyncio
from collections.abc import Sequence

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.telemetry import publish
from anlan.telemetry.gateway.commands import SUBJECT
from anlan.watch.devices.models import Device

MOST = 20  # devices told at a time
OFFLINE_WAIT = 3.0  # seconds for a device that is said to be away
WAIT = 28.0  # seconds: a fire unit is asked four times, a station until it says that it is done

ORDERS = {
    "clock": {"gb26875": "set_clock", "hj212": "set_time"},
    "query": {"gb26875": "read_unit", "jt808": "locate", "hj212": "read_time"},
    "reset": {"gb26875": "reset", "jt808": "reset"},
    "text": {"jt808": "text"},
    "post-check": {"gb26875": "post_check"},
}
"""What a person says -> by protocol, what the gateway is asked for."""

RESULTS = {
    "done": gettext_lazy("已执行"),
    "refused": gettext_lazy("设备拒绝"),
    "no answer": gettext_lazy("没有应答"),
    "no link": gettext_lazy("不在线"),
    "not supported": gettext_lazy("设备不支持"),
    "failed": gettext_lazy("执行失败"),
}


def send(user, devices: Sequence[Device], name: str, words: str = "") -> str:
    """Tells these devices, all at once, and says what each answered. It is recorded whatever they answer."""
    for device in devices:
        require(user, "devices.command", device)
    if len(devices) > MOST:
        raise ValidationError(_("一次最多 %(most)d 台设备。") % {"most": MOST})
    asked = [(_asked(device, name, words), OFFLINE_WAIT if device.online is False else WAIT) for device in devices]
    try:
        answers = publish.run(settings.NATS_URL, lambda client: _ask(client, asked), wait=WAIT + 2)
    except (NatsError, OSError, TimeoutError) as problem:
        raise ValidationError(_("网关没有应答，请稍后再试。")) from problem
    for device, answer in zip(devices, answers, strict=True):
        _record(device, name, words, answer)
    return "；".join(_said(device, answer) for device, answer in zip(devices, answers, strict=True))


def _asked(device: Device, name: str, words: str) -> dict:
    protocol = (device.identity or "").partition(":")[0]
    order = ORDERS[name].get(protocol)
    if order is None:
        raise ValidationError(_("“%(name)s”不接受这一指令。") % {"name": device.name})
    return {"device": device.pk, "order": order, "parameters": {"text": words} if words else {}}


async def _ask(client: Client, asked: list[tuple[dict, float]]) -> list[dict]:
    return await asyncio.gather(*(_one(client, one, wait) for one, wait in asked))


async def _one(client: Client, asked: dict, wait: float) -> dict:
    """Of several gateways the one that has the device's link answers. That none does means that there is no link."""
    try:
        answer = await client.request(SUBJECT, orjson.dumps(asked), timeout=wait)
    except NoRespondersError:
        raise
    except (TimeoutError, NatsError):
        return {"result": "no link"}
    return orjson.loads(answer.data)


def _record(device: Device, name: str, words: str, answer: dict) -> None:
    append(
        Act(
            action="devices.command",
            subject=f"device:{device.pk}",
            region=device.region,
            organisation=device.organisation,
            words=device.name,
            data={"order": name, "words": words, "result": answer.get("error") or answer.get("result")},
        )
    )


def _said(device: Device, answer: dict) -> str:
    result = answer.get("error") or RESULTS.get(answer.get("result"), answer.get("result"))
    values = "，".join(f"{key} {value}" for key, value in list(answer.get("said", {}).items())[:8])
    return f"{device.name}：{result}" + (f"（{values}）" if values else "")
