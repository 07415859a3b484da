"""The phone in a place without a network: the line is cut and the browser killed at the worst moments, and nothing that
was answered is lost, sent twice or left behind for somebody else.

The line is cut for real, between browser and platform, so the service worker has no network either.
"""

import shutil
import sqlite3
import struct
import time
import zlib

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.test_accessibility import faults
from tests.journeys.wire import Handset, Wire

pytestmark = pytest.mark.journey
QUESTIONS = 200
FILL = """async ({questions, user}) => {
  const open = (name) => new Promise((done, failed) => {
    const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); asked.onerror = failed; });
  const name = (await indexedDB.databases()).find((known) => known.name.startsWith("anlan-carry-")).name;
  const db = await open(name);
  const writing = db.transaction("items", "readwrite"), items = writing.objectStore("items");
  const asked = Array.from({length: questions}, (_, n) => ({name: `q${n}`, title: `第 ${n + 1} 项：设施完好`,
    kind: "verdict", clause: "依据示例条款", detail: [{name: "why", title: "哪里不好", kind: "text"}]}));
  items.put({id: "t.forms/big", bundle: "t.forms", key: "big", version: "1",
    data: {is: "form", key: "big", title: "大表", questions: asked}});
  items.put({id: "t.tasks/1", bundle: "t.tasks", key: "1", version: "1",
    data: {is: "task", key: "1", title: "全面检查", form: "t.forms/big", submission: "t.check"}});
  await new Promise((done) => (writing.oncomplete = done));
  db.close();
}"""


@pytest.fixture(scope="module")
def picture_file(tmp_path_factory):
    """A picture of three million bytes that no method makes small without drawing it anew."""
    height, width = 900, 1200
    noise = np.random.default_rng(7).normal(128, 30, (height, width, 3)).clip(0, 255).astype(np.uint8)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), noise.reshape(height, -1)], axis=1).tobytes()

    def part(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path = tmp_path_factory.mktemp("camera") / "view.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows, 1)) + part(b"IEND", b"")
    )
    return path


