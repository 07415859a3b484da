"""Menu, home, big screen and error pages: what each person is given, and what must not show."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.urls import reverse

from anlan.desk.access.roles import all_roles
from anlan.desk.lists.rooms import WrongDeclaration
from anlan.desk.panels.declare import Panel
from anlan.site import bigscreen, errors, menu
from anlan.site.home import greeting


def titles(user, path: str = "/") -> set[str]:
    return {str(line.title) for group in menu.menu(user, path) for line in group.entries}


def test_the_menu_shows_what_the_posts_open_and_nothing_else(cast):
    assert {"预警", "企业", "我的事项", "值班大屏"} <= titles(cast.duty)
    assert "账号" not in titles(cast.duty)
    assert "账号" in titles(cast.system_administrator) and "预警" not in titles(cast.system_administrator)
    assert "值班大屏" not in titles(cast.manager)


def test_the_entry_of_the_page_is_marked_also_below_its_address(cast):
    lines = [line for group in menu.menu(cast.duty, "/warnings/7/") for line in group.entries if line.current]
    assert [str(line.title) for line in lines] == ["预警"]
    assert not [line for group in menu.menu(cast.duty, "/account/") for line in group.entries if line.current]


def test_a_post_of_few_errands_has_a_short_menu_and_reaches_the_rest_all_the_same(cast, signed_in):
    offered = titles(cast.worker)
    assert {"今日工作", "我的检查", "事故隐患"} <= offered and "隐患统计" not in offered and len(offered) <= 12
    assert signed_in(cast.worker).get("/hazards/statistics/").status_code == 200


def test_no_menu_stands_in_the_way_of_its_reader(cast):
    for part in ("duty", "inspector", "leader", "manager"):
        groups = menu.menu(getattr(cast, part), "/")
        assert max(len(group.entries) for group in groups) <= 12, part
        assert len(groups) <= 13


def test_what_is_of_use_to_officers_alone_is_not_in_an_enterprises_menu(cast):
    assert "超期未自查企业" in titles(cast.inspector) and "超期未自查企业" not in titles(cast.manager)


def test_a_role_whose_menu_names_nothing_stops_the_start(monkeypatch):
    role = replace(all_roles()["worker"], menu=frozenset({"nowhere"}))
    monkeypatch.setattr(menu, "all_roles", lambda: {"worker": role})
    menu.ordered.cache_clear()
    with pytest.raises(WrongDeclaration, match="nowhere"):
        menu.ordered()
    menu.ordered.cache_clear()


def test_every_menu_entry_has_an_address_and_an_icon_in_the_set():
    assert all(url.startswith("/") for _entry, url in menu.ordered())


@pytest.mark.parametrize("part", ["duty", "manager", "leader", "audit_administrator", "stranger"])
def test_everybody_has_a_home_page(cast, signed_in, part):
    page = signed_in(getattr(cast, part)).get("/").content.decode()
    assert "好，" in page or "夜深了" in page
    assert ("待我办理" in page) == (part in {"duty", "manager", "leader"})


def test_home_sends_whoever_is_not_signed_in_to_the_door(client, db):
    assert client.get("/")["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(("hour", "said"), [(3, "夜深了"), (8, "上午好"), (13, "下午好"), (20, "晚上好")])
def test_it_greets_by_the_hour(hour, said):
    assert greeting(hour).startswith(said)


def test_the_big_screen_is_for_those_on_duty(cast, signed_in):
    page = signed_in(cast.duty).get("/bigscreen/").content.decode()
    assert "预警概况" in page and "data-refresh" in page and "取不到数据" in page
    assert signed_in(cast.manager).get("/bigscreen/").status_code == 403


def test_the_big_screen_keeps_to_seven_panels_from_all_sides():
    panel = Panel(name="a", on="bigscreen", title="a", template="x.html", side="left")
    panels = [SimpleNamespace(panel=replace(panel, name=f"l{n}")) for n in range(8)]
    panels += [SimpleNamespace(panel=replace(panel, name=f"{side}", side=side)) for side in ("right", "bottom")]
    kept = bigscreen.fitting(panels)
    assert len(kept) == bigscreen.MOST_PANELS
    assert {"right", "bottom", "l0"} <= {found.panel.name for found in kept}


def test_an_unknown_address_says_what_to_do(cast, signed_in):
    answer = signed_in(cast.duty).get("/no/such/page/")
    assert answer.status_code == 404 and "请从菜单进入" in answer.content.decode()


def test_a_caller_that_speaks_json_gets_the_sentence_alone(cast, signed_in):
    answer = signed_in(cast.duty).get("/no/such/page/", headers={"Accept": "application/json"})
    assert answer.status_code == 404 and "error" in answer.json()


def test_the_page_of_a_broken_server_needs_neither_database_nor_session(rf):
    request = rf.get("/warnings/")
    answer = errors.broken(request)
    assert answer.status_code == 500 and "系统管理员" in answer.content.decode()


def test_a_page_left_open_over_a_sign_in_is_told_so(cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.duty, backend="anlan.desk.access.backend.PasswordBackend")
    answer = client.post(reverse("account.language"), {"language": "en"})
    assert answer.status_code == 403 and "刷新后重新提交" in answer.content.decode()


def test_the_pages_speak_english_when_asked(cast, signed_in):
    client = signed_in(cast.duty)
    client.cookies["django_language"] = "en"
    page = client.get("/").content.decode()
    assert "Waiting for me" in page and 'lang="en"' in page
