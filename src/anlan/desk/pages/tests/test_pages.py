"""List, detail, form, search and views through the browser's eyes, on the lists of accounts and posts."""

import asyncio

import pytest

from anlan.desk.access.models import Post, User
from anlan.desk.audit.models import Entry
from anlan.desk.pages.models import SavedView
from tests.cast import DISTRICT

HTMX = {"HX-Request": "true"}


@pytest.fixture
def many(db):
    User.objects.bulk_create(User(username=f"user{n:03d}", name=f"人员{n:03d}") for n in range(130))


@pytest.fixture
def keeper(cast, signed_in):
    return signed_in(cast.system_administrator)


@pytest.fixture
def granter(cast, signed_in):
    return signed_in(cast.security_administrator)


def downloaded(answer) -> bytes:
    async def whole() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(whole())


def names_on(page: str) -> list[str]:
    return [f"user{n:03d}" for n in range(130) if f">user{n:03d}<" in page]


def test_a_list_is_closed_to_those_without_its_permission(cast, signed_in):
    answer = signed_in(cast.duty).get("/accounts/")
    assert answer.status_code == 403
    assert "没有权限" in answer.content.decode()


def test_pages_follow_one_another_without_gap_or_overlap(many, keeper):
    seen = [name for page in (1, 2, 3) for name in names_on(keeper.get(f"/accounts/?page={page}").content.decode())]
    assert seen == [f"user{n:03d}" for n in range(130)]
    assert "这一页没有内容" in keeper.get("/accounts/?page=9").content.decode()


def test_htmx_gets_the_list_alone_and_a_clean_address(many, keeper):
    answer = keeper.get("/accounts/?q=user00&state=&page=", headers=HTMX)
    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="list"') and "<html" not in page
    assert answer["HX-Push-Url"] == "/accounts/?q=user00"
    assert len(names_on(page)) == 10


def test_the_address_keeps_a_code_and_not_the_words_it_was_found_by(granter):
    answer = granter.get("/posts/?region=999901&region__text=某区&organisation__text=某局", headers=HTMX)
    assert answer["HX-Push-Url"] == "/posts/?region=999901&organisation__text=%E6%9F%90%E5%B1%80"


def test_a_page_restored_from_history_is_whole(keeper):
    page = keeper.get("/accounts/", headers={**HTMX, "HX-History-Restore-Request": "true"}).content.decode()
    assert "<html" in page


def test_it_sorts_both_ways_and_says_so(many, keeper):
    page = keeper.get("/accounts/?sort=-username").content.decode()
    assert names_on(page)[-1] == "user129" and 'aria-sort="descending"' in page


def test_the_columns_are_chosen_in_the_address(keeper):
    page = keeper.get("/accounts/?columns=username,created_at").content.decode()
    head = page.split("<thead>")[1].split("</thead>")[0]
    assert "开户时间" in head and "手机" not in head


def test_nothing_found_says_what_to_do(keeper):
    assert "放宽筛选条件" in keeper.get("/accounts/?q=没有此人").content.decode()


def test_an_export_holds_every_row_that_passes_the_filters_and_is_recorded(many, keeper):
    answer = keeper.get("/accounts/?q=user&export=csv")
    lines = downloaded(answer).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 131 and lines[0].startswith("用户名,姓名")
    entry = Entry.objects.get(action="exchange.export")
    assert '"rows":130' in entry.data and "q=user" in entry.data


def test_an_export_needs_its_own_permission_and_a_known_format(granter, keeper, cast):
    assert keeper.get("/accounts/?export=pdf").status_code == 302
    granter.force_login(cast.security_administrator, backend="anlan.desk.access.backend.PasswordBackend")
    assert granter.get("/accounts/?export=csv").status_code == 403
    assert not Entry.objects.filter(action="exchange.export").exists()


def test_an_action_on_rows_needs_words_when_declared_so(cast, granter):
    post = cast.grid_worker.posts.get()
    page = granter.post("/posts/actions/withdraw/", {"pk": post.pk}, follow=True).content.decode()
    assert "请填写“撤销岗位”的说明" in page and Post.objects.filter(pk=post.pk).exists()
    page = granter.post(
        "/posts/actions/withdraw/", {"pk": post.pk, "words-withdraw": "调离"}, follow=True
    ).content.decode()
    assert "已撤销 1 个岗位" in page and not Post.objects.filter(pk=post.pk).exists()


def test_an_action_is_closed_to_others_and_to_unknown_names(cast, signed_in):
    post = cast.grid_worker.posts.get()
    assert signed_in(cast.duty).post("/posts/actions/withdraw/", {"pk": post.pk}).status_code == 403
    client = signed_in(cast.security_administrator)
    assert client.post("/posts/actions/nonsense/", {"pk": post.pk}).status_code == 404
    assert client.get("/posts/actions/withdraw/").status_code == 405
    assert client.post("/posts/actions/withdraw/", {"pk": "x", "words-withdraw": "a"}).status_code == 404
    assert Post.objects.filter(pk=post.pk).exists()


