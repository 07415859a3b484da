"""A control is looked at on a phone; where it failed the manager finds a hidden danger at once."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def staged(platform):
    command = [sys.executable, "-m", "tests.journeys.stage_checks"]
    ended = subprocess.run(command, env=platform.environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return platform


def test_a_worker_answers_on_a_phone_and_the_manager_finds_the_danger(staged, player, picture):
    manager = player("manager")
    manager.goto("/enterprises/")
    manager.get_by_role("link", name="松塘化工有限公司").first.click()
    manager.get_by_role("button", name="按管控措施生成计划").click()
    expect(manager.get_by_role("link", name="罐区操作每日排查")).to_be_visible()

    worker = player("worker", viewport=PHONE)
    worker.goto("/my-checks/")
    worker.get_by_role("link", name="罐区操作每日排查").first.click()
    worker.get_by_role("button", name="符合", exact=True).first.click()
    expect(worker.get_by_text("已答 1 / 2")).to_be_visible()
    for button in worker.locator("form[data-item] button:visible").all():
        box = button.bounding_box()
        assert box["height"] >= 44, f"{button.inner_text()} is {box['height']} px high"

    worker.get_by_role("button", name="不符合", exact=True).nth(1).click()
    worker.get_by_label("看到了什么").last.fill("根部阀半关")
    picture(worker, "check-does-not-conform")
    worker.get_by_role("button", name="登记隐患").click()
    expect(worker.get_by_text("已登记隐患")).to_be_visible()
    assert worker.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(worker, "check-answered")
    worker.get_by_role("button", name="完成检查").click()
    expect(worker.get_by_text("检查已完成：2 项，不符合 1 项。")).to_be_visible()

    manager.goto("/hazards/")
    expect(manager.get_by_role("link", name="安全阀根部阀全开").first).to_be_visible()
    manager.goto("/checks/statistics/")
    expect(manager.get_by_text("1 / 1")).to_be_visible()
