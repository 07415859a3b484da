from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anlan.api import gates, keys
from anlan.desk.access.roles import all_roles
from anlan.desk.lists.declare import Column, Entry, List, Menu, RowAction


def _revoke(user, rows, _words):
    for key in rows:
        keys.revoke(user, key)
    return _now("已作废 %(count)d 个密钥。") % {"count": len(rows)}


LISTS = [
    List(
        name="api-keys",
        title=_("接口密钥"),
        gate=gates.keys_overseen_by,
        permission="api.oversee",
        columns=[
            Column("name", _("用途")),
            Column("start", _("密钥开头"), kind="code"),
            Column("owner", _("账号"), value=lambda key: key.post.user.name, sort="post__user__name"),
            Column("role", _("岗位"), value=lambda key: all_roles()[key.post.role].title),
            Column("organisation", _("单位"), kind="organisation", value=lambda key: key.post.organisation),
            Column("created_at", _("签发时间"), kind="time"),
            Column("expires_at", _("到期"), kind="time"),
            Column("seen_at", _("最近使用"), kind="time"),
            Column("revoked_at", _("作废时间"), kind="time"),
        ],
        search=("name", "start"),
        order=("-pk",),
        related=("post__user",),
        menu=Menu(group="system", order=40, icon="key"),
        actions=[
            RowAction(
                "revoke",
                _("作废"),
                "api.oversee",
                _revoke,
                confirm=_("作废后对接的系统立即停用该密钥。"),
                style="danger",
            )
        ],
        item=False,
        empty=_("还没有接口密钥。有权限的人在“开放接口”里为自己的岗位签发。"),
    )
]
MENU = [Entry(_("开放接口"), "api-guide", "api.keys", group="system", order=90, icon="api")]
