"""A network that can be cut at any moment, and a browser that can be killed at any moment."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

PIECE = 16_384


class Wire:
    """A line from the browser to the platform, on an address of its own. Cut, it refuses and breaks what is open."""

    def __init__(self, address: str):
        self.target = urlsplit(address).hostname, urlsplit(address).port
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.whole, self.left, self.passed = True, None, 0
        self.open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.whole, self.left = False, None
        for end in list(self.open):
            _end(end)

    def mend(self, after: int | None = None) -> None:
        """Whole again; with `after`, it breaks by itself once so many bytes went up."""
        self.whole, self.left = True, after

    def close(self) -> None:
        self.cut()
        self.door.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            if not self.whole:
                _end(near)
                continue
            try:
                far = socket.create_connection(self.target)
            except OSError:
                _end(near)
                continue
            self.open |= {near, far}
            for source, sink, up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(source, sink, up), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, up: bool) -> None:
        try:
            while self.whole and (piece := source.recv(PIECE)):
                if up and self.left is not None:
                    self.left -= len(piece)
                    if self.left < 0:
                        return self.cut()
                self.passed += len(piece) if up else 0
                sink.sendall(piece)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                self.open.discard(end)
                _end(end)


class Handset:
    """Chromium as on a phone, with a memory that outlives it: `kill()` is what a battery does."""

    def __init__(self, playwright, program: str, address: str):
        self.playwright, self.program, self.address = playwright, program, address
        self.profile = Path(tempfile.mkdtemp(prefix="anlan-handset-"))
        self.process = self.page = self.browser = None
        self.faults: list[str] = []
        self.cookies: list = []

    def start(self):
        (self.profile / "DevToolsActivePort").unlink(missing_ok=True)
        arguments = [
            "--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-gpu",
            "--disable-component-update", "--disable-sync", "--lang=zh-CN", "--accept-lang=zh-CN",
            "--remote-debugging-port=0", "--use-fake-device-for-media-stream", "--force-prefers-reduced-motion",
            "--use-fake-ui-for-media-stream", f"--user-data-dir={self.profile}",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            [self.program, *arguments, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port()}")
        self.page = self.browser.contexts[0].pages[0]
        self.page.set_default_timeout(30_000)
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.browser.contexts[0].add_cookies(self.cookies)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        return self.page

    def home(self):
        """The app from a cold start."""
        self.page.goto(f"{self.address}/phone/", wait_until="commit")
        self.page.locator("#phone .screen, #phone .stranger").first.wait_for()
        return self.page

    def remember(self) -> None:
        """Chromium writes cookies to the disk half a minute after they came; a journey does not wait that long."""
        self.cookies = self.browser.contexts[0].cookies()

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def again(self):
        self.kill()
        self.start()
        return self.home()

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _port(self) -> int:
        said = self.profile / "DevToolsActivePort"
        for _ in range(150):
            if said.exists() and (lines := said.read_text().split()):
                return int(lines[0])
            time.sleep(0.1)
        raise AssertionError("Chromium did not open its door")


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
