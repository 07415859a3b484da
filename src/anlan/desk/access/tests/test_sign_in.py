import pytest
from django.conf import settings as live_settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from anlan.desk.access import sign_in
from anlan.desk.access.actions import change_password, create_account, lock, reset_password
from anlan.desk.access.models import FailingAddress, OpenSession, User
from tests.cast import PASSWORD

PAGE = "/sign-in/"


@pytest.fixture
def officer(cast):
    cast.duty.password = make_password(PASSWORD)
    cast.duty.save()
    return cast.duty


def enter(client, username="duty", password=PASSWORD, **extra):
    return client.post(PAGE + extra.pop("query", ""), {"username": username, "password": password}, **extra)


def test_the_right_password_opens_a_session_and_is_recorded(client, officer, acts):
    response = enter(client, query="?next=/account/")
    assert response.status_code == 302 and response["Location"] == "/account/"
    assert client.session["_auth_user_id"] == str(officer.pk)
    assert acts.one("access.sign-in")["actor"] == "duty"


def test_it_never_leads_to_a_foreign_site(client, officer):
    assert enter(client, query="?next=https://evil.example/")["Location"] == "/"


def test_a_wrong_password_an_unknown_name_and_a_locked_account_look_the_same(client, officer, cast):
    wrong = enter(client, password="wrong-Pass-1")
    unknown = enter(client, username="nobody-here")
    for _ in range(live_settings.LOCK_AFTER):
        enter(client, password="wrong-Pass-1")
    locked = enter(client)
    assert {wrong.status_code, unknown.status_code, locked.status_code} == {403}
    problems = {response.context["problem"] for response in (wrong, unknown, locked)}
    assert len(problems) == 1
    assert "_auth_user_id" not in client.session


def test_lock_out_is_recorded_and_ends_by_itself(client, officer, acts):
    for _ in range(live_settings.LOCK_AFTER):
        enter(client, password="wrong-Pass-1")
    officer.refresh_from_db()
    assert officer.locked_until is not None
    assert len(acts.of("access.lock-out", "duty")) == 1
    officer.locked_until = officer.created_at
    officer.save()
    assert enter(client).status_code == 302
    officer.refresh_from_db()
    assert officer.locked_until is None and officer.failures == 0


def test_a_name_nobody_has_is_not_written_down(client, db, acts):
    enter(client, username="My-Secret-Password-1")
    entry = acts.one("access.sign-in-failed")
    assert entry["actor"] == "unknown" and "My-Secret" not in str(entry)


def test_many_failures_from_one_address_block_it_for_every_account(client, officer, settings):
    settings.FAILURES_PER_ADDRESS = 3
    for number in range(3):
        enter(client, username=f"guess{number}")
    assert enter(client).status_code == 429
    assert enter(client, REMOTE_ADDR="198.51.100.7").status_code == 302
    FailingAddress.objects.update(since=officer.created_at.replace(year=2020))
    assert enter(Client()).status_code == 302


def test_a_closed_account_does_not_get_in(client, officer):
    User.objects.update(is_active=False)
    assert enter(client).status_code == 403


def test_the_form_is_refused_without_its_token(officer):
    assert enter(Client(enforce_csrf_checks=True)).status_code == 403


def test_the_oldest_session_ends_when_there_are_too_many_and_is_told(officer, settings):
    settings.SESSIONS_PER_USER = 2
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        enter(browser)
    told = browsers[0].get("/account/", follow=True)
    assert "别处登录" in told.context["notice"]
    assert browsers[2].session.get("_auth_user_id")
    assert OpenSession.objects.filter(user=officer, ended_at=None).count() == 2


def test_an_idle_session_ends_and_is_told(client, officer, settings, acts):
    enter(client)
    session = client.session
    session["seen_at"] -= settings.SESSION_IDLE_SECONDS + 1
    session.save()
    assert "长时间没有操作" in client.get("/account/", follow=True).context["notice"]
    assert "idle" in str(acts.one("access.sign-out")["data"])


def test_pages_that_ask_by_themselves_do_not_keep_a_session_alive(client, officer):
    enter(client)
    session = client.session
    session["seen_at"] -= 120
    session.save()
    before = client.session["seen_at"]
    client.get("/inbox/count/")
    assert client.session["seen_at"] == before
    client.get("/sign-in/")
    assert client.session["seen_at"] > before


def test_signing_out_needs_a_post_and_ends_the_session(client, officer):
    enter(client)
    assert client.get("/sign-out/").status_code == 405
    told = client.post("/sign-out/", follow=True)
    assert "_auth_user_id" not in client.session
    assert "已退出" in told.context["notice"]


def test_a_locked_account_loses_its_open_sessions(client, officer, cast):
    enter(client)
    lock(cast.system_administrator, officer, "离职")
    assert client.get("/account/").status_code == 302


def test_a_reset_password_must_be_changed_before_anything_else(client, officer, cast):
    password = reset_password(cast.system_administrator, officer)
    enter(client, password=password)
    assert client.get("/live/", headers={"accept": "text/html"})["Location"] == "/account/password/"
    assert client.get("/live/").status_code in (302, 403)
    htmx = client.get("/live/", headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (403, "/account/")
    officer.refresh_from_db()
    change_password(officer, password, "Another-Pass-77", client.session.session_key)
    officer.refresh_from_db()
    assert not officer.must_change_password


def test_a_password_past_its_days_must_be_changed(client, officer, settings):
    officer.password_changed_at = officer.created_at.replace(year=2020)
    officer.save()
    enter(client)
    assert client.get("/live/", headers={"accept": "text/html"})["Location"] == "/account/password/"
    settings.PASSWORD_DAYS = 0
    assert client.get("/sign-in/").status_code == 302


def test_the_language_of_the_account_comes_with_it(client, officer):
    client.post("/account/language/", {"language": "en", "next": PAGE})
    assert client.cookies["django_language"].value == "en"
    officer.language = "zh-hans"
    officer.save()
    enter(client)
    assert client.cookies["django_language"].value == "zh-hans"
    client.post("/account/language/", {"language": "en"})
    officer.refresh_from_db()
    assert officer.language == "en"
    assert client.post("/account/language/", {"language": "xx"}).status_code == 400


def test_the_first_account_comes_from_the_machine_with_a_password_made_once(db, acts):
    user, password = create_account(
        None, username="root.admin", name="徐静", role="system_administrator", organisation="BUREAU"
    )
    assert user.check_password(password) and user.must_change_password
    assert user.posts.get().role == "system_administrator"
    assert acts.of("access.open", "operator")


def test_failures_of_many_at_one_moment_all_count(officer):
    stale = [User.objects.get(pk=officer.pk) for _ in range(live_settings.LOCK_AFTER)]
    answers = [sign_in.count_failure(copy) for copy in stale]
    assert answers[-1] is True
