"""What a platform's push says: reports of devices, whichever form it has. Pure.

===========  =====================================================================  ==================================
form         of                                                                     identity
===========  =====================================================================  ==================================
``ctwing``   China Telecom AEP / CTWing                                             ``ctwing:<deviceId>``
``huawei``   OceanConnect (``notifyType``) and IoTDA (``resource``, ``event``)      ``huawei:<deviceId>``
``onenet``   China Mobile OneNET (``msg``)                                          ``onenet:<dev_id>``
===========  =====================================================================  ==================================

A report names its device by the platform's id and, where the push has one, also by its IMEI (``imei:<IMEI>``).

Sources: the platforms' public documents of their subscriptions; the field names of OneNET are recalled and not checked
against a sample.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from anlan.wire.samples import Samples
from anlan.wire.thingsboard.payload import FLOAT32_MOST, NUMBER, TS_MOST, Unreadable

MOST_REPORTS = 1_000
MOST_VALUES = 10_000
DEEPEST = 4
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)


@dataclass(slots=True)
class Report:
    """What is said of one device."""

    identity: str
    also: str = ""
    """Another identity under which it may be registered."""
    samples: Samples = field(default_factory=Samples)
    texts: dict[str, str] = field(default_factory=dict)
    binary: bytes = b""
    """Its own bytes, to be read by its own codec; the time at which the platform had them is ``at``."""
    at: int | None = None
    """Microseconds UTC."""
    here: bool | None = None
    """It came (True) or went (False)."""
    words: str = ""
    """What it is, for people: product and kind of message."""
    raw: bytes = b""
    """The part of the push that is about it."""


def read(form: str, body: bytes) -> list[Report]:
    """The reports of one push. Raises Unreadable for what is no push of this form."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise Unreadable(f"not JSON: {problem}") from None
    reports = list(FORMS[form](document))
    if len(reports) > MOST_REPORTS:
        raise Unreadable(f"{len(reports)} reports in one push: the most is {MOST_REPORTS}")
    if sum(len(report.samples) for report in reports) > MOST_VALUES:
        raise Unreadable(f"more than {MOST_VALUES} values in one push")
    return reports


# --- China Telecom ------------------------------------------------------------------------------------------------
def _ctwing(document: object) -> Iterator[Report]:
    said = _object(document, "a push of CTWing")
    device, imei = _name(said.get("deviceId")), _name(said.get("IMEI"))
    if not device and not imei:
        raise Unreadable("neither deviceId nor IMEI says which device it is")
    kind = str(said.get("messageType", ""))[:40]
    report = Report(
        f"ctwing:{device}" if device else f"imei:{imei}",
        f"imei:{imei}" if device and imei else "",
        at=_milliseconds(said.get("timestamp")),
        words=f"{_name(said.get('productId'))} {kind}".strip(),
        raw=orjson.dumps(said),
    )
    payload = said.get("payload")
    if kind == "deviceOnlineOfflineReport":
        report.here = str(said.get("eventType")) == "1"
    elif isinstance(payload, dict):
        if isinstance(payload.get("APPdata"), str):
            report.binary = _base64(payload["APPdata"])
        else:
            data = payload.get("serviceData") if isinstance(payload.get("serviceData"), dict) else payload
            _values(report, data, report.at)
    if isinstance(said.get("eventContent"), dict):
        _values(report, said["eventContent"], report.at)
    yield report


# --- Huawei -------------------------------------------------------------------------------------------------------
def _huawei(document: object) -> Iterator[Report]:
    said = _object(document, "a push of Huawei's platforms")
    yield _iotda(said) if "notify_data" in said else _ocean(said)


