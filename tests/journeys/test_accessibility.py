"""The main pages against the rules of WCAG 2.2 A and AA that a machine can test (axe-core), in both themes and on a
phone; and what it cannot test alone: the way by keyboard, and that nothing is wider than the screen."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.journey
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = [
    "/",
    "/cases/",
    "/warnings/",
    "/alarms/",
    "/devices/",
    "/enterprises/",
    "/inbox/",
    "/search/?q=储罐",
    "/bigscreen/",
]


def faults(page) -> list[str]:
    """What axe finds on the page as it is, a line for each element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize(("theme", "viewport"), [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)])
def test_the_main_pages_break_no_rule(player, theme, viewport):
    page = player("duty", viewport, color_scheme=theme)
    found = {}
    for address in [*PAGES, "/enterprises/1/", "/devices/1/"]:
        page.goto(address)
        found[address] = faults(page)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            found[address].append(f"the page is {wider} px wider than the screen")
    assert not {address: said for address, said in found.items() if said}


def test_forms_break_no_rule_also_when_something_is_wrong(player):
    page = player("system_administrator")
    page.goto("/accounts/new/")
    assert faults(page) == []
    page.locator(".sheet-form [type=submit]").click()
    assert page.locator("#id_username_error").is_visible()
    assert faults(page) == []


def test_everything_is_reached_by_keyboard(player):
    page = player("duty")
    page.goto("/enterprises/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.hasAttribute('data-row')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enterprises/1/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("储罐", delay=50)
    page.locator("#search-results a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('#search-results') !== null")
    page.keyboard.press("Escape")
    assert page.locator("#search-results a").count() == 0
    page.locator("#main").focus()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()


def test_a_filter_changes_the_address_and_back_brings_the_list_back(player):
    page = player("duty")
    page.goto("/enterprises/")
    page.locator("#list-words").fill("没有这家")
    page.wait_for_url("**/enterprises/?q=*")
    page.locator(".empty-words").wait_for()
    page.go_back()
    page.locator("[data-row]").first.wait_for()
    assert page.url.endswith("/enterprises/")


def test_the_theme_is_kept_and_the_language_changes_every_word(player):
    page = player("duty")
    page.goto("/")
    page.locator("summary").filter(has=page.locator("[href$='#adjustments']")).click()
    page.locator("[data-theme-choice=dark]").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.locator("summary").filter(has=page.locator("[href$='#adjustments']")).click()
    page.locator("button[value=en]").click()
    page.locator("h1").filter(has_text="Good").or_(page.locator("h1").filter(has_text="late")).wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
