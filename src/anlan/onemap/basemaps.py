"""What lies under the layers: the local base map file, and online maps named in the setting ANLAN_BASEMAPS."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

HINT = (
    'ANLAN_BASEMAPS is a JSON list such as [{"name": "tianditu", "title": "天地图", "tiles": '
    '["https://…/{z}/{x}/{y}.png"], "attribution": "天地图", "datum": "CGCS2000"}].'
)
DATUMS = ("WGS84", "CGCS2000", "GCJ-02", "BD-09")
OFFSET = ("GCJ-02", "BD-09")
"""Datums that lie up to some 600 m beside the true place in China: such a map is marked in its title."""
NAME = re.compile(r"[a-z][a-z0-9_-]*")


class WrongBasemaps(ValueError):
    """The setting cannot be used; the text says which entry and what to write."""


@dataclass(frozen=True)
class Basemap:
    """One online map of raster tiles. Several templates are drawn over one another (picture, then names)."""

    name: str
    title: str
    tiles: tuple[str, ...]
    attribution: str
    datum: str = "CGCS2000"
    tile_size: int = 256
    max_zoom: int = 18

    @property
    def shifted(self) -> bool:
        return self.datum in OFFSET

    def for_browser(self) -> dict:
        return {**asdict(self), "shifted": self.shifted}


def local() -> Path | None:
    """The file that `anlan map build` made, if there is one."""
    path = Path(settings.BASEMAP)
    return path if path.is_file() else None


def online() -> list[Basemap]:
    return read(settings.BASEMAPS)


def read(text: str) -> list[Basemap]:
    """The base maps of a setting, or WrongBasemaps."""
    try:
        entries = json.loads(text or "[]")
    except json.JSONDecodeError as problem:
        raise WrongBasemaps(f"ANLAN_BASEMAPS is not JSON: {problem}.") from None
    if not isinstance(entries, list):
        raise WrongBasemaps("ANLAN_BASEMAPS is not a list.")
    return [_read(number, entry) for number, entry in enumerate(entries, 1)]


def _read(number: int, entry: object) -> Basemap:
    where = f"ANLAN_BASEMAPS, entry {number}"
    if not isinstance(entry, dict) or not {"name", "title", "tiles", "attribution"} <= entry.keys():
        raise WrongBasemaps(f"{where}: name, title, tiles and attribution are needed.")
    if unknown := entry.keys() - Basemap.__dataclass_fields__.keys():
        raise WrongBasemaps(f"{where}: unknown {', '.join(sorted(unknown))}.")
    tiles = entry["tiles"] if isinstance(entry["tiles"], list) else [entry["tiles"]]
    for tile in tiles:
        if urlsplit(str(tile)).scheme not in ("http", "https") or not all(key in tile for key in ("{z}", "{x}", "{y}")):
            raise WrongBasemaps(f"{where}: {tile!r} is no address with {{z}}, {{x}} and {{y}}.")
    if not NAME.fullmatch(str(entry["name"])):
        raise WrongBasemaps(f"{where}: the name stands in addresses; write small letters, digits, '-' and '_'.")
    if entry.get("datum", "CGCS2000") not in DATUMS:
        raise WrongBasemaps(f"{where}: datum {entry['datum']!r} is unknown; write one of {', '.join(DATUMS)}.")
    return Basemap(**{**entry, "tiles": tuple(tiles)})


def hosts(maps: list[Basemap]) -> list[str]:
    """The origins the page's policy must allow, in order and once each."""
    parts = [urlsplit(tile) for each in maps for tile in each.tiles]
    return list(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))
