"""The invented district as an OpenStreetMap extract, so that the base map is built from it as from any other."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.osm.mutable import Node, Relation, Way

from anlan.demo.geography import Geography
from anlan.demo.plane import degrees
from anlan.demo.roads import METRO, RAILWAY

NOTE = "虚构 synthetic"
BLOCK_TAGS = {
    "residential": {"landuse": "residential"},
    "old": {"landuse": "residential"},
    "dormitory": {"landuse": "residential"},
    "commercial": {"landuse": "commercial"},
    "retail": {"landuse": "retail"},
    "industrial": {"landuse": "industrial"},
    "logistics": {"landuse": "industrial"},
    "chemical": {"landuse": "industrial", "industrial": "chemical"},
    "depot": {"landuse": "industrial", "industrial": "depot"},
    "building_site": {"landuse": "construction"},
    "park": {"leisure": "park"},
    "green": {"landuse": "grass"},
    "school": {"amenity": "school"},
    "hospital": {"amenity": "hospital"},
    "university": {"amenity": "university"},
    "government": {"landuse": "commercial"},
}
BUILDING_VALUES = {
    "flats": "apartments",
    "old_flats": "apartments",
    "house": "house",
    "village_shop": "retail",
    "barn": "barn",
    "shops": "retail",
    "offices": "office",
    "mall": "retail",
    "market": "retail",
    "hotel": "hotel",
    "works": "industrial",
    "works_office": "office",
    "warehouse": "warehouse",
    "school": "school",
    "hospital": "hospital",
    "university": "university",
    "dormitory": "dormitory",
    "government": "government",
    "canteen": "yes",
    "building_site": "construction",
    "control_room": "industrial",
    "pump_room": "service",
    "boiler_room": "industrial",
}
OPEN_TAGS = {"farmland": "farmland", "orchard": "orchard", "meadow": "meadow"}
WATER_TAGS = {"river": "river", "stream": "stream", "lake": "lake", "reservoir": "reservoir", "pond": "pond"}
REGION_LEVELS = {"county": "6", "town": "8", "village": "10"}
PLACE_OF_KIND = {"town": "town", "office": "suburb", "village": "village", "community": "neighbourhood"}


def write_osm(place: Geography, path: Path) -> None:
    """Writes `path` (.osm.pbf or .osm, replaced when it is there). Ids begin at 1; equal places share a node."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(path))
    try:
        extract = _Extract(writer)
        _points(extract, place)
        _lines(extract, place)
        _areas(extract, place)
        _boundaries(extract, place)
        extract.finish()
    finally:
        writer.close()


class _Extract:
    """Collects nodes by place, then ways and relations, in the order an extract wants them."""

    def __init__(self, writer):
        self.writer = writer
        self.node_of: dict[tuple[float, float], int] = {}
        self.node_tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[list[int], dict[str, str]]] = []
        self.relations: list[tuple[list[tuple[str, int, str]], dict[str, str]]] = []

    def nodes(self, line: np.ndarray) -> list[int]:
        lon, lat = degrees(*np.round(line, 2).T)
        return [
            self.node_of.setdefault(at, len(self.node_of) + 1) for at in zip(lon.tolist(), lat.tolist(), strict=True)
        ]

    def point(self, x: float, y: float, tags: dict[str, str]) -> None:
        self.node_tags.setdefault(self.nodes(np.array([[x, y]]))[0], {}).update(tags)

    def way(self, line: np.ndarray, tags: dict[str, str]) -> int:
        refs = self.nodes(line)
        refs = [ref for n, ref in enumerate(refs) if n == 0 or ref != refs[n - 1]]
        self.ways.append((refs, tags))
        return len(self.ways)

    def area(self, shape: shapely.Geometry, tags: dict[str, str]) -> None:
        for polygon in shapely.get_parts(shape):
            if not polygon.interiors:
                self.way(shapely.get_coordinates(polygon.exterior), tags)
            else:
                self.relation(self.rings([polygon]), {"type": "multipolygon", **tags})

    def rings(self, polygons: Iterable[shapely.Polygon]) -> list[tuple[str, int, str]]:
        members = []
        for polygon in polygons:
            members.append(("w", self.way(shapely.get_coordinates(polygon.exterior), {}), "outer"))
            members += [("w", self.way(shapely.get_coordinates(ring), {}), "inner") for ring in polygon.interiors]
        return members

    def relation(self, members: list[tuple[str, int, str]], tags: dict[str, str]) -> None:
        self.relations.append((members, tags))

    def finish(self) -> None:
        for (lon, lat), number in self.node_of.items():
            self.writer.add_node(Node(id=number, version=1, location=(lon, lat), tags=self.node_tags.get(number, {})))
        for number, (refs, tags) in enumerate(self.ways, 1):
            self.writer.add_way(Way(id=number, version=1, nodes=refs, tags=tags))
        for number, (members, tags) in enumerate(self.relations, 1):
            self.writer.add_relation(Relation(id=number, version=1, members=members, tags=tags))


