"""Many devices in one request: ``POST /api/v1/batch``, JSON, packed with gzip or not.

    [{"token": "…", "telemetry": {"o2": 20.9}},
     {"token": "…", "telemetry": [{"ts": 1767576600000, "values": {"o2": 21}}], "attributes": {"firmware": "1.2"}}]

``telemetry`` and ``attributes`` have the forms of the device API. An item that cannot be taken says so in the answer
and holds up no other: ``{"accepted": 2, "items": [{"item": 1, "error": "no device has this token"}]}`` names only those
with faults, by their place from 0. A message of an item is limited as one of a device is.
"""

import orjson

from anlan.telemetry.gateway.reception import Outcome, Reception, Sender

MOST_ITEMS = 10_000
MOST_UNKNOWN = 100
"""Unknown tokens of one request, after which it is not read on: nobody tries tokens by the thousand."""
KINDS = ("telemetry", "attributes")


def take_batch(reception: Reception, body: bytes, address: str) -> tuple[int, dict]:
    """Status and answer. 400 when the whole is no list of items; else 200, with what could not be taken."""
    try:
        items = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        return 400, {"error": f"not JSON: {problem}"}
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        return 400, {"error": f"expected a list of at most {MOST_ITEMS} items"}
    reception.counters["batched_items"] += len(items)
    accepted, faults, unknown = 0, [], 0
    for place, item in enumerate(items):
        outcome = _item(reception, item, address) if unknown < MOST_UNKNOWN else Outcome(unreadable=TOO_MANY)
        unknown += outcome.unreadable == UNKNOWN
        accepted += outcome.accepted
        if outcome.unreadable or outcome.refused:
            faults.append({"item": place, **orjson.loads(outcome.json())})
    return 200, {"accepted": accepted, "items": faults}


UNKNOWN = "no device has this token"
TOO_MANY = "not read: too many unknown tokens before it"


def _item(reception: Reception, item: object, address: str) -> Outcome:
    token = item.get("token") if isinstance(item, dict) else None
    if not isinstance(token, str) or not token:
        return Outcome(unreadable='expected {"token": …, "telemetry": …}')
    sent = {kind: orjson.dumps(item[kind]) for kind in KINDS if kind in item}
    if not sent:
        return Outcome(unreadable="neither telemetry nor attributes")
    device = reception.directory.device_of(token)
    if device is None:
        said = sent.get("telemetry", b"")
        kept = said if len(said) <= reception.limits.payload else b""
        reception.unknown_token(token, address, "v1/devices/me/telemetry", kept)
        return Outcome(unreadable=UNKNOWN)
    whole = Outcome()
    for kind, payload in sent.items():
        outcome = reception.receive(Sender(device, address), f"v1/devices/me/{kind}", payload)
        whole.accepted += outcome.accepted
        whole.refused += outcome.refused
        whole.unreadable = whole.unreadable or outcome.unreadable
    return whole
