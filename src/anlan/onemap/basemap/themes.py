"""Which OpenStreetMap tags become which layer, class and first zoom. A table, read from top to bottom; pure.

Layer and field names follow OpenMapTiles, which existing styles speak.
"""

from collections.abc import Mapping
from dataclasses import dataclass

AREA, LINE, POINT = "area", "line", "point"


@dataclass(frozen=True)
class Theme:
    """Objects of `geometry` whose tag `key` has one of `values` (all when empty) go to `layer` from zoom `zoom` on."""

    layer: str
    geometry: str
    key: str
    values: Mapping[str, tuple[str, int]]
    other: tuple[str, int] | None = None
    named: bool = False
    """Only objects with a name are worth drawing."""


def _each(zoom: int, **classes: str) -> dict[str, tuple[str, int]]:
    return {value: (name, zoom) for name, values in classes.items() for value in values.split()}


ROADS = {
    "motorway": ("motorway", 5),
    "trunk": ("trunk", 6),
    "primary": ("primary", 8),
    "secondary": ("secondary", 9),
    "tertiary": ("tertiary", 11),
    "motorway_link": ("motorway", 11),
    "trunk_link": ("trunk", 11),
    "primary_link": ("primary", 12),
    "secondary_link": ("secondary", 12),
    "tertiary_link": ("tertiary", 12),
    **_each(12, minor="unclassified residential living_street road"),
    **_each(13, service="service", pedestrian="pedestrian", track="track", construction="construction"),
    **_each(14, path="footway path cycleway steps bridleway corridor"),
}
PLACES = {
    "country": ("country", 5),
    "state": ("state", 5),
    "province": ("state", 5),
    "city": ("city", 5),
    "county": ("county", 7),
    "district": ("district", 8),
    "borough": ("district", 9),
    "town": ("town", 8),
    "suburb": ("suburb", 10),
    "quarter": ("suburb", 12),
    "village": ("village", 11),
    "neighbourhood": ("neighbourhood", 13),
    "hamlet": ("hamlet", 13),
    "isolated_dwelling": ("hamlet", 14),
    "locality": ("locality", 14),
    "square": ("square", 14),
    "island": ("island", 11),
}
RANK = {name: rank for rank, name in enumerate(dict.fromkeys(name for name, _zoom in PLACES.values()), 1)}

