"""The one answer to "may this person" and "which rows may this person see".

A government or system post reaches every row of its region subtree; an enterprise post reaches the rows that
belong to its organisation. Several posts add up. No post, no row.
"""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.models import Post, User
from anlan.desk.access.regions import contains, within
from anlan.desk.access.roles import all_roles


class Refused(PermissionDenied):
    """The person may not do this; the text says what is missing."""


def posts(user, today: date | None = None) -> list[Post]:
    """The posts in force, read once per request (they are kept on the user object)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    if not hasattr(user, "_posts_in_force"):
        today = today or timezone.localdate()
        known = all_roles()
        user._posts_in_force = [
            post
            for post in user.posts.all()
            if post.role in known
            and (post.since is None or post.since <= today)
            and (post.until is None or today <= post.until)
        ]
    return user._posts_in_force


def posts_for(user, permission: str) -> list[Post]:
    roles = all_roles()
    return [post for post in posts(user) if roles[post.role].grants(permission)]


def may(user, permission: str, *, region: str | None = None, organisation: str | None = None) -> bool:
    """May this person do this at all, or to a row of this region and organisation?"""
    held = posts_for(user, permission)
    if region is None and organisation is None:
        return bool(held)
    return any(_reaches(post, region or "", organisation or "") for post in held)


def may_row(user, permission: str, row) -> bool:
    """The same for a Governed row."""
    return may(user, permission, region=row.region, organisation=row.organisation)


def own_organisations(user, permission: str) -> tuple[str, ...]:
    """The enterprises of a person who may do this for enterprises alone; empty for anybody who reaches a region."""
    held = posts_for(user, permission)
    if any(all_roles()[post.role].side != "enterprise" for post in held):
        return ()
    return tuple(sorted({post.organisation for post in held}))


def require(user, permission: str, row=None) -> None:
    allowed = may(user, permission) if row is None else may_row(user, permission, row)
    if not allowed:
        raise Refused(_("没有权限：%(permission)s。请联系安全管理员授予相应岗位。") % {"permission": permission})


def reach(user, permission: str, region: str = "region", organisation: str = "organisation") -> Q | None:
    """The condition that narrows a queryset to what this person may; None when there is nothing."""
    conditions = [_condition(post, region, organisation) for post in posts_for(user, permission)]
    if not conditions:
        return None
    joined = conditions[0]
    for condition in conditions[1:]:
        if not condition or not joined:  # one post without limits lifts all
            return Q()
        joined |= condition
    return joined


def narrow(
    user, permission: str, queryset: QuerySet, region: str = "region", organisation: str = "organisation"
) -> QuerySet:
    """The gate: the rows of the queryset that this person may treat so."""
    condition = reach(user, permission, region, organisation)
    return queryset.none() if condition is None else queryset.filter(condition)


def holders(permission: str, *, region: str, organisation: str = "") -> QuerySet[User]:
    """Who may do this to a row of this region and organisation: whom to tell, whom to ask."""
    roles = [role.code for role in all_roles().values() if role.grants(permission)]
    government = [code for code in roles if all_roles()[code].side != "enterprise"]
    enterprise = [code for code in roles if all_roles()[code].side == "enterprise"]
    above = [region[:length] for length in (0, 2, 4, 6, 9, 12, 15) if length <= len(region)]
    today = timezone.localdate()
    condition = Q(role__in=government, region__in=above)
    if organisation:
        condition |= Q(role__in=enterprise, organisation=organisation)
    in_force = (Q(since=None) | Q(since__lte=today)) & (Q(until=None) | Q(until__gte=today))
    return User.objects.filter(
        is_active=True, pk__in=Post.objects.filter(condition & in_force).values("user")
    ).order_by("pk")


def _reaches(post: Post, region: str, organisation: str) -> bool:
    if all_roles()[post.role].side == "enterprise":
        return bool(organisation) and post.organisation == organisation
    return contains(post.region, region)


def _condition(post: Post, region: str, organisation: str) -> Q:
    if all_roles()[post.role].side == "enterprise":
        return Q(**{organisation: post.organisation})
    return within(post.region, region)
