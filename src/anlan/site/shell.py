"""What every page is given: the menu, the count at the bell, whether the data are synthetic."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts
from anlan.desk.lists.declare import names
from anlan.desk.notices import gates
from anlan.site.menu import menu


def context(request) -> dict:
    """Lazy throughout: a fragment that shows none of it asks nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "menu": SimpleLazyObject(lambda: menu(user, request.path)),
        "unread": SimpleLazyObject(lambda: gates.unread(user)),
        "own_posts": SimpleLazyObject(lambda: own_posts(user)),
        "synthetic": (settings.HOME / "demo-accounts.json").exists(),
    }


def own_posts(user) -> list[str]:
    """The person's posts in words: role and region, or role and organisation for an enterprise."""
    held = posts(user)
    region = _called("region", {post.region for post in held})
    organisation = _called("organisation", {post.organisation for post in held})
    roles = all_roles()
    found = []
    for post in held:
        role = roles[post.role]
        place = organisation.get(post.organisation, "") if role.side == "enterprise" else region.get(post.region, "")
        found.append(f"{role.title} · {place}" if place else str(role.title))
    return found


def _called(kind: str, codes: set[str]) -> dict[str, str]:
    known = names().get(kind)
    codes = {code for code in codes if code}
    return known.titles(codes) if known and codes else {}
