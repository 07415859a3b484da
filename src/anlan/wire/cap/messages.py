"""A CAP message from XML: Alert, Update, Cancel, with its blocks by language and their areas. Pure; bytes in.

What the standard demands and a message lacks is told in ``faults``; only what makes a message useless (no XML, no
identifier, sender or time, no area of validity) raises :class:`Unreadable`. Hostile XML (a DOCTYPE, entities) is
refused, and so is what is too large.

Source: OASIS CAP 1.2 and its schema; empty elements, ``Z`` and unknown codes occur in real messages.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

NAMESPACES = (
    "urn:oasis:names:tc:emergency:cap:1.2",
    "urn:oasis:names:tc:emergency:cap:1.1",
    "http://www.incident.com/cap/1.0",
)
ATOM = "{http://www.w3.org/2005/Atom}"
MOST_BYTES = 1_048_576
MOST_MESSAGES, MOST_INFOS, MOST_AREAS, MOST_POINTS = 200, 50, 500, 100_000
MOST_TEXT = 20_000
EXPIRES_AFTER = timedelta(hours=24)
"""Of a message that does not say when it ends (a convention of receivers, not of the standard)."""

STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPE = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPE = ("Public", "Restricted", "Private")
CATEGORY = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?([+-]\d\d:\d\d|Z)?", re.ASCII)


class Unreadable(ValueError):
    """Nothing of it can be used; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Circle:
    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Area:
    words: str = ""
    polygons: tuple[tuple[tuple[float, float], ...], ...] = ()
    """Closed rings of (latitude, longitude), WGS 84."""
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Info:
    """What is said in one language."""

    language: str
    event: str
    category: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    effective: datetime
    expires: datetime
    expires_said: bool
    onset: datetime | None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    response: tuple[str, ...] = ()
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """By which a message is named: all three."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    """msgType: Alert, Update, Cancel, Ack, Error."""
    scope: str
    note: str = ""
    references: tuple[Reference, ...] = ()
    infos: tuple[Info, ...] = ()
    faults: tuple[str, ...] = ()
    """What the standard forbids and this message does."""

    @property
    def key(self) -> Reference:
        return Reference(self.sender, self.identifier, self.sent)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed that leads to a message elsewhere."""

    id: str
    updated: str
    link: str


@dataclass(slots=True)
class Found:
    """What a document holds: messages, entries that lead to more, and what of it could not be read."""

    alerts: list[Alert] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(document: bytes) -> Found:
    """A message, an EDXL envelope or an Atom feed. Raises Unreadable when it is none, or holds nothing usable."""
    root = _parsed(document)
    found = Found()
    messages = [root] if _local(root) == "alert" else list(_inside(root))
    if root.tag == f"{ATOM}feed":
        found.entries = [entry for entry in map(_entry, root.findall(f"{ATOM}entry")) if entry]
    elif not messages:
        raise Unreadable(f"expected a CAP message, an EDXL envelope or an Atom feed, not {_local(root)[:40]}")
    if len(messages) > MOST_MESSAGES or len(found.entries) > 10 * MOST_MESSAGES:
        raise Unreadable(f"more than {MOST_MESSAGES} messages in one document")
    for message in messages:
        try:
            found.alerts.append(_alert(message))
        except Unreadable as problem:
            found.faults.append(str(problem))
    if found.faults and not found.alerts and not found.entries:
        raise Unreadable("; ".join(found.faults[:5]))
    return found


# --- XML ----------------------------------------------------------------------------------------------------------
def _parsed(document: bytes) -> Element:
    if len(document) > MOST_BYTES:
        raise Unreadable(f"{len(document)} bytes: the most is {MOST_BYTES}")
    try:
        return fromstring(document, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise Unreadable("a DOCTYPE or entities are not taken") from None
    except (ParseError, ValueError, LookupError, RecursionError) as problem:
        raise Unreadable(f"not XML: {str(problem)[:100]}") from None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _inside(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if _local(element) == "alert")


def _entry(element: Element) -> Entry | None:
    if next(_inside(element), None) is not None:
        return None
    links = element.findall(f"{ATOM}link")
    chosen = next((one for one in links if one.get("type") == "application/cap+xml"), links[0] if links else None)
    link = chosen.get("href", "") if chosen is not None else ""
    return Entry(_text(element, "id")[:500], _text(element, "updated")[:40], link[:1_000]) if link else None


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element if _local(child) == name]


