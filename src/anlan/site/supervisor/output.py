"""What the processes write: every line to a rotating file, what matters to the console, with the process's name."""

import logging
import re
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

BYTES, KEPT = 5_000_000, 3
AGAIN = 60.0  # seconds in which the same line, numbers apart, is not shown again
# What merely informs, and the broker's account of how it found its files again after a kill.
QUIET = re.compile(r"\b(DEBUG|INFO)\b|\[(DBG|INF)\]|\[WRN\] Filestore")
WIDTH = 10


class Output:
    """One per process: `line(text)` takes what it wrote."""

    def __init__(self, name: str, folder: Path, verbose: bool = False):
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self.verbose, self.silent = name, verbose, False
        self._repeats = Repeats()
        self._file = RotatingFileHandler(folder / f"{name}.log", maxBytes=BYTES, backupCount=KEPT, encoding="utf-8")

    def line(self, text: str) -> None:
        self._file.emit(logging.LogRecord(self.name, logging.INFO, "", 0, text, None, None))
        if self.verbose or (shown(text) and not self.silent and self._repeats.new(text, time.monotonic())):
            say(text, self.name)

    def close(self) -> None:
        self._file.close()


class Repeats:
    """Remembers what was shown lately, so that one fault repeated every second does not hide all others."""

    def __init__(self):
        self._seen: dict[str, float] = {}

    def new(self, text: str, now: float) -> bool:
        kind = re.sub(r"\d+", "0", text)
        self._seen = {one: at for one, at in self._seen.items() if now - at < AGAIN}
        return self._seen.setdefault(kind, now) == now


def shown(text: str) -> bool:
    """Whether a line belongs on the console: what says of itself that it merely informs does not."""
    return bool(text.strip()) and not QUIET.search(text[:120])


def say(text: str, name: str = "anlan") -> None:
    """A line on the console. A console that went away is no reason to stop."""
    try:
        print(f"{name:<{WIDTH}}| {text}", flush=True)
    except (BrokenPipeError, OSError):
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115 - replaces the console for good
