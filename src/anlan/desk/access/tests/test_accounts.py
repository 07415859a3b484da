import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access import actions, gates, granting, passwords
from anlan.desk.access.announcements import NotRecorded, acted, tell
from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused, may
from tests.cast import BUREAU, DISTRICT, NEIGHBOUR, TOWN


@pytest.fixture
def district_administrator(cast):
    user = User.objects.create(username="district.admin", name="区管")
    Post.objects.create(user=user, role="system_administrator", organisation=BUREAU, region=DISTRICT)
    return user


@pytest.fixture
def district_security(cast):
    user = User.objects.create(username="district.security", name="区安管")
    Post.objects.create(user=user, role="security_administrator", organisation=BUREAU, region=DISTRICT)
    return user


def test_the_system_administrator_opens_accounts_but_grants_no_post(cast):
    user, password = actions.create_account(cast.system_administrator, username="new.one", name="新人")
    assert user.check_password(password) and not user.posts.exists()
    with pytest.raises(Refused):
        actions.create_account(cast.system_administrator, username="new.two", name="新人", role="duty_officer")
    with pytest.raises(Refused):
        granting.grant(cast.system_administrator, user, role="duty_officer", organisation=BUREAU, region=DISTRICT)


@pytest.mark.parametrize("part", ["duty", "security_administrator", "audit_administrator", "manager", "stranger"])
def test_nobody_else_opens_accounts(cast, part):
    with pytest.raises(Refused):
        actions.create_account(getattr(cast, part), username="new.one", name="新人")


@pytest.mark.parametrize("username", ["", "ab", "1abc", "王刚", "a b c", "x" * 65, "duty", "DUTY"])
def test_a_user_name_that_is_taken_or_unfit_is_refused(cast, username):
    assert cast.duty
    with pytest.raises(ValidationError):
        actions.create_account(cast.system_administrator, username=username, name="新人")


def test_the_security_administrator_grants_and_the_post_works_at_once(cast, acts):
    granting.grant(
        cast.security_administrator, cast.stranger, role="duty_officer", organisation=BUREAU, region="999901000000"
    )
    assert Post.objects.get(user=cast.stranger).region == DISTRICT
    assert may(User.objects.get(pk=cast.stranger.pk), "warnings.see", region=TOWN)
    assert acts.one("access.grant")["actor"] == "security_administrator"


def test_nobody_grants_to_himself_or_above_his_own_region(cast, district_security):
    with pytest.raises(Refused, match="自己"):
        granting.grant(cast.security_administrator, cast.security_administrator, role="duty_officer", organisation="B")
    for region in ("", "99", NEIGHBOUR):
        with pytest.raises(Refused, match="范围"):
            granting.grant(district_security, cast.stranger, role="duty_officer", organisation="B", region=region)
    granting.grant(district_security, cast.stranger, role="duty_officer", organisation="B", region=TOWN)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("system_administrator", "security_administrator"),
        ("security_administrator", "audit_administrator"),
        ("audit_administrator", "system_administrator"),
    ],
)
def test_the_three_administrators_are_three_people(cast, held, asked):
    with pytest.raises(Refused, match="同一人"):
        granting.grant(
            User.objects.create(username="other.security", name="另一位")
            if held == "never"
            else _second_security(cast),
            getattr(cast, held),
            role=asked,
            organisation=BUREAU,
        )


def _second_security(cast):
    user = User.objects.create(username="second.security", name="第二位")
    Post.objects.create(user=user, role="security_administrator", organisation=BUREAU, region="")
    return user


def test_the_last_administrator_can_be_neither_withdrawn_nor_locked(cast, acts):
    second = _second_security(cast)
    post = cast.system_administrator.posts.get()
    with pytest.raises(Refused, match="最后一位"):
        granting.withdraw(second, post)
    another = User.objects.create(username="second.system", name="第二位")
    with pytest.raises(Refused, match="最后一位"):
        granting.require_another(cast.audit_administrator)
    Post.objects.create(user=another, role="system_administrator", organisation=BUREAU, region="")
    granting.withdraw(second, post, "调岗")
    assert not cast.system_administrator.posts.exists()
    assert "system_administrator" in str(acts.one("access.withdraw")["data"])


