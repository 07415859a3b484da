"""How long the platform takes to answer at its first start (database, demo district, base map) and at its second, how
long to end, and what all processes occupy at rest. In a home of its own; packages and assets are there already."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from anlan.site.supervisor import memory, status

REST = 60.0  # seconds after which it counts as at rest
LONGEST = 600.0


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="anlan-bench-"))
    try:
        for which, rest in (("first", REST), ("second", 10.0)):
            print(f"{which} start: {_once(home, rest)}", flush=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _once(home: Path, rest: float) -> str:
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "anlan.site.command", "run"],
        env={name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
        | {"ANLAN_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # Whatever becomes of it, it is not waited for longer than this.
    watch = threading.Timer(LONGEST, process.kill)
    watch.start()
    try:
        if not any(re.search(r"is ready: http", line) for line in process.stdout):
            return "it never answered"
        answered = time.monotonic() - began
        threading.Thread(target=process.stdout.read, daemon=True).start()
        time.sleep(rest)
        facts = status.read(home)
        sizes = {name: memory.megabytes(one["pid"]) for name, one in facts["processes"].items()}
        sizes["supervisor"] = memory.megabytes(facts["pid"])
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(30)
    finally:
        watch.cancel()
        process.kill()
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
    return (
        f"answers after {answered:.1f} s, ends within {time.monotonic() - began:.1f} s, "
        f"{sum(sizes.values()):.0f} MB in all ({parts})"
    )


if __name__ == "__main__":
    main()
