"""The alarm desk, open in a browser: when it counted each alarm."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing

import psutil

from anlan.telemetry.tests.conftest import Pipeline

ADDRESS = "/alarms/"
WATCH = """() => {
  const button = document.querySelector('[data-live-count]');
  window.marks = [];
  new MutationObserver(() => {
    window.marks.push([performance.timeOrigin + performance.now(), button.dataset.ids]);
  }).observe(button.querySelector('[data-count]'), { childList: true, characterData: true, subtree: true });
}"""
BROWSER = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
LATE = 30
"""Seconds an alarm may take before it is counted as not seen."""


class Desk:
    """Opened with the officer's session. Without a Chromium on the machine nothing is seen, and it says so."""

    def __init__(self, pipeline: Pipeline):
        self.root = f"http://127.0.0.1:{pipeline.environment['ANLAN_WEB_PORT']}"
        self.cookie = pipeline.environment["ANLAN_BENCH_COOKIE"]
        self.database = pipeline.home / "anlan.sqlite3"
        self.program = shutil.which("chromium") or shutil.which("google-chrome")
        self.page = None

    def __enter__(self) -> "Desk":
        if self.program is None:
            print("no Chromium on this machine: the open desk is not measured")
            return self
        from playwright.sync_api import sync_playwright

        self.playwright = sync_playwright().start()
        browser = self.playwright.chromium.launch(executable_path=self.program, args=BROWSER)
        context = browser.new_context(base_url=self.root, locale="zh-CN", viewport={"width": 1440, "height": 900})
        name, _, value = self.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": self.root}])
        self.page = context.new_page()
        self.page.set_default_timeout(60_000)
        return self

    def __exit__(self, *_problem) -> None:
        if self.page:
            self.page.context.browser.close()
            self.playwright.stop()

    def begin(self) -> None:
        """Everything told before is on the page; from now on what comes is counted."""
        if self.page:
            self.page.goto(ADDRESS)
            self.page.wait_for_timeout(3_000)
            with closing(sqlite3.connect(self.database)) as database:
                (self.last,) = database.execute("SELECT coalesce(max(id), 0) FROM alarms_alarm").fetchone()
            self.page.evaluate(WATCH)

    def wait(self, over: Callable[[], bool]) -> None:
        while not over():
            if self.page:
                self.page.wait_for_timeout(500)

    def seen(self, crossed: list[float]) -> list[float]:
        """Milliseconds from each instant (ms since 1970), in their order, to its alarm being counted on the page."""
        if not self.page:
            return []
        counted: dict[int, float] = {}
        for _ in range(LATE * 2):
            for at, ids in self.page.evaluate("window.marks"):
                for number in map(int, ids.split()):
                    if number > self.last:  # else an alarm of an earlier load that clears only now
                        counted.setdefault(number, at)
            if len(counted) >= len(crossed):
                break
            self.page.wait_for_timeout(500)
        return [at - began for began, (_, at) in zip(crossed, sorted(counted.items()), strict=False)]

    def spent(self) -> float:
        """Processor seconds of the browser so far."""
        if not self.page:
            return 0.0
        total = 0.0
        for process in psutil.Process().children(recursive=True):
            try:
                if "chrom" in process.name():
                    times = process.cpu_times()
                    total += times.user + times.system
            except psutil.NoSuchProcess:
                continue
        return total
