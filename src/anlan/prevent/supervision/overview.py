"""Grades counted by town and by department: two questions to the database, however many enterprises there are."""

from collections import defaultdict

from django.db.models import Count, Q

from anlan.desk.lists.declare import names
from anlan.prevent.supervision import gates

TOWN = 9  # so many digits of a division code name the town


def by_town(user) -> list[dict]:
    rows = gates.seen_by(user).order_by().values("region", "level").annotate(
        count=Count("pk"), blind=Count("pk", filter=Q(unsupervised=True) | Q(unclear=True))
    )  # fmt: skip
    found: dict[str, dict] = defaultdict(_empty)
    for row in rows:
        _add(found[row["region"][:TOWN]], row)
    titles = names()["region"].titles(set(found)) if found else {}
    return [entry | {"code": code, "title": titles.get(code, code)} for code, entry in sorted(found.items())]


def by_department(user) -> list[dict]:
    """An enterprise under two departments counts with both; one under none stands in the last line."""
    rows = (
        gates.seen_by(user)
        .order_by()
        .values("enterprise__supervisors", "enterprise__supervisors__name", "level")
        .annotate(count=Count("pk"), blind=Count("pk", filter=Q(unsupervised=True) | Q(unclear=True)))
    )
    found: dict[tuple, dict] = defaultdict(_empty)
    for row in rows:
        _add(found[row["enterprise__supervisors"], row["enterprise__supervisors__name"]], row)
    ordered = sorted(found.items(), key=lambda item: (item[0][0] is None, item[0][1] or ""))
    return [entry | {"code": key, "title": title} for (key, title), entry in ordered]


def _empty() -> dict:
    return {"levels": [0, 0, 0, 0], "all": 0, "blind": 0}


def _add(entry: dict, row: dict) -> None:
    entry["levels"][row["level"] - 1] += row["count"]
    entry["all"] += row["count"]
    entry["blind"] += row["blind"]


def blind_spots(user) -> dict[str, int]:
    seen = gates.seen_by(user)
    return {"unsupervised": seen.filter(unsupervised=True).count(), "unclear": seen.filter(unclear=True).count()}
