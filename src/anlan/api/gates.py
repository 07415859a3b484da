from django.db.models import QuerySet

from anlan.api.models import ApiKey
from anlan.desk.access.models import Post, User
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import narrow, posts_for


def own_keys(user: User) -> QuerySet[ApiKey]:
    """A person's keys that still work or did, newest first."""
    return ApiKey.objects.filter(post__user=user).select_related("post").order_by("-pk")


def keys_overseen_by(user: User) -> QuerySet[ApiKey]:
    """Keys of the posts in the security administrator's region."""
    keys = ApiKey.objects.select_related("post__user")
    return narrow(user, "api.oversee", keys, region="post__region", organisation="post__organisation")


def posts_for_keys(user: User) -> list[Post]:
    """The posts a person may have a key for: roles that must prove themselves twice have none."""
    return [post for post in posts_for(user, "api.keys") if not all_roles()[post.role].second_factor]
