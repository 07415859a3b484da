"""Reads an OpenStreetMap extract (.osm.pbf, .osm, .osm.bz2) into features sorted by layer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import shapely

from anlan.onemap.basemap.themes import AREA, KEYS, LINE, POINT, Drawn, drawn

Progress = Callable[[str], None]
EVERY = 100_000
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.xml", ".osm.bz2", ".osm.gz")


class BadExtract(ValueError):
    """The file is no OpenStreetMap extract, or holds nothing to draw; the text says what is wrong and what to do."""


@dataclass
class Features:
    """Parallel lists: geometry (WKB while reading), first zoom, fields."""

    geometry: list = field(default_factory=list)
    zoom: list[int] = field(default_factory=list)
    fields: list[dict] = field(default_factory=list)

    def shapes(self) -> np.ndarray:
        return shapely.from_wkb(np.array(self.geometry, dtype=object))


@dataclass
class Extract:
    layers: dict[str, Features] = field(default_factory=dict)
    coastline: list[bytes] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None
    """West, south, east and north as the file itself says; its ways may reach far beyond."""
    unreadable: int = 0
    """Objects whose geometry lies partly outside the extract or is broken; they are left out."""

    def add(self, drawing: Drawn, wkb) -> None:
        features = self.layers.setdefault(drawing.layer, Features())
        features.geometry.append(wkb)
        features.zoom.append(drawing.zoom)
        features.fields.append(drawing.fields)


def read(source: Path, progress: Progress) -> Extract:
    if not source.is_file():
        raise BadExtract(f"{source} is not there.")
    if not source.name.lower().endswith(SUFFIXES):
        raise BadExtract(f"{source.name}: an OpenStreetMap extract ends in {', '.join(SUFFIXES)}.")
    extract = Extract()
    try:
        _read(source, extract, progress)
    except RuntimeError as problem:
        raise BadExtract(f"{source.name} cannot be read as an OpenStreetMap extract: {problem}") from problem
    if not extract.layers:
        raise BadExtract(f"{source.name} holds nothing a map could show: no road, water, building, place or land use.")
    return extract


def _read(source: Path, extract: Extract, progress: Progress) -> None:
    factory = osmium.geom.WKBFactory()
    extract.box = _box(source)
    processor = osmium.FileProcessor(source).with_areas().with_filter(osmium.filter.KeyFilter(*KEYS))
    for number, thing in enumerate(processor, 1):
        if number % EVERY == 0:
            progress(f"read {number:,} objects")
        try:
            if thing.is_node():
                _point(thing, factory, extract)
            elif thing.is_way():
                _way(thing, factory, extract)
            elif thing.is_area():
                _area(thing, factory, extract)
        except (
            osmium.InvalidLocationError,
            RuntimeError,
        ):  # of this one object; a broken file fails in the loop itself
            extract.unreadable += 1


def _box(source: Path) -> tuple[float, float, float, float] | None:
    with osmium.io.Reader(str(source)) as reader:
        box = reader.header().box()
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def _point(node, factory, extract: Extract) -> None:
    if drawings := drawn(node.tags, POINT):
        wkb = bytes.fromhex(factory.create_point(node))
        for drawing in drawings:
            extract.add(drawing, wkb)


def _way(way, factory, extract: Extract) -> None:
    if way.tags.get("natural") == "coastline":
        extract.coastline.append(bytes.fromhex(factory.create_linestring(way)))
    drawings = drawn(way.tags, LINE)
    if not drawings or (way.is_closed() and way.tags.get("area") == "yes"):
        return
    wkb = bytes.fromhex(factory.create_linestring(way))
    for drawing in drawings:
        extract.add(drawing, wkb)


def _area(area, factory, extract: Extract) -> None:
    flat = [one for one in drawn(area.tags, AREA) if one.layer != "transportation" or area.tags.get("area") == "yes"]
    points = drawn(area.tags, POINT)
    if not flat and not points:
        return
    wkb = bytes.fromhex(factory.create_multipolygon(area))
    for drawing in flat:
        extract.add(drawing, wkb)
    if points:
        inner = shapely.to_wkb(shapely.point_on_surface(shapely.from_wkb(wkb)))
        for drawing in points:
            extract.add(drawing, inner)