def test_an_action_leads_back_only_to_our_own_pages(cast, granter):
    for wanted in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = granter.post("/posts/actions/withdraw/", {"pk": [], "next": wanted})
        assert answer["Location"] == "/posts/"
    assert granter.post("/posts/actions/withdraw/", {"next": "/posts/?q=a"})["Location"] == "/posts/?q=a"


def test_a_detail_page_shows_the_panels_this_person_may_see(cast, keeper):
    page = keeper.get(f"/accounts/{cast.duty.pk}/").content.decode()
    assert "王刚" in page and "岗位" in page
    for nonsense in ("0", "x", "9" * 40):
        assert keeper.get(f"/accounts/{nonsense}/").status_code == 404


def test_a_panel_alone_obeys_the_same_doors(cast, signed_in):
    address = f"/panels/accounts/head/?pk={cast.duty.pk}"
    assert "王刚" in signed_in(cast.system_administrator).get(address).content.decode()
    assert signed_in(cast.duty).get(address).status_code == 404
    assert signed_in(cast.system_administrator).get("/panels/accounts/head/?pk=x").status_code == 404
    assert signed_in(cast.system_administrator).get("/panels/accounts/nonsense/").status_code == 404


def test_a_form_makes_a_row_and_goes_to_its_page(keeper):
    answer = keeper.post("/accounts/new/", {"username": "xin.ren", "name": "新人"}, follow=True)
    assert "新人" in answer.content.decode() and User.objects.filter(username="xin.ren").exists()


def test_a_form_with_a_fault_keeps_what_was_typed_and_says_it_at_the_field(cast, keeper):
    assert cast.duty
    page = keeper.post("/accounts/new/", {"username": "duty", "name": "另一人"}).content.decode()
    assert "另一人" in page and 'id="id_username_error"' in page
    assert User.objects.filter(name="另一人").count() == 0


def test_forms_are_closed_to_others(cast, signed_in):
    assert signed_in(cast.duty).get("/accounts/new/").status_code == 403
    assert signed_in(cast.duty).post("/accounts/new/", {"username": "a", "name": "b"}).status_code == 403
    assert signed_in(cast.duty).get(f"/accounts/{cast.manager.pk}/edit/").status_code == 403


def test_a_view_is_kept_shown_and_removed_by_its_owner_alone(cast, signed_in):
    client = signed_in(cast.system_administrator)
    answer = client.post("/views/accounts/", {"title": "锁定的", "query": "state=locked&page=3"})
    assert answer["Location"] == "/accounts/?state=locked"
    view = SavedView.objects.get()
    assert "锁定的" in client.get("/accounts/").content.decode()
    assert signed_in(cast.security_administrator).post(f"/views/{view.pk}/remove/").status_code == 404
    assert "锁定的" not in client.get("/accounts/").content.decode()
    signed_in(cast.system_administrator).post(f"/views/{view.pk}/remove/")
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_a_list_and_its_permission(cast, signed_in):
    client = signed_in(cast.duty)
    assert client.post("/views/nonsense/", {"title": "a"}).status_code == 404
    assert client.post("/views/accounts/", {"title": "a"}).status_code == 403
    client = signed_in(cast.system_administrator)
    client.post("/views/accounts/", {"title": " ", "query": "q=a"})
    client.post("/views/accounts/", {"title": "long", "query": "q=" + "a" * 3000})
    assert not SavedView.objects.exists()


def test_the_search_looks_only_into_lists_this_person_may_see(cast, signed_in):
    assert cast.manager
    page = signed_in(cast.system_administrator).get("/search/?q=孙丽").content.decode()
    assert f"/accounts/{cast.manager.pk}/" in page
    assert f"/accounts/{cast.manager.pk}/" not in signed_in(cast.duty).get("/search/?q=孙丽").content.decode()


def test_a_character_no_text_can_hold_is_left_out_of_what_is_looked_for(cast, signed_in):
    client = signed_in(cast.inspector)
    for address in ("/search/?q=%00%00%00", "/search/?q=%E6%8E%A5%00%E5%9C%B0", "/hazards/?q=%00&post=%00"):
        assert client.get(address).status_code == 200, address


def test_the_search_wants_two_characters_and_suggests_as_a_fragment(cast, keeper):
    assert "请至少输入" in keeper.get("/search/?q=a").content.decode()
    page = keeper.get("/search/?q=manager&part=suggest", headers=HTMX).content.decode()
    assert "<html" not in page and 'class="found"' in page


def test_names_are_found_by_kind(keeper):
    assert keeper.get("/find/region/?q=9999").json()["results"] == []
    assert keeper.get("/find/nonsense/?q=a").status_code == 404


def test_no_page_runs_a_script_or_style_of_its_own(cast, keeper):
    page = keeper.get("/accounts/").content.decode()
    assert " style=" not in page and "<style" not in page
    assert all("src=" in part.split(">")[0] for part in page.split("<script")[1:])
    assert "unsafe" not in keeper.get("/accounts/")["Content-Security-Policy"]
    assert DISTRICT
