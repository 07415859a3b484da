"""What every request asks, asked the short way: the same rows as the long way, and as strict."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from anlan.desk.access.backend import account
from anlan.desk.access.models import Post, User
from anlan.desk.access.prepared import Prepared
from anlan.desk.access.session_store import SessionStore

pytestmark = pytest.mark.django_db


def test_rows_by_a_field_are_those_of_the_ordinary_question(cast):
    cast.all()
    posts = Prepared(Post, "user")
    for user in User.objects.all():
        assert [(post.pk, post.role, post.since) for post in posts(user.pk)] == list(
            Post.objects.filter(user=user).values_list("pk", "role", "since")
        )
    assert posts(0) == []


def test_a_value_is_never_part_of_the_question(cast):
    cast.all()
    assert Prepared(User, "username")("duty' OR '1'='1") == []


def test_an_account_brings_its_posts_and_a_disabled_one_is_none(cast, django_assert_num_queries):
    duty = cast.duty.pk
    with django_assert_num_queries(2):
        known = account(duty)
        assert [post.role for post in known.posts.all()] == ["duty_officer"]
    User.objects.filter(pk=duty).update(is_active=False)
    assert account(duty) is None and account(0) is None


def test_a_session_that_has_expired_is_none():
    store = SessionStore()
    store["seen_at"] = 1
    store.save()
    assert SessionStore(store.session_key)["seen_at"] == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    late = SessionStore(store.session_key)
    assert late.get("seen_at") is None and late.session_key is None
    assert SessionStore("unknown").get("seen_at") is None
