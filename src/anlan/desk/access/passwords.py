"""Passwords: what a good one is, what it must not be again, how old it may get, and one made by the machine."""

import secrets
import string
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
REMEMBERED = 5
GENERATED = 16
READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lIo")))


class ThreeKindsValidator:
    """At least three of lower case, upper case, digit and sign (GB/T 22239-2019 asks for complexity, not for how)."""

    def validate(self, password, user=None):
        if sum(any(kind(character) for character in password) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self):
        return _("密码须包含小写字母、大写字母、数字、符号中的至少三类。")


class NotAgainValidator:
    """Neither the present password nor one of the last five."""

    def validate(self, password, user=None):
        if user is None or not user.pk:
            return
        past = user.past_passwords.order_by("-at").values_list("password", flat=True)[:REMEMBERED]
        if any(check_password(password, known) for known in [user.password, *past]):
            raise ValidationError(self.get_help_text(), code="used_before")

    def get_help_text(self):
        return _("密码不能与当前或最近 %(count)d 次用过的相同。") % {"count": REMEMBERED}


def expired(changed_at: datetime | None, now: datetime) -> bool:
    """Pure but for the setting: has a password chosen then come to the end of its days? 0 days: never."""
    if not settings.PASSWORD_DAYS or changed_at is None:
        return False
    return now - changed_at > timedelta(days=settings.PASSWORD_DAYS)


def generated() -> str:
    """A one-time password of four kinds of characters, easy to read aloud."""
    while True:
        password = "-".join("".join(secrets.choice(READABLE) for _ in range(GENERATED // 4)) for _ in range(4))
        if all(any(kind(character) for character in password) for kind in KINDS):
            return password
