"""A special work through the browser: applicant, gas analyst, approver, guardian, acceptor; each sees only his step."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


@pytest.fixture(scope="module")
def certificate(platform):
    """The welder's certificate, as the ledger of the enterprise has it."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.stage_permits"], env=platform.environment, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


def _sign(page, title: str) -> None:
    page.get_by_role("button", name=title).click()
    page.locator("dialog[open] select").select_option("yes")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.get_by_text(f"已办理：{title}")).to_be_visible()


def test_a_hot_work_permit_from_the_application_to_the_acceptance(player, certificate, picture):
    leader = player("team_leader")
    leader.goto("/permits/new/")
    leader.locator("[name=kind_level]").select_option("hot_work:second")
    leader.locator("[name=work]").fill("更换管段焊接")
    leader.locator("[name=place]").fill("罐区东侧管廊")
    start = leader.evaluate(
        "() => { const d = new Date(Date.now() - 60000); d.setMinutes(d.getMinutes() - d.getTimezoneOffset());"
        " return [0, 6 * 3600000].map(m => new Date(+d + m).toISOString().slice(0, 16)); }"
    )
    leader.locator("[name=starts_at]").fill(start[0])
    leader.locator("[name=ends_at]").fill(start[1])
    leader.locator("[name=leader]").select_option(label="马超")
    leader.locator("[name=guardian]").select_option(label="罗阳")
    leader.locator("[name=workers]").fill(f"沈师傅 {certificate}")
    leader.locator("[name=hazards]").fill("残留可燃气体，火花飞溅")
    leader.get_by_role("button", name="保存").click()
    expect(leader.get_by_text("现在不能作业")).to_be_visible()
    expect(leader.get_by_text("项安全措施未确认")).to_be_visible()
    address = leader.url
    leader.get_by_role("link", name="确认安全措施").click()
    for box in leader.locator("input[name=done]").all():
        box.check()
    leader.get_by_role("button", name="保存").click()
    leader.get_by_role("link", name="登记隔离点").click()
    leader.locator("[name=tag]").fill("MB-01")
    leader.locator("[name=position]").fill("进料管法兰")
    leader.get_by_role("button", name="登记", exact=True).click()
    leader.get_by_role("button", name="提交审批").click()
    expect(leader.get_by_text("已办理：提交审批")).to_be_visible()

    analyst = player("gas_analyst", PHONE)
    analyst.goto(address)
    analyst.get_by_role("link", name="气体分析").click()
    analyst.locator("[name=place]").fill("动火点")
    analyst.locator("[name=oxygen]").fill("20.9")
    analyst.locator("[name=flammable]").fill("0")
    picture(analyst, "permit-gas-phone")
    analyst.get_by_role("button", name="判定并记录").click()
    expect(analyst.get_by_text("气体分析合格，已记录。")).to_be_visible()

    approver = player("workshop_head", PHONE)
    approver.goto(address)
    _sign(approver, "所在基层单位审批")
    if approver.locator(".case-head").get_by_text("安全管理部门审批").count():  # it rose: a rest day, or the night
        officer = player("manager")
        officer.goto(address)
        _sign(officer, "安全管理部门审批")

    guardian = player("guardian", PHONE)
    guardian.goto("/live-permits/")
    guardian.get_by_role("link", name="更换管段焊接").click()
    guardian.get_by_role("button", name="确认开工").click()
    expect(guardian.get_by_text("可以继续作业")).to_be_visible()
    picture(guardian, "permit-working-phone")
    guardian.get_by_role("link", name="打印作业票").click()
    expect(guardian.get_by_alt_text("扫码看这张票现在是否有效")).to_be_visible()
    guardian.goto(address)
    guardian.get_by_role("button", name="完工清场").click()
    expect(guardian.get_by_text("已办理：完工清场")).to_be_visible()

    leader.goto(address)
    leader.get_by_role("button", name="解除隔离").click()
    expect(leader.get_by_text("现在由其他岗位办理")).to_be_visible()
    approver.goto(address)
    approver.get_by_role("button", name="验收合格，关闭").click()
    expect(approver.get_by_text("已关闭").first).to_be_visible()


def test_another_enterprise_and_who_may_not_see_nothing_of_it(player, certificate):
    other = player("other_manager")
    other.goto("/permits/")
    expect(other.get_by_text("更换管段焊接")).to_have_count(0)