def _points(extract: _Extract, place: Geography) -> None:
    for poi in place.pois:
        extract.point(poi.x, poi.y, {"name": poi.name, **poi.tags})
    for region in place.parts.regions:
        if region.kind in PLACE_OF_KIND:
            tags = {"name": region.name, "place": PLACE_OF_KIND[region.kind], "population": str(region.population)}
            extract.point(region.x + 3, region.y + 3, tags)
    for hamlet in place.net.hamlets:
        x, y = place.cells.centre[hamlet.cell]
        extract.point(x + 6, y + 6, {"name": hamlet.name, "place": "hamlet"})


def _lines(extract: _Extract, place: Geography) -> None:
    for road in place.net.roads:
        tags = {"highway": road.kind}
        if road.name:
            tags["name"] = road.name
        if road.bridge:
            tags |= {"bridge": "yes", "layer": "1"}
        if road.kind.startswith("motorway"):
            tags["oneway"] = "no"  # drawn as one line for both directions
        extract.way(road.line, tags)
    extract.way(place.net.railway, {"railway": "rail", "name": RAILWAY[0]})
    extract.way(place.net.metro, {"railway": "subway", "tunnel": "yes", "layer": "-1", "name": METRO})
    for name, line in place.land.stream_lines:
        extract.way(line, {"waterway": "stream", "name": name})


def _areas(extract: _Extract, place: Geography) -> None:
    reach = shapely.buffer(shapely.coverage_union_all(place.cells.shape), 700)
    for water in place.land.waters:
        tags = {"natural": "water", "water": WATER_TAGS[water.kind], **({"name": water.name} if water.name else {})}
        extract.area(shapely.intersection(water.shape, reach), tags)
    extract.area(place.use.forest, {"landuse": "forest"})
    standing = place.land.surface()
    shapely.prepare(standing)
    for index in np.flatnonzero(np.isin(place.use.open_use, list(OPEN_TAGS))):
        shape = shapely.buffer(place.cells.shape[index], -5, join_style="mitre")
        if shapely.intersects(standing, shape):
            shape = shapely.difference(shape, standing)
        extract.area(shape, {"landuse": OPEN_TAGS[place.use.open_use[index]]})
    for block in place.use.blocks:
        extract.area(block.shape, BLOCK_TAGS[block.use])
    made = place.made
    for shape, use, levels, address in zip(made.shape, made.use, made.levels.tolist(), place.address, strict=True):
        if use == "tank":
            extract.area(shape, {"man_made": "storage_tank", "building": "storage_tank"})
            continue
        extract.area(shape, {"building": BUILDING_VALUES[use], "building:levels": str(levels), "addr:full": address})


def _boundaries(extract: _Extract, place: Geography) -> None:
    for region in place.parts.regions:
        if region.level in REGION_LEVELS:
            tags = {"type": "boundary", "boundary": "administrative", "admin_level": REGION_LEVELS[region.level]}
            tags |= {"name": region.name, "ref": region.code, "note": NOTE}
            extract.relation(extract.rings(shapely.get_parts(region.shape)), tags)
