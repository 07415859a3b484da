"""Password sign-in with lock-out. Everything that can go wrong looks the same from outside, and takes as long."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anlan.desk.access.announcements import tell
from anlan.desk.access.models import Post, User
from anlan.desk.access.prepared import Prepared


class PasswordBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None):
        user = User.objects.filter(username=username or "").first()
        if user is None or (user.locked_until and user.locked_until > timezone.now()):
            make_password(password)  # the same work as for a right name, so that time does not tell
            return None
        if not user.check_password(password or "") or not user.is_active:
            count_failure(user)
            return None
        return user

    def get_user(self, user_id):
        return account(user_id)


USERS, POSTS = Prepared(User, "id"), Prepared(Post, "user")


def account(number: int) -> User | None:
    """An account that is not locked for good, with its posts."""
    for user in USERS(number):
        if user.is_active:
            posts = Post.objects.filter(user=user)
            posts._result_cache = POSTS(number)
            user._prefetched_objects_cache = {"posts": posts}
            return user
    return None


@transaction.atomic
def count_failure(user: User) -> bool:
    """One more failure in a row; locks at the limit. Answers whether the account is locked now."""
    User.objects.filter(pk=user.pk).update(failures=F("failures") + 1)
    user.refresh_from_db(fields=["failures"])
    if user.failures < settings.LOCK_AFTER:
        return False
    until = timezone.now() + timedelta(minutes=settings.LOCK_MINUTES)
    User.objects.filter(pk=user.pk).update(locked_until=until, failures=0)
    tell(
        "access.lock-out",
        actor=user.username,
        subject=f"user:{user.pk}",
        data={"minutes": settings.LOCK_MINUTES, "failures": user.failures},
    )
    return True


def forget_failures(user: User) -> None:
    if user.failures or user.locked_until:
        User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