THEMES = (
    Theme("water", AREA, "natural", {"water": ("lake", 5), "bay": ("bay", 9)}),
    Theme("water", AREA, "waterway", {"riverbank": ("river", 6), "dock": ("dock", 12), "canal": ("river", 10)}),
    Theme("water", AREA, "landuse", {"reservoir": ("lake", 7), "basin": ("pond", 12)}),
    Theme("water", AREA, "leisure", {"swimming_pool": ("pool", 14)}),
    Theme(
        "waterway",
        LINE,
        "waterway",
        {"river": ("river", 8), "canal": ("canal", 10), **_each(12, stream="stream"), **_each(13, drain="drain ditch")},
    ),
    Theme(
        "landcover",
        AREA,
        "landuse",
        {
            "forest": ("wood", 7),
            **_each(10, grass="grass meadow village_green"),
            **_each(9, farmland="farmland orchard vineyard plant_nursery greenhouse_horticulture"),
            "farmyard": ("farmland", 12),
            "aquaculture": ("wetland", 11),
        },
    ),
    Theme(
        "landcover",
        AREA,
        "natural",
        {
            "wood": ("wood", 7),
            "wetland": ("wetland", 9),
            "scrub": ("scrub", 9),
            "heath": ("scrub", 9),
            "grassland": ("grass", 9),
            **_each(9, rock="bare_rock scree shingle"),
            "sand": ("sand", 10),
            "beach": ("sand", 10),
            "glacier": ("ice", 7),
        },
    ),
    Theme(
        "park",
        AREA,
        "leisure",
        {
            **_each(10, park="park nature_reserve"),
            **_each(12, park="garden golf_course"),
            **_each(13, pitch="pitch playground track sports_centre stadium"),
        },
    ),
    Theme("park", AREA, "boundary", {"national_park": ("park", 7), "protected_area": ("park", 8)}),
    Theme(
        "landuse",
        AREA,
        "landuse",
        {
            **_each(9, residential="residential"),
            **_each(
                10,
                industrial="industrial quarry landfill",
                commercial="commercial retail",
                railway="railway",
                military="military",
            ),
            **_each(11, cemetery="cemetery", construction="construction brownfield"),
        },
    ),
    Theme(
        "landuse",
        AREA,
        "amenity",
        {
            **_each(11, school="school university college kindergarten", hospital="hospital clinic"),
            "parking": ("parking", 14),
        },
    ),
    Theme("landuse", AREA, "aeroway", {"aerodrome": ("aerodrome", 9), "apron": ("apron", 12)}),
    Theme("building", AREA, "building", {}, other=("building", 13)),
    Theme("transportation", LINE, "highway", ROADS),
    Theme(
        "transportation",
        LINE,
        "railway",
        {
            "rail": ("rail", 8),
            **_each(11, metro="subway light_rail monorail"),
            **_each(12, tram="tram narrow_gauge funicular"),
        },
    ),
    Theme("transportation", LINE, "aerialway", {}, other=("aerialway", 12)),
    Theme("transportation", LINE, "aeroway", {"runway": ("runway", 10), "taxiway": ("taxiway", 12)}),
    Theme("transportation", LINE, "man_made", {"pier": ("pier", 13), "pipeline": ("pipeline", 13)}),
    Theme("power", LINE, "power", {"line": ("line", 12)}),
    Theme("transportation", AREA, "highway", {"pedestrian": ("pedestrian_area", 13)}),
    Theme("place", POINT, "place", PLACES, named=True),
    Theme(
        "mountain_peak",
        POINT,
        "natural",
        {"peak": ("peak", 11), "volcano": ("peak", 11), "saddle": ("saddle", 13)},
        named=True,
    ),
    Theme(
        "poi",
        POINT,
        "railway",
        {**_each(11, railway="station"), **_each(12, metro="subway_entrance halt tram_stop")},
        named=True,
    ),
    Theme(
        "poi",
        POINT,
        "amenity",
        {
            **_each(12, hospital="hospital"),
            **_each(
                13,
                school="school university college kindergarten",
                fire_station="fire_station",
                police="police",
                townhall="townhall",
                fuel="fuel",
            ),
            "clinic": ("hospital", 14),
            "parking": ("parking", 14),
        },
        other=("amenity", 14),
        named=True,
    ),
    Theme("poi", POINT, "emergency", {"assembly_point": ("shelter", 12)}),
    Theme("poi", POINT, "shop", {}, other=("shop", 14), named=True),
    Theme("poi", POINT, "tourism", {"museum": ("museum", 13)}, other=("tourism", 14), named=True),
    Theme(
        "poi",
        POINT,
        "man_made",
        {"works": ("works", 13), "storage_tank": ("tank", 14), "chimney": ("works", 14)},
        named=True,
    ),
    Theme("poi", POINT, "office", {"government": ("townhall", 13)}, other=("office", 14), named=True),
)
BOUNDARY_ZOOM = {2: 5, 4: 5, 5: 6, 6: 8, 7: 9, 8: 10, 9: 12, 10: 13}
_BY_KEY = {
    geometry: {
        key: [theme for theme in THEMES if theme.geometry == geometry and theme.key == key]
        for key in {theme.key for theme in THEMES if theme.geometry == geometry}
    }
    for geometry in (AREA, LINE, POINT)
}
KEYS = sorted({theme.key for theme in THEMES} | {"boundary"})


@dataclass(frozen=True)
class Drawn:
    """How one object is drawn: where, as what, from which zoom on, with which fields."""

    layer: str
    zoom: int
    fields: dict[str, str | int]


def drawn(tags: Mapping[str, str], geometry: str) -> list[Drawn]:
    """Everything an object is drawn as; an area with a name is also a point of interest."""
    found = [Drawn(theme.layer, zoom, _fields(theme, name, tags)) for theme, name, zoom in _matching(tags, geometry)]
    if geometry == LINE and tags.get("boundary") == "administrative":
        found += _boundary(tags)
    return found


def _matching(tags: Mapping[str, str], geometry: str):
    for key, themes in _BY_KEY[geometry].items():
        value = tags.get(key)
        if value is None or value == "no":
            continue
        for theme in themes:
            match = theme.values.get(value, theme.other)
            if match and not (theme.named and not tags.get("name")):
                yield theme, *match
                break


def _fields(theme: Theme, name: str, tags: Mapping[str, str]) -> dict[str, str | int]:
    fields: dict[str, str | int] = {"class": name}
    if theme.layer != "building" or "name" in tags:
        fields |= names(tags)
    if theme.layer == "transportation":
        fields |= _road(tags)
    if theme.layer == "place":
        fields["rank"] = RANK[name]
    if theme.layer == "mountain_peak" and tags.get("ele", "").split(".")[0].isdecimal():
        fields["ele"] = int(float(tags["ele"]))
    return fields


def names(tags: Mapping[str, str]) -> dict[str, str]:
    pairs = (("name", tags.get("name")), ("name_en", tags.get("name:en")))
    return {field: value for field, value in pairs if value}


def _road(tags: Mapping[str, str]) -> dict[str, str | int]:
    fields: dict[str, str | int] = {"ref": tags["ref"]} if tags.get("ref") else {}
    for tag in ("bridge", "tunnel"):
        if tags.get(tag, "no") != "no":
            fields["brunnel"] = tag
    return fields


def _boundary(tags: Mapping[str, str]) -> list[Drawn]:
    level = tags.get("admin_level", "")
    if not level.isdecimal() or int(level) not in BOUNDARY_ZOOM:
        return []
    return [Drawn("boundary", BOUNDARY_ZOOM[int(level)], {"admin_level": int(level)})]