def _ocean(said: dict) -> Report:
    device = _name(said.get("deviceId"))
    if not device:
        raise Unreadable("no deviceId says which device it is")
    report = Report(f"huawei:{device}", words=str(said.get("notifyType", ""))[:40], raw=orjson.dumps(said))
    services = said.get("services") if isinstance(said.get("services"), list) else [said.get("service")]
    for service in filter(lambda one: isinstance(one, dict), services):
        _service(report, service, service.get("serviceId"), service.get("data"), service.get("eventTime"))
    return report


def _iotda(said: dict) -> Report:
    inside = _object(said["notify_data"], "notify_data")
    header, body = _object(inside.get("header"), "header"), _object(inside.get("body"), "body")
    device = _name(header.get("device_id"))
    if not device:
        raise Unreadable("no device_id says which device it is")
    words = f"{_name(header.get('product_id'))} {said.get('resource')}/{said.get('event')}"[:80]
    report = Report(f"huawei:{device}", words=words.strip(), raw=orjson.dumps(said))
    if said.get("resource") == "device.status":
        report.here = str(body.get("status", "")).upper() == "ONLINE"
    services = body.get("services")
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict):
            when = service.get("event_time") or said.get("event_time")
            _service(report, service, service.get("service_id"), service.get("properties"), when)
    return report


def _service(report: Report, service: dict, name: object, data: object, when: object) -> None:
    report.at = _compact(when)
    if isinstance(data, dict):
        _values(report, data, report.at, f"{_name(name)}/" if _name(name) else "")


# --- China Mobile -------------------------------------------------------------------------------------------------
def _onenet(document: object) -> Iterator[Report]:
    said = _object(document, "a push of OneNET").get("msg")
    for one in said if isinstance(said, list) else [said]:
        message = _object(one, "msg")
        device = _name(message.get("dev_id"))
        if not device:
            raise Unreadable("no dev_id says which device it is")
        imei = _name(message.get("imei"))
        report = Report(
            f"onenet:{device}", f"imei:{imei}" if imei else "", at=_milliseconds(message.get("at")),
            words=f"type {message.get('type')}"[:40], raw=orjson.dumps({"msg": message}),
        )  # fmt: skip
        if message.get("type") == 2:
            report.here = message.get("status") == 1
        elif "value" in message:
            _values(report, {_name(message.get("ds_id")) or "value": message["value"]}, report.at)
        yield report


FORMS: dict[str, Callable[[object], Iterator[Report]]] = {"ctwing": _ctwing, "huawei": _huawei, "onenet": _onenet}


# --- pieces -------------------------------------------------------------------------------------------------------
def _object(value: object, what: str) -> dict:
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is an object")
    return value


def _name(value: object) -> str:
    """An id, as text; "undefined" and the like are none."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value).strip()[:100]
    return "" if text.lower() in ("undefined", "null", "none") else text


def _milliseconds(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 15:
        value = int(value)
    return value * 1000 if type(value) is int and 0 < value <= TS_MOST else None


def _compact(value: object) -> int | None:
    """``20260105T013000Z``, UTC."""
    found = COMPACT.fullmatch(value) if isinstance(value, str) else None
    try:
        return int(datetime(*map(int, found.groups()), tzinfo=UTC).timestamp()) * 1_000_000 if found else None
    except ValueError:
        return None


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("APPdata is no Base64") from None


def _values(report: Report, data: dict, at: int | None, prefix: str = "", depth: int = 0) -> None:
    """Numbers become samples, texts texts, objects keys with the object's name before theirs."""
    for key, value in data.items():
        name = f"{prefix}{key}"[:255]
        if isinstance(value, (bool, int, float)):
            number = float(value) if abs(value) <= FLOAT32_MOST else None
            if number is not None:
                report.samples.add(name, at, number)
        elif isinstance(value, str):
            if NUMBER.fullmatch(value) and abs(float(value)) <= FLOAT32_MOST:
                report.samples.add(name, at, float(value))
            else:
                report.texts[name] = value[:1_000]
        elif isinstance(value, dict) and depth < DEEPEST:
            _values(report, value, at, f"{name}/", depth + 1)
