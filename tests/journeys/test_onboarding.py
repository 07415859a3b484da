"""A new enterprise in a quarter of an hour: from the sector template to the first finished check, a danger registered
from what did not hold, and the promise of the day published; told by the safety manager, read by everybody.
"""

import time

import pytest

from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.journey
TOPICS = ("duties", "management", "investment", "risks", "dangers")


def test_a_new_enterprise_runs_its_own_loop_from_a_template(platform, player, chromium, picture):
    begun = time.monotonic()
    manager = player("manager")
    manager.locator(".panel", has_text="安全管理台").first.wait_for()
    picture(manager, "onboarding-1-desk-of-a-new-enterprise")

    manager.goto("/onboarding/")
    template = manager.locator("section.panel", has=manager.get_by_role("heading", name="餐饮场所用气"))
    picture(manager, "onboarding-2-templates")
    template.get_by_role("link", name="预览并采用").click()
    for post, person in (("主要负责人", "孙总"), ("安全管理员", "孙丽"), ("厨师长", "老马"), ("前厅领班", "小周")):
        manager.get_by_label(post, exact=True).fill(person)
    manager.get_by_label("气瓶间").uncheck()
    picture(manager, "onboarding-3-preview")
    manager.get_by_role("button", name="采用").click()
    manager.get_by_text("已建立 4 个风险点").wait_for()
    picture(manager, "onboarding-4-the-loop-begins")

    manager.goto("/checks/?state=open")
    manager.get_by_role("link", name="厨师长每日排查").click()
    items = manager.locator("form[data-item]")
    count = items.count()
    first = items.nth(0)
    first.get_by_role("button", name="不符合", exact=True).click()
    first.get_by_label("看到了什么").fill("收市后燃气总阀未关")
    first.get_by_role("button", name="登记隐患").click()
    items.nth(0).get_by_text("已登记隐患").wait_for()
    for number in range(1, count):
        items.nth(number).get_by_role("button", name="符合", exact=True).click()
        items.nth(number).get_by_role("button", name="✓ 符合").wait_for()
    manager.get_by_role("button", name="完成检查").click()
    manager.get_by_text("已完成").first.wait_for()
    picture(manager, "onboarding-5-the-first-check")

    manager.goto("/ledgers/safety_commitments/new/")
    manager.locator("[name=name]").fill("松塘化工有限公司")
    manager.locator("[name=day]").fill(time.strftime("%Y-%m-%d"))
    for topic in TOPICS:
        manager.locator(f"[name={topic}]").fill("已落实")
    manager.locator("[name=signer]").fill("孙丽")
    manager.locator("form button[type=submit], form button.btn-primary").last.click()
    manager.wait_for_url("**/ledgers/safety_commitments/*/")

    anybody = chromium.new_context(base_url=platform.address, locale="zh-CN").new_page()
    anybody.goto("/published/safety_commitments/")
    anybody.get_by_text("孙丽").first.wait_for()
    picture(anybody, "onboarding-6-published")
    anybody.context.close()

    phone = player("manager", viewport=PHONE, has_touch=True, is_mobile=True)
    phone.locator(".panel", has_text="安全管理台").first.wait_for()
    picture(phone, "onboarding-7-desk-on-the-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        "the desk is wider than the phone"
    )

    seconds = time.monotonic() - begun
    print(f"from the template to the first finished check and the promise: {seconds:.0f} s")
    assert seconds < 15 * 60


def test_a_self_check_is_saved_answer_by_answer_and_its_gaps_become_tasks(player, picture):
    manager = player("manager", viewport=PHONE, has_touch=True, is_mobile=True)
    manager.goto("/assessments/cards/")
    card = manager.locator("section.panel", has=manager.get_by_role("heading", name="主体责任重点事项清单（20 项）"))
    card.get_by_role("button", name="开始评分").click()
    manager.locator("#words-i01").fill("文件 2026-1 号")
    manager.locator("[name=i01][value=yes]").check()
    manager.get_by_text("已答 1 / 20 项").wait_for()
    manager.reload()
    assert manager.locator("[name=i01][value=yes]").is_checked(), "an answer is kept without a button"
    picture(manager, "onboarding-8-self-check-on-the-phone")
    for number in range(2, 21):
        manager.locator(f"#words-i{number:02d}").fill("文件 2026-1 号")
        manager.locator(f"[name=i{number:02d}][value={'yes' if number > 3 else 'no'}]").check()
    manager.get_by_text("已答 20 / 20 项").wait_for()
    manager.get_by_role("button", name="提交").click()
    manager.get_by_text("已提交").first.wait_for()
    manager.goto("/obligations/?open=1")
    assert manager.get_by_text("自查差距整改").count() >= 2
    picture(manager, "onboarding-9-gaps-are-tasks")
