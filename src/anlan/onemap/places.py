"""Where a row is, whatever kind its layer has: its point, the middle of its box, or a point inside its geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
import shapely

from anlan.desk.layers.declare import Layer


@dataclass(frozen=True)
class Centres:
    """Reads the middle of a row from the fields it asks for."""

    layer: Layer

    @property
    def fields(self) -> tuple[str, ...]:
        if self.layer.placed:
            return self.layer.place[:2]
        return self.layer.box or (self.layer.geometry,)

    def of(self, values: Sequence) -> tuple[float, float]:
        if self.layer.placed:
            return values[0], values[1]
        if self.layer.box:
            west, south, east, north = values
            return (west + east) / 2, (south + north) / 2
        middle = geometry(values[0]).representative_point()
        return middle.x, middle.y


def geometry(value: str | dict) -> shapely.Geometry:
    """A GeoJSON geometry, text or dict, as shapely reads it."""
    return shapely.from_geojson(value if isinstance(value, str) else orjson.dumps(value))
