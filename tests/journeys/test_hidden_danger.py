"""A danger from the worker who finds it on a phone to its cancellation by the town, each in his own browser."""

from datetime import date, timedelta

import pytest

from tests.journeys.conftest import PHONE

PICTURE = {"name": "现场.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(80)}


def take(page, address, action, **given):
    """Opens the step's dialog on the case's page, fills it in and sends it."""
    page.goto(address)
    page.locator(f"[data-dialog=step-{action}]").click()
    dialog = page.locator(f"#step-{action}")
    for name, value in given.items():
        field = dialog.locator(f"[name={action}-{name}]")
        if name == "files":
            field.set_input_files([value])
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    dialog.locator("button[type=submit], button.btn-primary").last.click()
    page.wait_for_load_state()


@pytest.mark.usefixtures("platform")
def test_a_worker_finds_it_and_the_town_cancels_it(player, picture):
    finder = player("worker", viewport=PHONE)
    finder.goto("/hazards/new/")
    finder.locator("[name=title]").fill("卸料区静电接地夹脱落")
    finder.locator("[name=place]").fill("卸料区")
    finder.locator("[name=photos]").set_input_files([PICTURE, PICTURE | {"name": "近景.png"}])
    finder.locator("main form button.btn-primary").last.click()
    finder.wait_for_url("**/cases/*/")
    address = "/cases/" + finder.url.rstrip("/").rpartition("/")[2] + "/"
    assert finder.locator("[data-dialog=step-grade]").count() == 0  # a worker does not grade
    picture(finder, "danger-found-on-a-phone")

    manager = player("manager")
    take(manager, address, "grade", grade="general", criterion="none", words="能立即整改")
    deadline = (date.today() + timedelta(days=3)).isoformat()
    five = {"measure": "更换接地夹", "responsible": "马超", "funds": "0.2", "deadline": deadline, "plan": "停止卸料"}
    take(manager, address, "settle", **five)

    rectifier = player("team_leader")
    take(rectifier, address, "rectify", words="已更换，电阻合格", files=PICTURE)
    assert rectifier.locator("[data-dialog=step-verify]").count() == 0

    take(manager, address, "verify", words="现场核查合格")
    town = player("town_officer")
    town.goto(address)
    town.locator(f"form[action='{address}cancel/'] button, [data-dialog=step-cancel]").first.click()
    town.wait_for_load_state()
    town.goto(address.replace("/cases/", "/hazards/") + "file/")
    assert "档案完整" in town.locator("main").inner_text()
    picture(town, "danger-file-complete")
