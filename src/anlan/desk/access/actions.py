"""The verbs on accounts: create, change, lock, unlock, reset; and a person's own password and language."""

import re

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access import gates, granting, passwords, sessions
from anlan.desk.access.announcements import tell
from anlan.desk.access.models import PastPassword, User
from anlan.desk.access.standing import Refused, require

OPERATOR = "operator"  # whoever works at the machine itself: the first accounts, before there is an administrator
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{2,63}")


@transaction.atomic
def create_account(
    actor: User | None,
    *,
    username: str,
    name: str,
    phone: str = "",
    email: str = "",
    language: str = "",
    role: str = "",
    organisation: str = "",
    region: str = "",
    password: str = "",
    must_change: bool = True,
) -> tuple[User, str]:
    """Opens an account. Answers it and its one-time password (generated unless given).

    `actor` None is the operator at the machine, who alone may grant the first post (`role`) at once; an
    administrator opens the account, and the security administrator grants the post.
    Errors: Refused; ValidationError for a name that is taken or not usable, or an unfit password.
    """
    if actor is not None:
        require(actor, "access.accounts")
        if role:
            raise Refused(_("岗位须由安全管理员授予。"))
    if not USERNAME.fullmatch(username):
        raise ValidationError({"username": _("用户名须以字母开头，3–64 位，可用字母、数字、点、横线、下划线。")})
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("用户名“%(name)s”已被使用。") % {"name": username}})
    if not name.strip():
        raise ValidationError({"name": _("请填写姓名。")})
    if email:
        validate_email(email)
    user = User(username=username, name=name.strip(), phone=phone, email=email, language=language)
    if password:
        validate_password(password, user)
    first = password or passwords.generated()
    user.set_password(first)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save()
    tell("access.open", actor=_name(actor), subject=f"user:{user.pk}", data={"username": username})
    if role:
        granting.grant_first(user, role=role, organisation=organisation, region=region)
    return user, first


@transaction.atomic
def change_account(actor: User, user: User, *, name: str, phone: str, email: str) -> User:
    """Corrects who an account belongs to; the user name stays for ever."""
    _require_over(actor, user)
    changed = {
        field: [getattr(user, field), value]
        for field, value in {"name": name, "phone": phone, "email": email}.items()
        if getattr(user, field) != value
    }
    user.name, user.phone, user.email = name, phone, email
    user.save(update_fields=["name", "phone", "email"])
    if changed:
        tell("access.change", actor=actor.username, subject=f"user:{user.pk}", data={"fields": sorted(changed)})
    return user


@transaction.atomic
def lock(actor: User, user: User, words: str) -> None:
    """Closes an account to its owner: he left, or something is wrong. Ends his sessions at once."""
    _require_over(actor, user)
    if user.pk == actor.pk:
        raise Refused(_("不能停用自己的账号。"))
    if not words.strip():
        raise ValidationError({"words": _("请填写停用原因。")})
    granting.require_another(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    sessions.end_all(user, "locked")
    tell("access.lock", actor=actor.username, subject=f"user:{user.pk}", words=words)


@transaction.atomic
def unlock(actor: User, user: User) -> None:
    """Opens a closed or locked-out account again."""
    _require_over(actor, user)
    User.objects.filter(pk=user.pk).update(is_active=True, failures=0, locked_until=None)
    tell("access.unlock", actor=actor.username, subject=f"user:{user.pk}")


@transaction.atomic
def reset_password(actor: User | None, user: User) -> str:
    """Gives the account a one-time password, which must be changed at the next sign-in. Answers it: shown once.

    The second factor stays: taking that away is the security administrator's act, so that no single
    administrator can get into another's account.
    """
    if actor is not None:
        _require_over(actor, user)
        if user.pk == actor.pk:
            raise Refused(_("请在“我的账号”修改自己的密码。"))
    password = passwords.generated()
    _set(user, password, must_change=True)
    User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
    sessions.end_all(user, "reset")
    tell("access.reset-password", actor=_name(actor), subject=f"user:{user.pk}")
    return password


@transaction.atomic
def change_password(user: User, old: str, new: str, session_key: str = "") -> None:
    """The person's own change. Errors: ValidationError by field. His other sessions end."""
    if not user.check_password(old):
        raise ValidationError({"old": _("当前密码不正确。")})
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise ValidationError({"new": error.messages}) from error
    _set(user, new, must_change=False)
    sessions.end_all(user, "password", apart_from=session_key)
    tell("access.change-password", actor=user.username, subject=f"user:{user.pk}")


def speaks(language: str) -> bool:
    return language in dict(settings.LANGUAGES)


def choose_language(user: User, language: str) -> None:
    """Keeps the language for the next sign-in. Errors: ValidationError for one the platform does not speak."""
    if not speaks(language):
        raise ValidationError(_("没有这种语言：%(language)s。") % {"language": language})
    User.objects.filter(pk=user.pk).update(language=language)


def _set(user: User, password: str, *, must_change: bool) -> None:
    if user.has_usable_password():
        PastPassword.objects.create(user=user, password=user.password, at=timezone.now())
        kept = user.past_passwords.order_by("-at").values_list("pk", flat=True)[: passwords.REMEMBERED]
        user.past_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


def _require_over(actor: User, user: User) -> None:
    require(actor, "access.accounts")
    if not gates.accounts_kept_by(actor).filter(pk=user.pk).exists():
        raise Refused(_("该账号的岗位超出您的管理范围。"))


def _name(actor: User | None) -> str:
    return actor.username if actor is not None else OPERATOR
