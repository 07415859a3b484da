"""The query string is read strictly: nonsense is left out, never an error."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.models import Post, User
from anlan.desk.lists.declare import Choice, Column, Filter, List
from anlan.desk.pages.asking import read
from anlan.desk.pages.narrowing import matching, order

THINGS = List(
    name="things",
    title="物",
    gate=lambda user: User.objects.all(),
    permission="things.see",
    columns=[
        Column("username", "用户名", link=True),
        Column("name", "姓名"),
        Column("posts", "岗位", value=lambda user: 1),
        Column("phone", "手机", default=False),
    ],
    filters=[
        Filter("kind", "种类", choices=[Choice(1, "一"), Choice(2, "二")]),
        Filter("level", "等级", kind="level"),
        Filter("day", "日期", kind="dates"),
        Filter("region", "辖区", kind="region"),
        Filter("open", "开", kind="flag"),
        Filter("name", "姓名", kind="text"),
    ],
    search=("name", "username", "phone__iexact"),
    order=("username",),
)


def asked(query: str):
    return read(THINGS, QueryDict(query), None, User)


def test_it_reads_every_kind_of_filter():
    got = asked("kind=1&kind=2&level=3&day_from=2026-01-02&region=9999&open=1&name=+王+")
    assert got.filters == {
        "kind": [1, 2],
        "level": [3],
        "day": (date(2026, 1, 2), None),
        "region": "9999",
        "open": True,
        "name": "王",
    }


@pytest.mark.parametrize(
    "query",
    ["kind=9", "level=0", "level=red", "day_from=yesterday", "region=36;drop", "open=no", "name=++", "region=１２"],
)
def test_it_leaves_out_what_makes_no_sense(query):
    assert asked(query).filters == {}


@pytest.mark.parametrize(
    ("query", "page"), [("page=3", 3), ("page=0", 1), ("page=-1", 1), ("page=²", 1), ("page=x", 1)]
)
def test_a_page_is_a_number_from_one(query, page):
    assert asked(query).page == page


def test_columns_are_those_asked_for_in_the_order_of_the_list_or_the_usual_ones():
    assert [column.name for column in asked("columns=phone,username,nonsense").columns] == ["username", "phone"]
    assert [column.name for column in asked("columns=nonsense").columns] == ["username", "name", "posts"]


def test_it_sorts_by_fields_and_by_nothing_else():
    assert asked("sort=-name").sort == "-name"
    assert asked("sort=posts").sort == asked("sort=password").sort == asked("sort=name__x").sort == ""


def test_the_key_ends_every_order_so_that_pages_do_not_overlap():
    assert order(THINGS, "-name") == ["-name", "-pk"]
    assert order(THINGS, "") == ["username", "pk"]


def test_every_word_must_be_found_the_first_field_anywhere_the_others_from_their_beginning():
    found = str(matching(THINGS, "王 138"))
    assert "name__icontains', '王'" in found
    assert "username__istartswith', '138'" in found
    assert "phone__iexact" in found


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_query_string_breaks_it(text, value):
    query = QueryDict(mutable=True)
    for name in ("kind", "level", "day_from", "day_to", "region", "open", "name", "sort", "page", "columns", "q"):
        query[name] = value
    query.update({"x": text})
    got = read(THINGS, query, None, User)
    assert got.page >= 1
    str(matching(THINGS, got.words))


@pytest.mark.django_db
def test_a_filter_of_posts_takes_the_subtree_of_a_region(cast):
    from anlan.desk.pages.narrowing import narrowed

    assert {cast.town_officer, cast.other_town_officer, cast.neighbour_duty}
    posts = List(
        name="posts", title="", gate=lambda u: None, permission="a.b", columns=[Column("role", "")],
        filters=[Filter("region", "", kind="region")],
    )  # fmt: skip
    got = narrowed(posts, Post.objects.all(), read(posts, QueryDict("region=999901001"), None, Post), None)
    assert {post.user.username for post in got} == {"town_officer"}


@pytest.mark.django_db
def test_another_region_than_ones_own_is_known_to_be_empty_without_asking(cast, django_assert_num_queries):
    from anlan.desk.access.regions import within
    from anlan.desk.pages.narrowing import narrowed

    assert {cast.town_officer, cast.other_town_officer}
    posts = List(
        name="posts", title="", gate=lambda u: None, permission="a.b", columns=[Column("role", "")],
        filters=[Filter("region", "", kind="region")],
    )  # fmt: skip

    def people(gated, region):
        return [
            post.user.username
            for post in narrowed(posts, gated, read(posts, QueryDict(f"region={region}"), None, Post), None)
        ]

    own = Post.objects.filter(within("999901001")).select_related("user")
    for region in ("999901002", "9998", "99990100"[:6] + "000", "1"):
        with django_assert_num_queries(0):
            assert people(own, region) == []
    for region in ("999901001", "999901", "9"):
        assert people(own, region) == ["town_officer"], region
    either = Post.objects.filter(within("999901001") | within("999901002")).select_related("user")
    assert people(either, "999901001") == ["town_officer"]
    assert len(people(either, "999901")) == 2
    assert people(Post.objects.exclude(within("999901001")).select_related("user"), "999901001") == []
