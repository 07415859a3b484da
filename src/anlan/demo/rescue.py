"""Who comes to help and who is to be kept from harm: fire stations, rescue team, hospitals, schools, as facilities."""

from collections.abc import Iterator

from anlan.demo.facilities import Facility
from anlan.demo.geography import Geography
from anlan.demo.organisations import PublicHand
from anlan.demo.poi import Poi


def rescue(place: Geography, hand: PublicHand) -> tuple[Facility, ...]:
    """Pure. Stations and hospitals belong to their own bodies, schools to the bureau of education."""
    body = {one.key: one for one in hand.bodies}
    made = [
        _placed(
            place, body["rescue"].code, "RT-1", "rescue_team", body["rescue"].name, body["rescue"].x, body["rescue"].y
        )
    ]
    made[0].attributes["duty_phone"] = body["rescue"].duty_phone
    for kind in ("fire_station", "hospital"):
        for n, poi in enumerate(_pois(place, kind)):
            own = body[f"{'fire' if kind == 'fire_station' else kind}-{n}"]
            one = _placed(place, own.code, f"{kind[0].upper()}S-1", kind, poi.name, poi.x, poi.y)
            one.attributes["duty_phone"] = own.duty_phone
            made.append(one)
    for n, poi in enumerate([*_pois(place, "school"), *_pois(place, "university")]):
        kind = "kindergarten" if poi.tags.get("amenity") == "kindergarten" else "school"
        made.append(_placed(place, body["education"].code, f"SC-{n + 1:03d}", kind, poi.name, poi.x, poi.y))
    return tuple(made)


def _pois(place: Geography, kind: str) -> Iterator[Poi]:
    return (poi for poi in place.pois if poi.kind == kind)


def _placed(place: Geography, owner: str, code: str, kind: str, name: str, x: float, y: float) -> Facility:
    region = str(place.grid_codes(place.cell_at([x], [y]))[0])
    return Facility(code, kind, name, owner, region, float(x), float(y))
