"""`python -m anlan.demo.base_map SEED OUTPUT`: the district as an extract, and the base map made from it."""

import sys
from pathlib import Path

from anlan.demo.geography import geography
from anlan.demo.osm import write_osm
from anlan.onemap.basemap.build import build

ATTRIBUTION = "虚构演示区 Synthetic demo district"


def make(seed: int, output: Path) -> None:
    """Writes OUTPUT and, beside it, the extract it was made from."""
    extract = output.with_name("demo.osm.pbf")
    write_osm(geography(seed), extract)
    build(extract, output, lambda line: None, ATTRIBUTION)


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