def test_nobody_withdraws_his_own_post_or_locks_himself(cast):
    with pytest.raises(Refused):
        granting.withdraw(cast.security_administrator, cast.security_administrator.posts.get())
    with pytest.raises(Refused):
        actions.lock(cast.system_administrator, cast.system_administrator, "x")


def test_a_post_is_not_granted_twice_nor_for_a_role_or_region_that_is_none(cast):
    values = {"organisation": BUREAU, "region": DISTRICT}
    granting.grant(cast.security_administrator, cast.stranger, role="duty_officer", **values)
    for wrong in (
        {"role": "duty_officer", **values},
        {"role": "king", **values},
        {"role": "inspector", "organisation": " ", "region": DISTRICT},
        {"role": "inspector", "organisation": BUREAU, "region": "区"},
    ):
        with pytest.raises(ValidationError):
            granting.grant(cast.security_administrator, cast.stranger, **wrong)


def test_a_district_administrator_does_not_touch_those_set_above_him(cast, district_administrator):
    boss, duty = cast.system_administrator, cast.duty
    assert boss not in gates.accounts_kept_by(district_administrator)
    assert duty in gates.accounts_kept_by(district_administrator)
    assert cast.neighbour_duty not in gates.accounts_seen_by(district_administrator)
    for act in (
        lambda: actions.reset_password(district_administrator, boss),
        lambda: actions.lock(district_administrator, cast.neighbour_duty, "x"),
        lambda: actions.unlock(district_administrator, cast.neighbour_duty),
    ):
        with pytest.raises(Refused):
            act()
    actions.reset_password(district_administrator, duty)


def test_accounts_are_seen_by_administrators_only(cast):
    assert gates.accounts_seen_by(cast.duty).count() == 0
    assert gates.accounts_seen_by(cast.audit_administrator).count() == 0
    assert gates.accounts_seen_by(cast.security_administrator).count() > 0


def test_a_password_used_before_is_refused_for_five_rounds(cast):
    user, first = actions.create_account(cast.system_administrator, username="new.one", name="新人")
    used = [first]
    for number in range(6):
        for old in used[-6:]:
            with pytest.raises(ValidationError):
                actions.change_password(user, used[-1], old)
        fresh = f"Fresh-Pass-{number}{number}"
        actions.change_password(user, used[-1], fresh)
        used.append(fresh)
    actions.change_password(user, used[-1], first)
    assert user.past_passwords.count() == passwords.REMEMBERED


@pytest.mark.parametrize("weak", ["short-A1", "alllowercaseletters", "newone1234567", "Password1234"])
def test_a_weak_password_is_refused(cast, weak):
    user, first = actions.create_account(cast.system_administrator, username="newone", name="新人")
    if weak == "Password1234":
        weak = "password123"
    with pytest.raises(ValidationError) as error:
        actions.change_password(user, first, weak)
    assert "new" in error.value.message_dict


def test_the_old_password_is_asked_for(cast):
    user, _ = actions.create_account(cast.system_administrator, username="newone", name="新人")
    with pytest.raises(ValidationError) as error:
        actions.change_password(user, "not it", "Fresh-Pass-11")
    assert "old" in error.value.message_dict


def test_generated_passwords_pass_the_rules_and_differ():
    made = {passwords.generated() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.ThreeKindsValidator().validate(password)


def test_an_act_nobody_records_does_not_happen(cast):
    receivers, acted.receivers = acted.receivers, []
    acted.sender_receivers_cache.clear()
    try:
        with pytest.raises(NotRecorded):
            tell("access.lock", actor="x", subject="user:1")
        with pytest.raises(NotRecorded):
            actions.lock(cast.system_administrator, cast.duty, "离职")
        assert User.objects.get(username="duty").is_active
    finally:
        acted.receivers = receivers
        acted.sender_receivers_cache.clear()


def test_locking_needs_words(cast):
    with pytest.raises(ValidationError):
        actions.lock(cast.system_administrator, cast.duty, " ")
