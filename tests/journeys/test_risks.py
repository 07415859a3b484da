"""A risk from the first look to the printed card: the enterprise's manager identifies and evaluates it on the desk, the
county's inspector approves, the region's numbers and the board change; the zone is drawn, the card read on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

pytestmark = pytest.mark.journey


def test_a_risk_is_identified_evaluated_approved_drawn_and_printed(player, picture):
    manager = player("manager")
    manager.goto("/risks/new/")
    manager.locator("[name=kind]").select_option("area")
    manager.locator("[name=name]").fill("1号反应车间")
    manager.locator("[name=code]").fill("R-901")
    manager.locator("[name=responsible]").fill("马超")
    manager.locator("[name=phone]").fill("13800000000")
    manager.locator("[name=handling]").fill("切断进料\n撤离人员\n报告值班室")
    manager.locator(".form-foot .btn-primary").click()
    manager.wait_for_url(re.compile(r"/risks/\d+/$"))
    address = manager.url

    manager.get_by_role("link", name="按作业步骤辨识（JHA）").click()
    manager.locator("[name=unit]").fill("升温加料")
    manager.locator("[name=name]").fill("反应失控")
    manager.locator("[name=consequence]").fill("爆炸，多人伤亡")
    manager.locator("[name=accident_types]").fill("其他爆炸")
    manager.locator(".form-foot .btn-primary").click()
    manager.wait_for_url(re.compile(r"/risk-events/\d+/$"))
    event = manager.url
    manager.get_by_role("link", name="增加管控措施").click()
    manager.locator("[name=kind]").select_option("engineering")
    manager.locator("[name=text]").fill("温度高高联锁切断进料")
    manager.locator("[name=every_days]").fill("1")
    manager.locator(".form-foot .btn-primary").click()
    manager.wait_for_url(re.compile(r"/risk-controls/\d+/$"))

    manager.goto(f"{event}evaluate/?method=lec")
    for factor, score in {"L": "6", "E": "6", "C": "15"}.items():
        manager.locator(f"[name={factor}]").select_option(score)
    picture(manager, "risks-1-evaluate")
    manager.locator(".form-foot .btn-primary").click()
    manager.locator(".tree").get_by_text("540").first.wait_for()
    picture(manager, "risks-2-why-this-level")

    inspector = player("inspector")
    inspector.goto("/risks/region/")
    expect(inspector.locator(".level-count").first).not_to_contain_text("1")
    inspector.goto("/risk-reports/")
    inspector.locator("tbody a", has_text="1号反应车间").first.click()
    inspector.get_by_role("button", name="审核通过").click()
    inspector.get_by_text("已入库").first.wait_for()
    inspector.goto("/risks/region/")
    expect(inspector.locator(".level-count-number").first).to_have_text("1")
    picture(inspector, "risks-3-the-region")

    manager.goto("/floor-plans/new/")
    manager.locator("[name=title]").fill("厂区平面图")
    line = '{"type":"LineString","coordinates":[[115.8,28.7],[115.801,28.701]]}'
    manager.locator("[name=drawn]").set_input_files(
        {"name": "plan.geojson", "mimeType": "application/geo+json", "buffer": line.encode()}
    )
    manager.locator("[name=corners]").fill("[[115.799,28.702],[115.802,28.702],[115.802,28.699],[115.799,28.699]]")
    manager.locator(".form-foot .btn-primary").click()
    manager.wait_for_url(re.compile(r"/floor-plans/\d+/$"))
    manager.locator("#floor-point").select_option(label="R-901 1号反应车间")
    manager.get_by_role("button", name="开始划").click()
    floor = manager.locator("svg.floor").bounding_box()
    for across, down in ((0.35, 0.3), (0.65, 0.3), (0.65, 0.6), (0.35, 0.6)):
        manager.mouse.click(floor["x"] + floor["width"] * across, floor["y"] + floor["height"] * down)
    picture(manager, "risks-4-drawing-the-zone")
    with manager.expect_response(lambda answer: answer.url.endswith("/zone/")) as answered:
        manager.get_by_role("button", name="保存区域").click()
    assert answered.value.ok
    manager.locator(".zone-1 text").get_by_text("1号反应车间").wait_for()
    picture(manager, "risks-5-the-plan")

    phone = player("manager", viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goto(f"{address}card/")
    for words in ("红色", "温度高高联锁切断进料", "切断进料", "13800000000"):
        assert phone.locator(".card-sheet").get_by_text(words).count() >= 1, words
    picture(phone, "risks-6-the-card-on-a-phone")
    phone.goto("/risks/")
    picture(phone, "risks-7-the-list-on-a-phone")
    manager.goto(f"{address}card/")
    manager.emulate_media(media="print")
    picture(manager, "risks-8-the-card-on-paper")