def _text(element: Element, name: str) -> str:
    for child in element:
        if _local(child) == name:
            return (child.text or "").strip()[:MOST_TEXT]
    return ""


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(text for child in _all(element, name)[:100] if (text := (child.text or "").strip()[:500]))


def _pairs(element: Element, name: str) -> tuple[tuple[str, str], ...]:
    """``valueName`` and ``value``; in CAP 1.0 one text, ``name=value``."""
    found = []
    for child in _all(element, name)[:2_000]:
        pair = (_text(child, "valueName")[:200], _text(child, "value")[:500])
        if not len(child) and child.text and "=" in child.text:
            before, _, after = child.text.partition("=")
            pair = (before.strip()[:200], after.strip()[:500])
        if pair[1]:
            found.append(pair)
    return tuple(found)


# --- a message ----------------------------------------------------------------------------------------------------
def _alert(element: Element) -> Alert:
    namespace = element.tag.rpartition("}")[0].lstrip("{")
    if namespace not in NAMESPACES:
        raise Unreadable(f"the namespace {namespace[:80]!r} is not that of CAP")
    faults: list[str] = []
    identifier, sender = _text(element, "identifier")[:300], _text(element, "sender")[:300]
    sent = _time(_text(element, "sent"), "sent", faults)
    if not identifier or not sender or sent is None:
        raise Unreadable("identifier, sender or sent is missing: nobody could refer to it")
    for name, value in (("identifier", identifier), ("sender", sender)):
        if re.search(r"[\s,<&]", value):
            faults.append(f"{name} holds a blank, a comma, < or &")
    kind = _code(element, "msgType", MSG_TYPE, faults)
    if not kind:
        raise Unreadable("msgType does not say whether it begins, replaces or ends something")
    infos = _all(element, "info")
    if len(infos) > MOST_INFOS:
        raise Unreadable(f"more than {MOST_INFOS} blocks of info")
    alert = Alert(
        identifier,
        sender,
        sent,
        # What is not said to be actual is not: a drill must not be taken for the thing itself.
        _code(element, "status", STATUS, faults) or "Test",
        kind,
        _code(element, "scope", SCOPE, faults) or "Restricted",
        _text(element, "note")[:1_000],
        tuple(_references(_text(element, "references"), faults)),
        tuple(_info(info, sent, faults) for info in infos),
    )
    faults += _amiss(element, alert)
    return _with(alert, tuple(dict.fromkeys(faults))[:50])


def _with(alert: Alert, faults: tuple[str, ...]) -> Alert:
    values = [getattr(alert, name) for name in Alert.__dataclass_fields__ if name != "faults"]
    return Alert(*values, faults)


def _amiss(element: Element, alert: Alert) -> Iterator[str]:
    """What the schema cannot check."""
    if alert.kind in ("Update", "Cancel", "Ack", "Error") and not alert.references:
        yield f"{alert.kind} names no message in references"
    if alert.kind in ("Alert", "Update") and alert.status == "Actual" and not alert.infos:
        yield "nothing is said in any block of info"
    if alert.scope == "Restricted" and not _text(element, "restriction"):
        yield "restricted, and restriction does not say to whom"
    if alert.scope == "Private" and not _text(element, "addresses"):
        yield "private, and addresses does not say to whom"
    for info in alert.infos:
        if info.expires <= alert.sent:
            yield "expires is not after sent"
        if info.onset and info.onset > info.expires:
            yield "onset is after expires"


