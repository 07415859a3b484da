"""The menu: what capabilities declare, narrowed to what this person may see, in its groups."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.roles import Role, all_roles
from anlan.desk.access.standing import may, posts
from anlan.desk.lists.declare import GROUPS, Entry, entries
from anlan.desk.lists.rooms import WrongDeclaration

TITLES = {
    "today": _("工作台"),
    "map": _("一张图"),
    "risks": _("风险管控"),
    "checks": _("检查排查"),
    "hazards": _("隐患治理"),
    "permits": _("作业许可"),
    "supervision": _("分级监管"),
    "watch": _("监测预警"),
    "sensing": _("感知与规则"),
    "know": _("基础信息"),
    "ledger": _("登记与事项"),
    "measure": _("指标考核"),
    "system": _("系统管理"),
}
OWN = (
    Entry(_("今日工作"), "home", group="today", order=0, icon="home"),
    Entry(_("值班大屏"), "bigscreen", "bigscreen.see", group="today", order=90, icon="device-tv"),
)

SHORT = 16  # a menu of so few entries is shown whole
ALWAYS = ("today", "map")


@dataclass(frozen=True)
class Line:
    title: Any
    url: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Group:
    """`unfolded`: its entries are seen at once, unless the person has folded it (web/src/shell/folds.ts)."""

    name: str
    title: Any
    entries: list[Line]
    unfolded: bool


@cache
def ordered() -> tuple[tuple[Entry, str], ...]:
    """All entries with their addresses. A url name nobody has stops here with a sentence."""
    found = []
    for entry in (*OWN, *entries()):
        try:
            found.append((entry, reverse(entry.url_name)))
        except NoReverseMatch as error:
            raise WrongDeclaration(
                f"menu entry '{entry.title}': there is no address named '{entry.url_name}'; name one of a urls.py."
            ) from error
    known = {entry.url_name for entry, _url in found}
    for role in all_roles().values():
        if wrong := ", ".join(sorted(role.menu - known)):
            raise WrongDeclaration(f"role '{role.code}' offers in its menu what is no entry: {wrong}; see roles.yaml.")
    return tuple(sorted(found, key=lambda pair: (GROUPS.index(pair[0].group), pair[0].order, pair[0].url_name)))


def menu(user, path: str) -> list[Group]:
    """What this person is offered; the entry whose address is the longest beginning of `path` is the current one."""
    roles = [all_roles()[post.role] for post in posts(user)]
    seen = [
        (entry, url)
        for entry, url in ordered()
        if (not entry.permission or may(user, entry.permission)) and _offered(entry, roles)
    ]
    current = max((url for _entry, url in seen if path.startswith(url)), key=len, default="")
    if current == "/" and path != "/":
        current = ""
    groups: dict[str, list[Line]] = {}
    for entry, url in seen:
        groups.setdefault(entry.group, []).append(Line(entry.title, url, entry.icon, url == current))
    short = len(seen) <= SHORT
    return [
        Group(name, TITLES[name], groups[name], short or name in ALWAYS or any(one.current for one in groups[name]))
        for name in GROUPS
        if name in groups
    ]


def _offered(entry: Entry, roles: list[Role]) -> bool:
    """Whether it belongs into the menu of any of these roles; not being offered forbids nothing."""
    if entry.group in ALWAYS:
        return True
    return any(
        (not entry.sides or role.side in entry.sides) and (not role.menu or entry.url_name in role.menu)
        for role in roles
    )
