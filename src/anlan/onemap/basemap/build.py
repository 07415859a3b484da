"""`anlan map build`: an OpenStreetMap extract becomes one PMTiles file of vector tiles, zoom 5 to 14."""

import gzip
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from anlan.onemap.basemap.coast import sea
from anlan.onemap.basemap.reading import BadExtract, Extract, Progress, read
from anlan.onemap.basemap.tiles import Prepared, tiles_of_zoom, to_mercator

__all__ = ["ATTRIBUTION", "BadExtract", "Built", "build"]

FIRST_ZOOM, LAST_ZOOM = 5, 14
ATTRIBUTION = "© OpenStreetMap contributors"
DRAWING_ORDER = (
    "water", "landcover", "landuse", "park", "waterway", "building", "transportation", "power", "boundary",
    "mountain_peak", "poi", "place",
)  # fmt: skip


@dataclass(frozen=True)
class Built:
    """What was made: number of tiles and features, bytes, west, south, east and north, objects left out."""

    tiles: int
    features: int
    size: int
    bounds: tuple[float, float, float, float]
    unreadable: int


def quiet(_line: str) -> None:
    """No progress shown."""


def build(source: Path | str, output: Path | str, progress: Progress = quiet, attribution: str = ATTRIBUTION) -> Built:
    """Makes the base map. The output is replaced only when the new one is complete; raises BadExtract."""
    source, output = Path(source), Path(output)
    progress(f"reading {source.name}")
    extract = read(source, progress)
    layers, bounds = _prepare(extract)
    output.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
        try:
            tiles = _write(file, layers, bounds, progress, attribution)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, 0o644)
            os.replace(file.name, output)
        except BaseException:
            os.unlink(file.name)
            raise
    count = sum(len(layer.fields) for layer in layers)
    return Built(tiles, count, output.stat().st_size, bounds, extract.unreadable)


def _prepare(extract: Extract) -> tuple[list[Prepared], tuple[float, float, float, float]]:
    shapes = {name: features.shapes() for name, features in extract.layers.items()}
    every = np.concatenate(list(shapes.values()))
    bounds = extract.box or tuple(float(value) for value in shapely.total_bounds(every))
    prepared = []
    for name in DRAWING_ORDER:
        if name in shapes:
            features = extract.layers[name]
            prepared.append(Prepared(name, to_mercator(shapes[name]), np.array(features.zoom), features.fields))
    water = sea(extract.coastline, bounds)
    if len(water):
        fields = [{"class": "ocean"}] * len(water)
        prepared.insert(0, Prepared("ocean", to_mercator(water), np.full(len(water), FIRST_ZOOM), fields))
    return prepared, bounds


def _write(file, layers: list[Prepared], bounds: tuple, progress: Progress, attribution: str) -> int:
    writer, count = Writer(file), 0
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        tiles = [(zxy_to_tileid(zoom, *tile), body) for tile, body in tiles_of_zoom(layers, zoom)]
        for number, body in sorted(tiles):
            writer.write_tile(number, gzip.compress(body, 6, mtime=0))
        count += len(tiles)
        progress(f"zoom {zoom}: {len(tiles):,} tiles")
    if not count:
        raise BadExtract("The extract holds only objects too small to draw.")
    writer.finalize(_header(bounds), _metadata(layers, attribution))
    return count


def _header(bounds: tuple[float, float, float, float]) -> dict:
    west, south, east, north = (round(value * 1e7) for value in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_zoom": FIRST_ZOOM,
        "max_zoom": LAST_ZOOM,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": 11,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata(layers: list[Prepared], attribution: str) -> dict:
    return {
        "name": "anlan",
        "attribution": attribution,
        "vector_layers": [_described(name, layers) for name in ("ocean", *DRAWING_ORDER)],
    }


def _described(name: str, layers: list[Prepared]) -> dict:
    """A layer of which the area has nothing is named all the same: styles that draw it are told of no fault."""
    found = {
        field: _kind(value)
        for layer in layers
        if layer.name == name
        for each in layer.fields
        for field, value in each.items()
    }
    return {"id": name, "minzoom": FIRST_ZOOM, "maxzoom": LAST_ZOOM, "fields": found}


def _kind(value: object) -> str:
    return "Number" if isinstance(value, int) else "String"
