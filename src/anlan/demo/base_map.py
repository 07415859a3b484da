"""`python -m anlan.demo.base_map SEED OUTPUT ROADS`: the district as an extract, base map and roads made from it."""

import sys
from pathlib import Path

from anlan.demo.geography import geography
from anlan.demo.osm import write_osm
from anlan.know.roads.building import build as build_roads
from anlan.onemap.basemap.build import build

ATTRIBUTION = "虚构演示区 Synthetic demo district"


def make(seed: int, output: Path, roads: Path) -> None:
    """Writes what is missing of OUTPUT and ROADS and, beside them, the extract they were made from."""
    extract = output.with_name("demo.osm.pbf")
    write_osm(geography(seed), extract)
    if not output.exists():
        build(extract, output, lambda line: None, ATTRIBUTION)
    if not roads.exists():
        build_roads(extract, roads)


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
