"""An inspector asks a standard and reads why; then lets another system read what he sees, and takes that back."""

import httpx
import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.test_accessibility import faults

pytestmark = pytest.mark.journey


def test_an_inspector_asks_whether_a_tank_farm_is_a_major_hazard_and_reads_why(player, picture):
    page = player("inspector")
    page.goto("/law/")
    page.locator("main [name=q]").fill("重大危险源")
    page.keyboard.press("Enter")
    page.get_by_text("危险化学品重大危险源辨识与分级").first.click()
    page.locator("[name=residents]").fill("60")
    page.locator("[name='units.0.items.0.substance']").fill("硝化棉")
    page.locator("[name='units.0.items.0.tonnes']").fill("15")
    page.locator("main form button.btn-primary").click()
    assert "table1:39" in page.locator("[role=alert]").inner_text()
    page.locator("[name='units.0.items.0.substance']").fill("table1:39")
    page.get_by_role("button", name="增加：危险化学品").click()
    page.locator("[name='units.0.items.1.substance']").fill("液氯")
    page.locator("[name='units.0.items.1.tonnes']").fill("60")
    page.locator("main form button.btn-primary").click()
    tree = page.locator("section .finding").first
    # 15/10 + 60/5 = 13.5; α 1.5 for 60 residents; R = 1.5 (2 · 1.5 + 4 · 12) = 76.5, level 2
    assert "二级重大危险源" in tree.inner_text() and "76.5" in tree.inner_text()
    assert faults(page) == []
    picture(page, "law-answer")
    page.get_by_role("link", name="GB 18218-2018 表6").first.click()
    assert page.locator("h1").inner_text() == "危险化学品重大危险源辨识"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_pages_of_law_and_interface_break_no_rule(player, viewport):
    page = player("inspector", viewport)
    found = {}
    for address in (
        "/law/",
        "/law/coverage/",
        "/law/questions/gb18218/?example=0",
        "/law/questions/risk-lec/?example=0",
        "/law/instruments/GB 18218-2018/",
        "/api-guide/",
        "/account/keys/",
    ):
        page.goto(address)
        found[address] = faults(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found[address].append(f"the page is {wider} px wider than the screen")
    assert not [f"{address} {fault}" for address, said in found.items() for fault in said]


def test_a_key_lets_another_system_read_until_it_is_revoked(player, platform):
    page = player("inspector")
    page.goto("/account/keys/")
    page.locator("main [name=name]").fill("园区大屏")
    page.locator("main form button.btn-primary").click()
    secret = page.locator("[role=status] code").inner_text()
    bearer = {"Authorization": f"Bearer {secret}"}
    rows = httpx.get(f"{platform.address}/api/lists/enterprises/rows", headers=bearer).json()["rows"]
    page.goto("/enterprises/")
    assert all(page.get_by_text(row["values"]["name"]).count() for row in rows)
    page.goto("/account/keys/")
    assert secret not in page.content()
    page.locator("main table button").first.click()
    page.get_by_text("密钥已作废。").wait_for()
    refused = httpx.get(f"{platform.address}/api/me", headers=bearer)
    assert refused.status_code == 401 and refused.json()["error"]["code"] == "not_signed_in"
