"""The main job, told once: a device sends a value, an alarm rises, a warning opens, the right people are told, one
handles it, a second person verifies, it closes; the map, the inbox and the audit chain show every step.

The duty officer works by keyboard alone, the safety manager by mouse on a phone, the verifier by both.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.journey


def test_a_reading_becomes_a_closed_case_on_the_map(platform, player, picture):
    platform.send(level=50)
    duty = player("duty")
    picture(duty, "1-home-of-the-duty-officer")

    duty.goto("/warnings/")
    duty.wait_for_timeout(1000)
    assert platform.send(level=95).status_code == 200
    duty.locator("button.fresh").click()  # what is new is offered, and does not move what one is looking at
    row = duty.locator("tbody tr", has_text="1号储罐液位计").first
    row.wait_for()
    picture(duty, "2-the-warning-in-the-list")

    duty.keyboard.press("j")
    duty.keyboard.press("Enter")
    duty.wait_for_url(re.compile(r"/cases/\d+/"))
    address = duty.url
    picture(duty, "3-the-warning")
    duty.keyboard.press("c")
    duty.wait_for_timeout(1500)
    picture(duty, "3b-confirmed")
    duty.locator(".case-head").get_by_text("处置中").wait_for()

    manager = player("manager", viewport=PHONE, has_touch=True, is_mobile=True)
    manager.goto("/inbox/")
    told = manager.locator("main").get_by_text("液位").first
    told.wait_for()
    picture(manager, "4-inbox-of-the-safety-manager")
    manager.goto(address)
    manager.get_by_role("button", name="到场处置").click()
    manager.wait_for_load_state()
    assert platform.send(level=60).status_code == 200
    manager.wait_for_timeout(1500)
    manager.goto(address)
    manager.get_by_role("button", name="反馈处置结果").click()
    dialog = manager.get_by_role("dialog")
    dialog.locator("textarea").first.fill("进料阀未关严，已关闭，液位降到 60%。")
    dialog.locator("select").first.select_option("operation")
    picture(manager, "5-feedback-on-the-phone")
    dialog.get_by_role("button", name="反馈处置结果").click()
    manager.get_by_text("待核查").first.wait_for()
    assert manager.get_by_role("button", name="核查通过").count() == 0, "who fed back may not verify"

    second = player("second_duty")
    second.goto(address)
    picture(second, "6-before-verification")
    second.get_by_role("button", name="在线巡查").click()
    looked = second.get_by_role("dialog")
    looked.locator("textarea").first.fill("调看读数：液位 60%，无异常。")
    looked.locator("select").first.select_option("normal")
    looked.get_by_role("button", name="在线巡查").click()
    second.locator(".timeline").get_by_text("在线巡查").first.wait_for()
    second.get_by_role("button", name="核查通过").click()
    second.get_by_text("已办结").first.wait_for()
    picture(second, "7-closed")
    for step in ("确认并交办", "到场处置", "读数恢复正常", "反馈处置结果", "在线巡查", "核查通过"):
        assert second.locator(".timeline").get_by_text(step).count() >= 1, step

    verified = platform.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_the_mark_comes_to_the_open_map_by_itself_and_goes_when_the_alarm_clears(platform, player, picture):
    page = player("duty")
    page.goto("/map/")
    head = page.locator(".one-map-layer-head", has=page.get_by_text("报警", exact=True))
    marks = head.locator(".one-map-count")
    page.wait_for_timeout(4000)
    picture(page, "8a-the-map-opened")
    marks.wait_for()
    platform.send(level=60)
    expect(marks).to_have_text("0", timeout=10_000)
    platform.send(level=92)
    expect(marks).not_to_have_text("0", timeout=10_000)
    page.wait_for_timeout(500)
    picture(page, "8-the-map")
    platform.send(level=60)
    expect(marks).to_have_text("0", timeout=10_000)


def test_an_inspector_sees_the_enterprise_and_its_open_warning(platform, player, picture):
    platform.send(level=60)
    platform.send(level=96)
    page = player("inspector")
    page.wait_for_timeout(1500)
    page.goto("/enterprises/")
    page.get_by_role("link", name="松塘化工有限公司").click()
    page.locator("section", has_text="正在报警").get_by_text("高高限").first.wait_for()
    picture(page, "9-one-enterprise-one-file")


def test_another_enterprise_sees_nothing_of_it(platform, player):
    page = player("other_manager")
    for address in ("/warnings/", "/alarms/", "/enterprises/", "/devices/"):
        page.goto(address)
        assert page.locator("main").get_by_text("1号储罐").count() == 0
        assert page.locator("main").get_by_text("松塘化工").count() == 0


def test_a_device_page_shows_the_curve_with_its_limits(platform, player, picture):
    page = player("duty")
    page.goto("/devices/")
    page.get_by_role("link", name="1号储罐液位计").click()
    page.locator("series-chart canvas").first.wait_for()
    page.wait_for_timeout(800)
    picture(page, "10-a-device")
    assert page.get_by_text("60").count() or page.get_by_text("96").count()
