from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access import gates, granting
from anlan.desk.access.roles import all_roles
from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu, RowAction


def _state(user):
    if not user.is_active:
        return _("已停用")
    if user.locked_until and user.locked_until > timezone.now():
        return _("已锁定")
    return _("正常")


def _of_state(queryset, values):
    now = timezone.now()
    conditions = {
        "closed": Q(is_active=False),
        "locked": Q(is_active=True, locked_until__gt=now),
        "open": Q(is_active=True) & (Q(locked_until=None) | Q(locked_until__lte=now)),
    }
    chosen = Q()
    for value in values:
        chosen |= conditions.get(value, Q(pk=None))
    return queryset.filter(chosen)


def _roles(user):
    return "、".join(sorted({all_roles()[post.role].title for post in user.posts.all() if post.role in all_roles()}))


def _withdraw(user, rows, words):
    for post in rows:
        granting.withdraw(user, post, words)
    return _("已撤销 %(count)d 个岗位。") % {"count": len(rows)}


def _role_choices(_user):
    return [Choice(role.code, role.title) for role in all_roles().values()]


LISTS = [
    List(
        name="accounts",
        title=_("账号"),
        gate=gates.accounts_seen_by,
        permission="access.see",
        columns=[
            Column("username", _("用户名"), kind="code", link=True),
            Column("name", _("姓名")),
            Column("posts", _("岗位"), value=_roles),
            Column("phone", _("手机"), kind="code"),
            Column("state", _("状态"), value=_state),
            Column("second_factor", _("二次验证"), kind="flag", value=lambda user: bool(user.second_factor_secret)),
            Column("last_login", _("最近登录"), kind="time"),
            Column("created_at", _("开户时间"), kind="time", default=False),
        ],
        filters=[
            Filter(
                "state",
                _("状态"),
                choices=[Choice("open", _("正常")), Choice("locked", _("已锁定")), Choice("closed", _("已停用"))],
                apply=_of_state,
            ),
            Filter(
                "role",
                _("角色"),
                choices=_role_choices,
                apply=lambda queryset, values: queryset.filter(posts__role__in=values).distinct(),
            ),
        ],
        search=("name", "username", "phone"),
        order=("username",),
        prefetch=("posts",),
        defer=("password",),
        menu=Menu(group="system", order=10, icon="users"),
        empty=_("没有账号。系统管理员点“新建”开户，再由安全管理员授予岗位。"),
    ),
    List(
        name="posts",
        title=_("岗位授予"),
        gate=gates.posts_seen_by,
        permission="access.see",
        columns=[
            Column("user", _("姓名"), kind="user", link=True),
            Column("role", _("角色"), value=lambda post: all_roles()[post.role].title, sort="role"),
            Column("organisation", _("单位"), kind="organisation"),
            Column("region", _("辖区"), kind="region"),
            Column("since", _("起"), kind="date"),
            Column("until", _("止"), kind="date"),
            Column("granted_by", _("授予人"), kind="user", default=False),
        ],
        filters=[
            Filter("role", _("角色"), choices=_role_choices),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
        ],
        search=("user__name", "user__username"),
        order=("user__username", "pk"),
        related=("user", "granted_by"),
        menu=Menu(group="system", order=20, icon="id-badge"),
        actions=[
            RowAction(
                "withdraw",
                _("撤销岗位"),
                "access.posts",
                _withdraw,
                words=True,
                confirm=_("撤销后，此人立即失去该岗位的全部权限。"),
                style="danger",
                icon="user-minus",
            )
        ],
        empty=_("没有岗位。安全管理员点“新建”把岗位授予账号。"),
    ),
]
