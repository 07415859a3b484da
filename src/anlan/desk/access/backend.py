"""Password sign-in with lock-out. Everything that can go wrong looks the same from outside."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from anlan.desk.access.models import User


class PasswordBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None):
        user = User.objects.filter(username=username or "").first()
        if user is None:
            make_password(password)  # the same work as for a known name, so that time does not tell
            return None
        if user.locked_until and user.locked_until > timezone.now():
            return None
        if not user.check_password(password or "") or not user.is_active:
            self._count_failure(user)
            return None
        if user.failures or user.locked_until:
            User.objects.filter(pk=user.pk).update(failures=0, locked_until=None)
        return user

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).prefetch_related("posts").first()

    def _count_failure(self, user: User) -> None:
        User.objects.filter(pk=user.pk).update(failures=F("failures") + 1)
        if user.failures + 1 >= settings.LOCK_AFTER:
            until = timezone.now() + timedelta(minutes=settings.LOCK_MINUTES)
            User.objects.filter(pk=user.pk).update(locked_until=until, failures=0)
