import time

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access import second_factor
from anlan.desk.access.granting import reset_second_factor
from anlan.desk.access.models import User
from anlan.desk.access.standing import Refused
from tests.cast import PASSWORD


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def administrator(cast, demanded):
    user = cast.system_administrator
    user.password = make_password(PASSWORD)
    user.save()
    return user


def enrol(user) -> tuple[str, list[str]]:
    secret = second_factor.new_secret()
    user.second_factor_secret = second_factor.encrypt(secret)
    user.save()
    return secret, second_factor.new_recovery_codes(user)


def enter(client, username="system_administrator"):
    return client.post("/sign-in/", {"username": username, "password": PASSWORD})


def code(secret, steps=0):
    return pyotp.TOTP(secret).at(time.time() + 30 * steps)


def test_the_secret_is_not_readable_in_the_database(administrator):
    secret, _ = enrol(administrator)
    stored = User.objects.get(pk=administrator.pk).second_factor_secret
    assert secret not in stored and second_factor.decrypt(stored) == secret


def test_a_secret_of_another_installation_opens_nothing(administrator, settings):
    secret, _ = enrol(administrator)
    settings.SECRET_KEY = "another"
    assert second_factor.decrypt(administrator.second_factor_secret) is None
    assert not second_factor.accept(administrator, code(secret))


def test_the_password_alone_does_not_let_in_whoever_has_a_second_factor(client, administrator):
    secret, _ = enrol(administrator)
    assert enter(client)["Location"].startswith("/sign-in/code/")
    assert "_auth_user_id" not in client.session
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 403
    assert client.post("/sign-in/code/", {"code": code(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(administrator.pk)


def test_a_code_counts_once(administrator):
    secret, _ = enrol(administrator)
    now = code(secret)
    assert second_factor.accept(administrator, now)
    assert not second_factor.accept(administrator, now)
    assert not second_factor.accept(administrator, code(secret, -1))


@given(st.text(max_size=8))
def test_nothing_but_the_six_digits_of_now_is_taken(text):
    step = second_factor.matching_step("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", text, 1_800_000_000)
    valid = {pyotp.TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").at(1_800_000_000 + 30 * near) for near in (-1, 0, 1)}
    assert (step is not None) == (text in valid)


def test_a_recovery_code_lets_in_once(client, administrator, acts):
    _, codes = enrol(administrator)
    enter(client)
    assert client.post("/sign-in/code/", {"code": codes[0].upper()}).status_code == 302
    client.post("/sign-out/")
    enter(client)
    assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == 403
    assert len(acts.of("access.recovery-code")) == 1


def test_guessing_codes_locks_the_account(client, administrator, settings):
    enrol(administrator)
    enter(client)
    answers = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(settings.LOCK_AFTER)]
    assert answers[-1] == 429
    administrator.refresh_from_db()
    assert administrator.locked_until is not None


def test_a_right_password_does_not_forgive_wrong_codes(client, administrator, settings):
    enrol(administrator)
    for _ in range(settings.LOCK_AFTER):
        enter(client)
        client.post("/sign-in/code/", {"code": "000000"})
    administrator.refresh_from_db()
    assert administrator.locked_until is not None


def test_a_code_page_without_a_password_before_it_leads_back(client, db):
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
    assert client.post("/sign-in/code/", {"code": "123456"}).status_code == 403


def test_whoever_must_have_a_second_factor_does_nothing_before(client, administrator):
    enter(client)
    assert client.get("/live/", headers={"accept": "text/html"})["Location"] == "/account/second-factor/"


def test_a_duty_officer_is_not_asked_for_one(cast, demanded):
    assert not second_factor.demanded(cast.duty)


def test_enrolling_shows_codes_once_and_opens_the_way(client, administrator):
    enter(client)
    page = client.get("/account/second-factor/")
    secret = page.context["secret"].replace(" ", "")
    assert page.context["picture"].startswith("data:image/svg+xml")
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 403
    done = client.post("/account/second-factor/", {"code": code(secret)})
    assert len(done.context["codes"]) == second_factor.RECOVERY_CODES
    administrator.refresh_from_db()
    assert second_factor.decrypt(administrator.second_factor_secret) == secret
    assert not second_factor.accept(administrator, code(secret)), "the enrolling code is spent"


def test_a_second_factor_is_not_replaced_without_the_first(client, administrator):
    old, _ = enrol(administrator)
    client.force_login(administrator, backend="anlan.desk.access.backend.PasswordBackend")
    secret = client.get("/account/second-factor/").context["secret"].replace(" ", "")
    assert client.post("/account/second-factor/", {"code": code(secret)}).status_code == 403
    replaced = client.post("/account/second-factor/", {"code": code(secret), "present": code(old)})
    assert replaced.status_code == 200 and replaced.context["codes"]


def test_only_the_security_administrator_takes_a_second_factor_away(cast, administrator):
    enrol(administrator)
    with pytest.raises(Refused):
        reset_second_factor(administrator, cast.audit_administrator, "核实")
    reset_second_factor(cast.security_administrator, administrator, "当面核实身份证")
    administrator.refresh_from_db()
    assert not administrator.second_factor_secret and not administrator.recovery_codes.exists()
    with pytest.raises(Refused):
        reset_second_factor(cast.security_administrator, cast.security_administrator, "x")
