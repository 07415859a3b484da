"""One camera in a thread of its own: connect, look, keep the last seconds, connect again."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import cv2

from anlan.telemetry.cameras.settings import Camera
from anlan.vision.finding import Finding
from anlan.vision.pictures import jpeg, marked
from anlan.vision.watcher import Watcher

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
CONNECT_MS, READ_MS = 8_000, 8_000
KEPT_SECONDS = 20.0
"""How far back a clip reaches."""
KEPT_WIDTH = 640
PICTURE_EVERY = 30.0
"""While a finding lasts, so many seconds between two pictures of it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame said. ``pictures``: by the key of the finding, the frame with what was found drawn on it."""

    at: int
    """Microseconds UTC."""
    findings: list[Finding]
    pictures: dict[str, bytes]


class Eye:
    """Calls ``tell(look)`` for each frame looked at, from its thread. ``open`` gives the address with its login."""

    def __init__(self, camera: Camera, address: str, watcher: Watcher, tell: Callable[[Look], None]):
        self.camera, self.watcher, self.tell = camera, watcher, tell
        self._address = address
        self._stop = threading.Event()
        self._kept: deque[bytes] = deque(maxlen=max(2, round(KEPT_SECONDS / camera.every)))
        self._pictured: dict[str, float] = {}
        self.state, self.looks, self.busy_seconds = "connecting", 0, 0.0
        self._thread = threading.Thread(target=self._run, name="eye", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def kept(self) -> list[bytes]:
        """The last seconds, oldest first, as JPEG."""
        return list(self._kept)

    # --- the thread -----------------------------------------------------------------------------------------------
    def _run(self) -> None:
        wait = FIRST_WAIT
        while not self._stop.is_set():
            looked = self._watch()
            wait = FIRST_WAIT if looked else min(LONGEST_WAIT, 2 * wait)
            self._stop.wait(wait)

    def _watch(self) -> int:
        """Looks until the stream ends; how many frames it gave."""
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, CONNECT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_MS]
        stream, looked, last, due = cv2.VideoCapture(self._address, cv2.CAP_FFMPEG, limits), 0, time.monotonic(), 0.0
        try:
            while not self._stop.is_set() and stream.grab():
                now = time.monotonic()
                if now < due:
                    continue
                got, frame = stream.retrieve()
                if not got or frame is None:
                    break
                self.state, looked = "watching", looked + 1
                self._look(frame, now - last)
                # A machine that cannot keep up looks less often; it does not fall behind what happens.
                last, due = now, max(now + self.camera.every, time.monotonic())
        finally:
            stream.release()
        self.state = "no stream" if not looked else "stream ended"
        return looked

    def _look(self, frame, seconds: float) -> None:
        began, at = time.thread_time(), time.time_ns() // 1000
        findings = self.watcher.look(frame, seconds)
        self._kept.append(jpeg(frame, KEPT_WIDTH, 120_000))
        pictures = {each.key: self._picture(frame, each) for each in findings if self._worth_a_picture(each)}
        self.looks += 1
        self.busy_seconds += time.thread_time() - began
        self.tell(Look(at, findings, pictures))

    def _worth_a_picture(self, finding: Finding) -> bool:
        if finding.key not in self.watcher.detectors:
            return False
        if finding.value < self.camera.picture_at(finding.key):
            self._pictured.pop(finding.key, None)
            return False
        now = time.monotonic()
        if now - self._pictured.get(finding.key, -PICTURE_EVERY) < PICTURE_EVERY:
            return False
        self._pictured[finding.key] = now
        return True

    def _picture(self, frame, finding: Finding) -> bytes:
        return jpeg(marked(frame, finding.seen, self.watcher.zones.get(finding.key)))
