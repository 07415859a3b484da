"""Enrolling the second factor: begun with a secret in the session, finished by a code that proves the phone has it."""

import time

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access import second_factor
from anlan.desk.access.announcements import tell
from anlan.desk.access.backend import count_failure
from anlan.desk.access.models import User

SECRET = "second_factor_enrolling"


def begin(session) -> str:
    """The secret being enrolled; the same while the page is looked at again."""
    sealed = session.get(SECRET)
    secret = second_factor.decrypt(sealed) if sealed else None
    if secret is None:
        secret = second_factor.new_secret()
        session[SECRET] = second_factor.encrypt(secret)
    return secret


@transaction.atomic
def finish(user: User, session, code: str, present: str) -> tuple[list[str], str]:
    """Answers (recovery codes, ''), or ([], what is wrong). Whoever has a second factor proves it (`present`) before
    it is replaced."""
    if second_factor.enrolled(user) and not _prove(user, present):
        return [], _("当前的验证码或恢复码不正确。")
    secret = begin(session)
    step = second_factor.matching_step(secret, second_factor.tidy(code), time.time())
    if step is None:
        return [], _("验证码不正确。请核对手机时间是否准确，再输入新的 6 位数字。")
    User.objects.filter(pk=user.pk).update(second_factor_secret=second_factor.encrypt(secret), second_factor_last=step)
    codes = second_factor.new_recovery_codes(user)
    del session[SECRET]
    tell("access.enrol-second-factor", actor=user.username, subject=f"user:{user.pk}")
    return codes, ""


@transaction.atomic
def renew_codes(user: User, code: str) -> list[str] | None:
    """New recovery codes for a present code; None when that is wrong."""
    if not second_factor.enrolled(user) or not _prove(user, code):
        return None
    tell("access.renew-recovery-codes", actor=user.username, subject=f"user:{user.pk}")
    return second_factor.new_recovery_codes(user)


def _prove(user: User, code: str) -> bool:
    if second_factor.accept(user, code) or second_factor.accept_recovery(user, code):
        return True
    count_failure(user)
    return False
