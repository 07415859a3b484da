from django.utils.translation import gettext_lazy as _

from anlan.desk.access import gates
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import may
from anlan.desk.panels.declare import Attribute, Panel


def _acts(user, account):
    """What this administrator may do to the account; None when nothing."""
    if account.pk == user.pk:
        return None
    keeps = may(user, "access.accounts") and gates.accounts_kept_by(user).filter(pk=account.pk).exists()
    grants = may(user, "access.posts")
    return {"account": account, "keeps": keeps, "grants": grants} if keeps or grants else None


PANELS = [
    Panel(
        name="head",
        on="accounts",
        title=_("账号"),
        order=10,
        permission="access.see",
        attributes=[
            Attribute("username", _("用户名"), kind="code"),
            Attribute("name", _("姓名")),
            Attribute("phone", _("手机"), kind="code"),
            Attribute("email", _("邮箱")),
            Attribute("is_active", _("启用"), kind="flag"),
            Attribute("locked_until", _("锁定至"), kind="time"),
            Attribute("must_change_password", _("须修改密码"), kind="flag"),
            Attribute("password_changed_at", _("密码修改时间"), kind="time"),
            Attribute("second_factor", _("二次验证"), kind="flag", value=lambda user: bool(user.second_factor_secret)),
            Attribute("last_login", _("最近登录"), kind="time"),
            Attribute("created_at", _("开户时间"), kind="time"),
        ],
    ),
    Panel(
        name="posts",
        on="accounts",
        title=_("岗位"),
        order=20,
        permission="access.see",
        rows=lambda user, account: ("posts", gates.posts_seen_by(user).filter(user=account)),
        empty=_("还没有岗位，此人登录后看不到任何数据。由安全管理员授予。"),
    ),
    Panel(
        name="acts",
        on="accounts",
        title=_("管理"),
        order=30,
        permission="access.see",
        side="aside",
        template="access/account_acts.html",
        context=_acts,
    ),
    Panel(
        name="head",
        on="posts",
        title=_("岗位"),
        order=10,
        permission="access.see",
        attributes=[
            Attribute("user", _("姓名"), kind="user"),
            Attribute("role", _("角色"), value=lambda post: all_roles()[post.role].title),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("since", _("起"), kind="date"),
            Attribute("until", _("止"), kind="date"),
            Attribute("granted_by", _("授予人"), kind="user"),
        ],
    ),
]
