from django.db.models import Q, QuerySet

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import narrow, reach


def accounts_seen_by(user: User) -> QuerySet[User]:
    """Accounts with a post in the administrator's region, and those that have no post yet."""
    return _accounts(user, "access.see")


def accounts_kept_by(user: User) -> QuerySet[User]:
    """Accounts all of whose posts lie in the administrator's region: nobody manages somebody set above him."""
    condition = reach(user, "access.accounts")
    if condition is None:
        return User.objects.none()
    if not condition:
        return User.objects.all()
    outside = Post.objects.exclude(condition).values("user")
    return User.objects.exclude(pk__in=outside)


def posts_seen_by(user: User) -> QuerySet[Post]:
    return narrow(user, "access.see", Post.objects.all())


def _accounts(user: User, permission: str) -> QuerySet[User]:
    condition = reach(user, permission)
    if condition is None:
        return User.objects.none()
    if not condition:
        return User.objects.all()
    return User.objects.filter(Q(posts=None) | Q(pk__in=Post.objects.filter(condition).values("user")))
