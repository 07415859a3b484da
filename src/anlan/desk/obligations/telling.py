"""Tells those concerned without drowning them: an organisation's own people get each notice, an office that stands in
for many gets one for all."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import holders
from anlan.desk.notices.actions import tell
from anlan.desk.obligations.models import Obligation

NAMED = 5  # subjects named in a notice for many


class Telling:
    """One round of notices; finds each office's people only once."""

    def __init__(self, late: bool):
        self.late = late
        self.known: dict[tuple[str, str, str], list[User]] = {}
        self.posted = set(Post.objects.exclude(organisation="").values_list("organisation", flat=True))
        self.waiting: dict[tuple[str, str, str], tuple[dict[int, User], dict[int, list[Obligation]]]] = {}

    def add(self, row: Obligation, permission: str, step: str) -> int:
        """Tells the row's own people at once; keeps it for the notice of the nearest office otherwise."""
        own = self._own(row, permission)
        if own:
            return len(self._tell_one(own, row, step))
        people, rows = self.waiting.setdefault((row.rule, f"{row.due_on:%Y-%m-%d}", step), ({}, {}))
        for user in self._nearest(row, permission):
            people[user.pk] = user
            rows.setdefault(user.pk, []).append(row)
        return 0

    def finish(self) -> int:
        """Sends what was kept; answers how many notices."""
        count = 0
        for (rule, due, step), (people, rows) in self.waiting.items():
            for pk, user in people.items():
                found = rows[pk]
                if len(found) == 1:
                    count += len(self._tell_one([user], found[0], step))
                else:
                    count += len(self._tell_many(user, found, rule, due, step))
        self.waiting.clear()
        return count

    def _own(self, row: Obligation, permission: str) -> list[User]:
        if not row.organisation or row.organisation not in self.posted:
            return []
        key = (permission, row.region, row.organisation)
        if key not in self.known:
            able = holders(permission, region=row.region, organisation=row.organisation)
            self.known[key] = list(able.filter(posts__organisation=row.organisation).distinct())
        return self.known[key]

    def _nearest(self, row: Obligation, permission: str) -> list[User]:
        """Those posted to the very region, else to the one above it that has somebody."""
        key = (permission, row.region, "")
        if key not in self.known:
            able = holders(permission, region=row.region)
            found: list[User] = []
            for length in (15, 12, 9, 6, 4, 2, 0):
                if length <= len(row.region) and not found:
                    found = list(able.filter(posts__region=row.region[:length]).distinct())
            self.known[key] = found
        return self.known[key]

    def _title(self) -> str:
        return _("已逾期：%(title)s") if self.late else _("即将到期：%(title)s")

    def _tell_one(self, people: Iterable[User], row: Obligation, step: str) -> list:
        return tell(
            people,
            title=self._title() % {"title": row.title},
            body=f"{row.subject_title} · {_('期限')} {row.due_on:%Y-%m-%d}",
            url=reverse("obligations.item", args=[row.pk]),
            level=row.by.level if row.by else None,
            room="obligations",
            key=f"obligation:{row.pk}:{step}",
        )

    def _tell_many(self, user: User, rows: list[Obligation], rule: str, due: str, step: str) -> list:
        first = rows[0]
        asked = urlencode({"rule": rule, "due_on_from": due, "due_on_to": due, "open": "1"})
        named = "、".join(row.subject_title for row in rows[:NAMED])
        return tell(
            [user],
            title=_("%(title)s（%(count)d 个对象）")
            % {"title": self._title() % {"title": first.title}, "count": len(rows)},
            body=f"{_('期限')} {due} · {named}{'…' if len(rows) > NAMED else ''}",
            url=f"{reverse('obligations')}?{asked}",
            level=first.by.level if first.by else None,
            room="obligations",
            key=f"obligations:{rule}:{due}:{step}",
        )
