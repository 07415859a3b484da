"""The alarm desk, open in a browser: when it counted each alarm."""

import shutil
from collections.abc import Callable

import psutil

from anlan.telemetry.tests.conftest import Pipeline
from benchmarks.million.sender import SURE

ADDRESS = "/alarms/"
WATCH = """() => {
  const counted = document.querySelector('[data-live-count] [data-count]');
  window.marks = [];
  new MutationObserver(() => {
    window.marks.push([performance.timeOrigin + performance.now(), Number(counted.textContent)]);
  }).observe(counted, { childList: true, characterData: true, subtree: true });
}"""
BROWSER = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
LATE = 30
"""Seconds an alarm may take before it is counted as not seen."""


class Desk:
    """Opened with the officer's session. Without a Chromium on the machine nothing is seen, and it says so."""

    def __init__(self, pipeline: Pipeline):
        self.root = f"http://127.0.0.1:{pipeline.environment['ANLAN_WEB_PORT']}"
        self.cookie = pipeline.environment["ANLAN_BENCH_COOKIE"]
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
            self.page.wait_for_timeout((SURE + 3) * 1000)  # what an earlier load raised has cleared
            self.page.goto(ADDRESS)
            self.page.wait_for_timeout(2_000)
            self.page.evaluate(WATCH)

    def wait(self, over: Callable[[], bool]) -> None:
        while not over():
            if self.page:
                self.page.wait_for_timeout(500)

    def seen(self, crossed: list[float]) -> list[float]:
        """Milliseconds from each instant (ms since 1970), in their order, to its alarm being counted on the page."""
        if not self.page:
            return []
        for _ in range(LATE * 2):
            marks = self.page.evaluate("window.marks")
            if marks and marks[-1][1] >= len(crossed):
                break
            self.page.wait_for_timeout(500)
        took, at = [], 0
        for number, began in enumerate(crossed, 1):
            while at < len(marks) and marks[at][1] < number:
                at += 1
            if at < len(marks):
                took.append(marks[at][0] - began)
        return took

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
