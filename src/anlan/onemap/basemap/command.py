"""`anlan map build EXTRACT [--output FILE] [--attribution TEXT]`."""

import sys
from pathlib import Path
from time import monotonic

from anlan.onemap.basemap.build import ATTRIBUTION, BadExtract, build


def run(extract: Path, output: Path, attribution: str = ATTRIBUTION) -> int:
    """Builds the base map, shows what it does on one line, and answers an exit code."""
    start, shown = monotonic(), sys.stderr.isatty()

    def progress(line: str) -> None:
        print(f"\r\x1b[K{line}" if shown else line, end="" if shown else "\n", file=sys.stderr, flush=True)

    try:
        built = build(extract, output, progress, attribution)
    except BadExtract as problem:
        print(f"{chr(10) if shown else ''}No base map was made. {problem}", file=sys.stderr)
        return 1
    print("\r\x1b[K" if shown else "", end="", file=sys.stderr)
    west, south, east, north = built.bounds
    print(
        f"{output}: {built.tiles:,} tiles of {built.features:,} objects, {built.size / 1e6:.1f} MB, "
        f"{west:.4f},{south:.4f} to {east:.4f},{north:.4f}, in {monotonic() - start:.1f} s."
    )
    if built.unreadable:
        print(f"{built.unreadable:,} objects reach beyond the extract or are broken; they were left out.")
    return 0