def _info(element: Element, sent: datetime, faults: list[str]) -> Info:
    effective = _time(_text(element, "effective"), "effective", faults) or sent
    expires = _time(_text(element, "expires"), "expires", faults)
    certainty = _text(element, "certainty")
    areas = _all(element, "area")
    if len(areas) > MOST_AREAS:
        raise Unreadable(f"more than {MOST_AREAS} areas")
    event = _text(element, "event")[:200]
    if not event:
        faults.append("event is missing")
    return Info(
        language=_text(element, "language")[:20] or "en-US",
        event=event,
        category=tuple(one for one in _texts(element, "category") if _known("category", one, CATEGORY, faults)),
        urgency=_code(element, "urgency", URGENCY, faults) or "Unknown",
        severity=_code(element, "severity", SEVERITY, faults) or "Unknown",
        certainty="Likely"
        if certainty == "Very Likely"
        else _code(element, "certainty", CERTAINTY, faults) or "Unknown",
        effective=effective,
        expires=expires or effective + EXPIRES_AFTER,
        expires_said=expires is not None,
        onset=_time(_text(element, "onset"), "onset", faults),
        sender_name=_text(element, "senderName")[:300],
        headline=_text(element, "headline")[:500],
        description=_text(element, "description"),
        instruction=_text(element, "instruction"),
        web=_text(element, "web")[:500],
        contact=_text(element, "contact")[:500],
        response=_texts(element, "responseType"),
        event_codes=_pairs(element, "eventCode"),
        parameters=_pairs(element, "parameter"),
        areas=tuple(_area(area, faults) for area in areas),
    )


def _area(element: Element, faults: list[str]) -> Area:
    words = _text(element, "areaDesc")[:2_000]
    if not words:
        faults.append("areaDesc is missing")
    polygons = (_polygon(text, faults) for text in _plain(element, "polygon"))
    circles = (_circle(text, faults) for text in _plain(element, "circle"))
    return Area(
        words,
        tuple(one for one in polygons if one),
        tuple(one for one in circles if one),
        _pairs(element, "geocode"),
    )


def _plain(element: Element, name: str) -> Iterable[str]:
    return [child.text.strip() for child in _all(element, name)[:500] if child.text and child.text.strip()]


def _code(element: Element, name: str, known: tuple[str, ...], faults: list[str]) -> str:
    value = _text(element, name)
    return value if _known(name, value, known, faults) else ""


def _known(name: str, value: str, known: tuple[str, ...], faults: list[str]) -> bool:
    if value in known:
        return True
    faults.append(f"{name} is {value[:40]!r}, none of {', '.join(known)}" if value else f"{name} is missing")
    return False


def _time(text: str, name: str, faults: list[str]) -> datetime | None:
    """An instant in UTC. ``Z`` and fractions are against the standard and understood; without zone it is no instant."""
    if not text:
        return None
    shape = TIME.fullmatch(text)
    if shape is None or shape[2] is None:
        faults.append(f"{name} is {text[:40]!r}: expected 2026-01-05T09:30:00+08:00")
        return None
    if shape[1] or shape[2] == "Z":
        faults.append(f"{name} is written with a fraction or Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        faults.append(f"{name} is {text[:40]!r}: no calendar has that")
        return None


def _references(text: str, faults: list[str]) -> Iterator[Reference]:
    for triple in text.split()[:500]:
        sender, _, rest = triple.partition(",")
        identifier, _, sent = rest.rpartition(",")
        at = _time(sent, "the time of a reference", faults)
        if not sender or not identifier or at is None:
            faults.append(f"{triple[:80]!r} is no reference: expected sender,identifier,sent")
        else:
            yield Reference(sender[:300], identifier[:300], at)


def _polygon(text: str, faults: list[str]) -> tuple[tuple[float, float], ...]:
    pairs = text.split()
    if len(pairs) > MOST_POINTS:
        raise Unreadable(f"a polygon of more than {MOST_POINTS} points")
    points = tuple(point for pair in pairs if (point := _place(pair)))
    if len(points) != len(pairs) or len(points) < 4:
        faults.append("a polygon is not at least four places of latitude,longitude")
        return ()
    if points[0] != points[-1]:
        faults.append("a polygon is not closed")
        points = (*points, points[0])
    return points


def _circle(text: str, faults: list[str]) -> Circle | None:
    place, _, radius = text.partition(" ")
    point, km = _place(place), _number(radius.strip())
    if point is None or km is None or not 0 <= km <= 20_100:
        faults.append("a circle is not latitude,longitude and kilometres")
        return None
    return Circle(*point, km)


def _place(text: str) -> tuple[float, float] | None:
    lat, _, lon = text.partition(",")
    north, east = _number(lat), _number(lon)
    if north is None or east is None or abs(north) > 90 or abs(east) > 180:
        return None
    return north, east


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[-+]?\d{1,6}(\.\d{1,20})?", text, re.ASCII) else None
