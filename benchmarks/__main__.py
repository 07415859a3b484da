"""`python -m benchmarks [NAME …]`: runs the measurements, each a module here whose `main()` prints its own table."""

import os
import pkgutil
import platform
import sys
import time
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent


def main(asked: list[str]) -> int:
    names = sorted(found.name for found in pkgutil.iter_modules([str(FOLDER)]) if found.name != "__main__")
    if unknown := set(asked) - set(names):
        print(f"No measurement {', '.join(sorted(unknown))}; there are {', '.join(names)}.")
        return 2
    print(f"machine: {_processor()}, {os.cpu_count()} cores, {_memory()} GB, {platform.platform()}")
    print(f"python {platform.python_version()}, {time.strftime('%Y-%m-%d')}")
    for name in asked or names:
        print(f"\n== {name} (python -m benchmarks {name})", flush=True)
        import_module(f"benchmarks.{name}").main()
    return 0


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
