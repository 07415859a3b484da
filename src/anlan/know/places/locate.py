"""Which region a place lies in."""

from collections.abc import Iterable

import numpy as np
import shapely

from anlan.know.places.models import Boundary, Region


def region_at(lon: float, lat: float, level: int | None = None) -> Region | None:
    """The finest region, or that of a level, whose outline holds the place; None when no outline does."""
    boxes = Boundary.objects.filter(west__lte=lon, east__gte=lon, south__lte=lat, north__gte=lat)
    if level is not None:
        boxes = boxes.filter(region__level=level)
    for boundary in boxes.select_related("region").order_by("-region__level", "region__code"):
        if shapely.intersects_xy(shapely.from_geojson(boundary.outline), lon, lat):
            return boundary.region
    return None


class Finder:
    """The same question for many places: outlines are read once and asked through one spatial index."""

    def __init__(self, under: str = "", levels: Iterable[int] | None = None):
        boundaries = Boundary.objects.filter(region__code__startswith=under)
        if levels is not None:
            boundaries = boundaries.filter(region__level__in=list(levels))
        # Finest first, then by code: the first hit is the answer, the same on every run.
        rows = list(boundaries.order_by("-region__level", "region__code").values_list("region__code", "outline"))
        self.codes = [code for code, _ in rows]
        self.shapes = shapely.from_geojson([outline for _, outline in rows]) if rows else np.empty(0, object)
        shapely.prepare(self.shapes)
        self.tree = shapely.STRtree(self.shapes)

    def codes_at(self, lon, lat) -> list[str]:
        """Code of the finest region of each place, '' where no outline holds it."""
        places = shapely.points(np.asarray(lon, float), np.asarray(lat, float))
        found = np.full(len(places), len(self.codes))
        place, outline = self.tree.query(places, predicate="intersects")
        np.minimum.at(found, place, outline)
        return [self.codes[index] if index < len(self.codes) else "" for index in found]