@pytest.fixture(scope="module")
def hand(platform):
    """A phone on which the enterprise's team leader has signed in, and its line."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine: the phone was not tried")
    wire = Wire(platform.address)
    with sync_playwright() as playwright:
        handset = Handset(playwright, program, wire.address)
        handset.wire = wire
        try:
            sign_in(handset, handset.start())
            handset.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            handset.page.get_by_role("button", name="报隐患").wait_for()
            yield handset
        finally:
            handset.end()
            wire.close()
    assert not handset.faults, "the browser complained: " + "; ".join(handset.faults)


def sign_in(handset, page) -> None:
    page.goto(f"{handset.address}/sign-in/?next=/phone/")
    page.locator("[name=username]").fill("team_leader")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    handset.remember()


def ask(platform, sql: str):
    with sqlite3.connect(f"file:{platform.home / 'anlan.sqlite3'}?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


def wait(page, true, what: str, patience: float = 40) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, what
        page.wait_for_timeout(150)


def test_a_danger_with_two_pictures_survives_cuts_and_kills_and_arrives_once(platform, hand, picture_file, picture):
    hand.wire.cut()
    page = hand.again()  # a cold start without a network
    expect(page.locator(".network")).to_have_text("无网络")
    picture(page, "phone-1-cold-start-without-network")

    page.get_by_role("button", name="报隐患").click()  # one tap from home to the first question
    page.get_by_text("发现了什么隐患").wait_for()
    page.locator(".row[data-name=title] input").fill("配电箱门未关，箱前堆放纸箱")
    page.get_by_text("已存").wait_for()

    page = hand.again()
    page.locator("a.card", has_text="报隐患").click()
    expect(page.locator(".row[data-name=title] input")).to_have_value("配电箱门未关，箱前堆放纸箱")
    page.locator("input[type=file][multiple]").set_input_files([picture_file, picture_file])
    page.locator(".thumb img").nth(1).wait_for()
    picture(page, "phone-2-two-pictures")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("1 条待发").first.wait_for()

    page = hand.again()
    page.goto(f"{hand.address}/phone/#/outbox")
    page.locator("article.card", has_text="等待发送").wait_for()
    picture(page, "phone-3-the-queue")

    for _ in range(3):  # each time the line breaks in the middle of a picture
        before = hand.wire.passed
        hand.wire.mend(after=160_000)
        page.get_by_role("button", name="立即发送").click()
        wait(page, lambda: not hand.wire.whole or not_waiting(platform), "the line did not break")
        assert hand.wire.passed > before
        page = hand.again()
        page.goto(f"{hand.address}/phone/#/outbox")
        page.locator("article.card").first.wait_for()
    kept = ask(platform, "select state from fieldwork_sending")
    assert kept == [("waiting",)], "its text is safe on the platform, its pictures are still coming"

    hand.wire.mend()
    page.get_by_role("button", name="立即发送").click()
    page.get_by_text("已登记，编号").first.wait_for(timeout=30_000)
    picture(page, "phone-4-arrived")
    assert ask(platform, "select title from hazards_hazard") == [("配电箱门未关，箱前堆放纸箱",)]
    sizes = [size for (size,) in ask(platform, "select size from documents_document")]
    assert len(sizes) == 2 and max(sizes) <= 400_000


def not_waiting(platform) -> bool:
    return ask(platform, "select count(*) from fieldwork_sending where state != 'waiting'")[0][0] > 0


def test_two_hundred_questions_and_a_kill_right_after_an_answer_loses_at_most_that_one(hand, picture):
    hand.wire.cut()
    page = hand.home()
    page.evaluate(FILL, {"questions": QUESTIONS, "user": 0})
    page = hand.again()
    page.locator("button.card", has_text="全面检查").click()
    expect(page.locator(".rows > .row")).to_have_count(QUESTIONS)
    picture(page, "phone-5-two-hundred-questions")
    given = 25
    for number in range(given):
        page.locator(f".row[data-name=q{number}] [data-verdict=ok]").first.click()
    page = hand.again()
    page.locator("a.card", has_text="全面检查").click()
    expect(page.locator(".rows > .row")).to_have_count(QUESTIONS)
    stayed = page.locator(".verdict[data-verdict=ok][aria-pressed=true]").count()
    assert stayed >= given - 1

    page.locator(".row[data-name=q199] [data-verdict=not]").first.click()
    page.locator(".row[data-name=q199] .detail input").fill("锈蚀")
    page.get_by_text("已存").wait_for()
    page = hand.again()
    page.locator("a.card", has_text="全面检查").click()
    expect(page.locator(".row[data-name=q199] .detail input")).to_have_value("锈蚀")
    for target in page.locator(".row[data-name=q0] .verdict").all():
        box = target.bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44
    print(f"\nopens in {opening(page, hand):.0f} ms, answers in {answering(page):.0f} ms at {QUESTIONS} questions")


def opening(page, hand) -> float:
    page.goto(f"{hand.address}/phone/#/")
    page.locator("a.card", has_text="全面检查").wait_for()
    return page.evaluate("""async () => {
        const began = performance.now();
        document.querySelector("a.card").click();
        while (document.querySelectorAll(".rows > .row").length < 200) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        return performance.now() - began;
    }""")


def answering(page) -> float:
    """From the tap to the answer on the disk, the slowest of twenty."""
    return page.evaluate("""async () => {
        let slowest = 0;
        for (let n = 100; n < 120; n++) {
            const began = performance.now();
            document.querySelector(`.row[data-name=q${n}] [data-verdict=na]`).click();
            const said = document.querySelector(".stored");
            while (said.textContent !== "已存") await new Promise((next) => setTimeout(next));
            slowest = Math.max(slowest, performance.now() - began);
        }
        return slowest;
    }""")


def test_its_screens_break_no_rule_of_accessibility_in_any_light(hand):
    page, found = hand.page, {}
    for look in ("auto", "sun", "dark"):
        page.evaluate("look => document.documentElement.dataset.look = look", look)
        for screen in ("", "read", "outbox", "mine"):
            page.goto(f"{hand.address}/phone/#/{screen}")
            page.wait_for_timeout(250)
            found[look, screen] = faults(page)
        if look == "sun":
            page.goto(f"{hand.address}/phone/#/")
            page.get_by_role("button", name="报隐患").click()
            page.locator(".row[data-name=title]").wait_for()
            found[look, "form"] = faults(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0
    assert not {where: said for where, said in found.items() if said}


def test_a_session_that_ended_keeps_the_queue_and_signing_in_again_sends_it(platform, hand, picture):
    hand.wire.mend()
    page = hand.home()
    hand.browser.contexts[0].clear_cookies()
    page.get_by_role("button", name="报隐患").click()
    page.locator(".row[data-name=title] input").fill("安全出口上锁")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("登录已过期").wait_for()
    picture(page, "phone-6-session-over")
    sign_in(hand, page)
    count = "select count(*) from hazards_hazard where title = '安全出口上锁'"
    wait(page, lambda: ask(platform, count) == [(1,)], "it was not sent")


def test_signing_out_on_the_desk_wipes_what_was_carried_and_keeps_what_was_written(hand):
    page = hand.page
    page.goto(f"{hand.address}/")
    page.locator(".bar form[action$='/sign-out/'] button").evaluate("button => button.click()")
    page.wait_for_url("**/sign-in/**")
    names = "indexedDB.databases().then((known) => known.map((one) => one.name))"
    wait(page, lambda: not any("carry" in name for name in page.evaluate(names)), "what was carried is still there")
    assert any("work" in name for name in page.evaluate(names)), "the draft of 200 questions waits for its writer"
    hand.home()
    page.get_by_text("请先登录").wait_for()
    sign_in(hand, page)
    page.locator("a.card", has_text="全面检查").wait_for()
