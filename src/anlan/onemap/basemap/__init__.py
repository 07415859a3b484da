"""From an OpenStreetMap extract to one file of vector tiles: read, sort into layers, cut, write. No Django."""

from anlan.onemap.basemap.build import BadExtract, Built, build

__all__ = ["BadExtract", "Built", "build"]
