"""`anlan roads build`: an OpenStreetMap extract becomes one file of routing tiles (Valhalla), without a network.

The file is replaced only when the new one is complete; whoever reads the old one goes on reading it.
"""

import json
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.xml", ".osm.bz2", ".osm.gz")
LONGEST_SECONDS = 6 * 3600
SAID = 400


class NoRoads(ValueError):
    """No tiles can be made of the file; the text says why and what to do."""


@dataclass(frozen=True)
class Built:
    """Number of tiles and bytes of the file."""

    tiles: int
    size: int


def build(extract: Path, output: Path) -> Built:
    """Makes the tiles. Errors: NoRoads."""
    if not extract.is_file():
        raise NoRoads(f"{extract} is not there.")
    if not extract.name.lower().endswith(SUFFIXES):
        raise NoRoads(f"{extract.name}: an OpenStreetMap extract ends in {', '.join(SUFFIXES)}.")
    output.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=output.parent, prefix=".roads-") as folder:
        _make(_as_pbf(extract, Path(folder)), Path(folder))
        tiles = sorted((Path(folder) / "tiles").rglob("*.gph"))
        if not tiles:
            raise NoRoads(f"{extract.name} holds no road that a vehicle may use.")
        packed = Path(folder) / "roads.tar"
        with tarfile.open(packed, "w") as tar:
            for tile in tiles:
                tar.add(tile, tile.relative_to(Path(folder) / "tiles"), filter=_nobodys)
        packed.chmod(0o644)
        os.replace(packed, output)
    return Built(len(tiles), output.stat().st_size)


def _as_pbf(extract: Path, folder: Path) -> Path:
    """The builder reads one format alone."""
    if extract.name.lower().endswith(".pbf"):
        return extract.resolve()
    import osmium

    made = folder / "extract.osm.pbf"
    try:
        with osmium.SimpleWriter(str(made)) as writer:
            for thing in osmium.FileProcessor(str(extract)):
                writer.add(thing)
    except RuntimeError as problem:
        raise NoRoads(f"{extract.name} cannot be read as an OpenStreetMap extract: {problem}") from problem
    return made


def _make(extract: Path, folder: Path) -> None:
    import valhalla

    (folder / "tiles").mkdir()
    config = valhalla.get_config(tile_extract="", tile_dir=folder / "tiles")
    config["mjolnir"]["concurrency"] = os.cpu_count() or 1
    settings = folder / "settings.json"
    settings.write_text(json.dumps(config))
    program = Path(valhalla.PYVALHALLA_DIR) / "bin" / "valhalla_build_tiles"
    try:
        done = subprocess.run(
            [program, "-c", settings, extract], capture_output=True, text=True, timeout=LONGEST_SECONDS, cwd=folder
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise NoRoads(f"The builder of routing tiles did not finish: {problem}") from problem
    if done.returncode:
        raise NoRoads(f"{extract.name} gave no routing tiles: {(done.stderr or done.stdout).strip()[-SAID:]}")


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The same extract gives the same file, whoever makes it."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry
