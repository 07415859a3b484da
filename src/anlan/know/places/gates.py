"""The only door to regions: a post sees the divisions of its own subtree; an enterprise's post sees none."""

from django.db.models import Q, QuerySet

from anlan.desk.access.regions import within
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts_for
from anlan.know.places.models import Region


def seen_by(user, permission: str = "places.see") -> QuerySet[Region]:
    roles = all_roles()
    reaches = [post.region for post in posts_for(user, permission) if roles[post.role].side != "enterprise"]
    if not reaches:
        return Region.objects.none()
    condition = Q()
    for region in reaches:
        if not region:
            return Region.objects.all()
        condition |= within(region, "code")
    return Region.objects.filter(condition)
