"""How a message becomes a bulletin: taken once, placed, and what it replaces or ends is ended, in whatever order they
come."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import shapely
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import Post
from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.shapes import Circle
from anlan.desk.notices.live import announce
from anlan.know.places.models import Region
from anlan.watch.bulletins.models import Bulletin, Receipt, Reference
from anlan.watch.bulletins.rules import colour_of, is_kept, preferred, region_codes, without_children
from anlan.watch.bulletins.sources import Source
from anlan.wire.cap.messages import Alert, Info, Unreadable, read

MOST_REGIONS = 200
MOST_CENTRES = 20_000
NEAREST_KM = 0.1  # a circle of no radius is still a place
BY_HAND = "manual"


@dataclass
class Taken:
    """What came of a document."""

    new: list[Bulletin] = field(default_factory=list)
    known: int = 0
    passed: list[str] = field(default_factory=list)
    """Messages that were left aside, with the reason."""


def receive_by_hand(user, document: bytes) -> Taken:
    """Somebody on duty enters a message he got another way. Raises Unreadable."""
    require(user, "bulletins.receive")
    return receive(Source(BY_HAND, _("人工录入")), document)


def receive(source: Source, document: bytes, key: str = "") -> Taken:
    """Takes what is new in a document of a source. Raises Unreadable when it holds nothing usable; told either way."""
    digest = hashlib.sha256(f"{source.name}\n{key}".encode() + (b"" if key else document)).hexdigest()
    try:
        found = read(document)
    except Unreadable as problem:
        _note(source, digest, document, 0, str(problem))
        raise
    taken = take(source, found.alerts)
    taken.passed += found.faults
    _note(source, digest, document, len(taken.new), "; ".join(taken.passed))
    return taken


@transaction.atomic
def take(source: Source, alerts: Iterable[Alert]) -> Taken:
    """New messages become bulletins; one that is known stays as it is."""
    taken = Taken()
    for alert in alerts:
        if source.senders and alert.sender not in source.senders:
            taken.passed.append(_("%(sender)s 不在此来源允许的发布者之内") % {"sender": alert.sender[:100]})
        elif not is_kept(alert):
            taken.passed.append(_("%(kind)s 报文不形成预警") % {"kind": alert.kind})
        else:
            bulletin, new = _taken(source, alert)
            if new:
                taken.new.append(bulletin)
                _link(bulletin, alert)
            else:
                taken.known += 1
    if taken.new:
        words = "；".join(str(one) for one in taken.new)[:300]
        append(Act(action="bulletins.receive", words=words, data={"source": source.name, "count": len(taken.new)}))
        tell_pages([one.pk for one in taken.new])
    return taken


def tell_pages(ids: Sequence[int]) -> None:
    """Open pages of every public post hear of it: a bulletin is for everybody, wherever it lies."""
    announce("bulletins", ids, Post.objects.exclude(region="").values_list("region", flat=True).distinct())


def _note(source: Source, digest: str, document: bytes, taken: int, words: str) -> None:
    Receipt.objects.update_or_create(
        key=digest,
        defaults={"source": source.name, "size": len(document), "taken": taken, "words": words[:500]},
    )


def _taken(source: Source, alert: Alert) -> tuple[Bulletin, bool]:
    return Bulletin.objects.get_or_create(
        sender=alert.sender, identifier=alert.identifier, sent=alert.sent, defaults=_values(source, alert)
    )


def _values(source: Source, alert: Alert) -> dict:
    info = preferred(alert.infos)
    values = {
        "source": source.name,
        "status": alert.status,
        "kind": alert.kind,
        "scope": alert.scope,
        "faults": list(alert.faults),
        "headline": alert.note[:500],
        "effective": alert.sent,
        "expires": alert.sent,
        "severity": "Unknown",
        "urgency": "Unknown",
        "certainty": "Unknown",
    }
    return {**values, **_said(alert, info), **_place(source, alert)} if info else values


def _said(alert: Alert, info: Info) -> dict:
    level, colour_from = colour_of(info)
    return {
        "event": info.event,
        "event_code": info.event_codes[0][1][:64] if info.event_codes else "",
        "category": ", ".join(info.category)[:120],
        "level": level,
        "colour_from": colour_from,
        "severity": info.severity,
        "urgency": info.urgency,
        "certainty": info.certainty,
        "headline": info.headline or info.event,
        "sender_name": info.sender_name,
        "effective": min(one.effective for one in alert.infos),
        "expires": max(one.expires for one in alert.infos),
        "expires_said": all(one.expires_said for one in alert.infos),
        "area": "；".join(dict.fromkeys(area.words for area in info.areas if area.words))[:4_000],
        "texts": [
            {
                name: getattr(one, name)
                for name in ("language", "headline", "description", "instruction", "web", "contact")
            }
            for one in alert.infos
        ],
    }


# --- where --------------------------------------------------------------------------------------------------------
def _place(source: Source, alert: Alert) -> dict:
    shape = shape_of(alert.infos)
    codes = region_codes(alert.infos, source.region_codes)
    if shape is not None and not codes:
        codes = _regions_inside(shape)
    codes = without_children(codes)[:MOST_REGIONS]
    found: dict = {"regions": codes, "region": codes[0] if codes else ""}
    if shape is not None:
        middle = shape.representative_point()
        west, south, east, north = shape.bounds
        found |= {"geometry": _geojson(shape), "lon": middle.x, "lat": middle.y}
        found |= {"west": west, "south": south, "east": east, "north": north}
    elif codes and (region := Region.objects.filter(code=codes[0], valid_to=None).first()):
        found |= {"lon": region.lon, "lat": region.lat}
    return found


def shape_of(infos: Sequence[Info]):
    """All drawn areas of all blocks together; None when none is drawn."""
    parts = []
    for area in (area for info in infos for area in info.areas):
        parts += [shapely.Polygon([(lon, lat) for lat, lon in ring]) for ring in area.polygons]
        parts += [Circle(one.lon, one.lat, max(one.km, NEAREST_KM) * 1_000).outline for one in area.circles]
    parts = [shapely.make_valid(part) for part in parts]
    whole = shapely.union_all(parts) if parts else None
    return whole if whole is not None and not whole.is_empty else None


def _geojson(shape) -> dict:
    shape = shape if shapely.get_num_coordinates(shape) <= 5_000 else shape.simplify(0.001)
    return shapely.geometry.mapping(shapely.set_precision(shape, 1e-5)) | {}


def _regions_inside(shape) -> list[str]:
    """Divisions whose middle lies in the area."""
    west, south, east, north = shape.bounds
    near = Region.objects.filter(valid_to=None, lon__range=(west, east), lat__range=(south, north), level__lte=9)
    rows = list(near.values_list("code", "lon", "lat")[:MOST_CENTRES])
    if not rows:
        return []
    inside = shapely.intersects_xy(shape, [row[1] for row in rows], [row[2] for row in rows])
    return [row[0] for row, hit in zip(rows, inside, strict=True) if hit]


# --- what replaces what -------------------------------------------------------------------------------------------
def _link(bulletin: Bulletin, alert: Alert) -> None:
    """Ends what this one names, and this one when an update or cancellation that names it came first. A drill ends
    nothing but drills, and nobody ends what another authority sent another way."""
    if alert.kind in ("Update", "Cancel"):
        Reference.objects.bulk_create(
            Reference(of=bulletin, sender=one.sender, identifier=one.identifier, sent=one.sent)
            for one in dict.fromkeys(alert.references)
        )
        for one in alert.references:
            named = Bulletin.objects.filter(
                Q(sender=bulletin.sender) | Q(source=bulletin.source),
                sender=one.sender,
                identifier=one.identifier,
                sent=one.sent,
                ended_at=None,
                status=bulletin.status,
            )
            named.exclude(pk=bulletin.pk).update(ended_at=timezone.now(), ended_by=bulletin)
    naming = Reference.objects.filter(
        Q(of__sender=bulletin.sender) | Q(of__source=bulletin.source),
        sender=alert.sender,
        identifier=alert.identifier,
        sent=alert.sent,
        of__status=bulletin.status,
    )
    earlier = naming.exclude(of=bulletin).select_related("of").first()
    if earlier is not None:
        bulletin.ended_at, bulletin.ended_by = timezone.now(), earlier.of
        bulletin.save(update_fields=["ended_at", "ended_by"])
