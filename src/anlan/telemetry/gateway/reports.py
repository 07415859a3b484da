"""From a platform's report of one device to readings, attributes and presence; when it comes and when it is read again.

Bytes inside a report are read by the codec that the device's setting ``payload`` names (``meokon``), or by the one
whose frame they are.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from anlan.telemetry.book import Known
from anlan.telemetry.gateway.mapping import Rows, map_rows
from anlan.telemetry.gateway.outcome import Outcome
from anlan.wire.push import meokon
from anlan.wire.push.reports import FORMS, Report, read
from anlan.wire.samples import Samples
from anlan.wire.thingsboard.payload import Unreadable

if TYPE_CHECKING:
    from anlan.telemetry.gateway.reception import Reception

PUSHED = "push/"
"""Before the form in the topic of a letter."""
Taken = tuple[Outcome, list[tuple[str, str, int]]]
"""The outcome, and letters to write as (kind, reason, messages it stands for)."""
BINARY: dict[str, tuple[Callable[[bytes], bool], Callable[[bytes], Samples]]] = {
    "meokon": (meokon.is_frame, meokon.read)
}
"""Codecs of bytes inside a push: whether it is one of theirs, and the reading."""


def device_of(reception: "Reception", report: Report) -> Known | None:
    """The registered device a report is of, by its identity or its other one; None for a stranger."""
    known = reception.directory.by_identity
    return known.get(report.identity) or (known.get(report.also) if report.also else None)


def take_report(
    reception: "Reception", device: Known, report: Report, received: int, rows: Rows, limited: bool = True
) -> Taken:
    """Readings, attributes and presence of one report; the outcome and letters to write."""
    if report.here is not None:
        reception.presence.told(device.id, report.here, received)
    reception.presence.heard(device.id, received)
    if report.texts:
        reception.intake.attributes(device.id, orjson.dumps(report.texts))
    try:
        inside = _inside(device, report)
    except Unreadable as problem:
        return Outcome(unreadable=str(problem)), [("unreadable", str(problem), 1)]
    said = [_named(device, row) for samples in (report.samples, inside) for row in samples.rows()]
    mapped = map_rows(device, said, received, reception.clock, rows)
    outcome = Outcome(mapped.accepted, mapped.faults)
    letters = [("bad-value", outcome.words(), 1)] if outcome.refused else []
    unknown = reception.unknown_keys(device, mapped.unknown)
    return outcome, letters + reception.unknown_letters(unknown, received / 1e6, limited)


def _inside(device: Known, report: Report) -> Samples:
    """What the device's own bytes say."""
    if not report.binary:
        return Samples()
    named = device.settings.get("payload")
    for name, (is_frame, decode) in BINARY.items():
        if name == named or (named is None and is_frame(report.binary)):
            return decode(report.binary)
    raise Unreadable(f"no codec for its bytes: name one in the device's settings, payload: {', '.join(BINARY)}")


def _named(device: Known, row: tuple) -> tuple:
    """A key is the property alone where the register does not know it with its service before it."""
    owner, key, *rest = row
    return (owner, key if key in device.points else key.rpartition("/")[2], *rest)


def take_again(
    reception: "Reception", device: Known, topic: str, payload: bytes, received: int, rows: Rows, limited: bool
) -> Taken:
    """The one report of a letter, or of a message kept in quarantine."""
    form = topic.removeprefix(PUSHED)
    try:
        reports = read(form, payload) if form in FORMS else []
        if len(reports) != 1:
            raise Unreadable("not a report of one device")
    except Unreadable as problem:
        return Outcome(unreadable=str(problem)), [("unreadable", str(problem), 1)]
    return take_report(reception, device, reports[0], received, rows, limited)
