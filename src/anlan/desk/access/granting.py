"""The verbs on posts: grant, withdraw; and taking away a lost second factor. The security administrator's work."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access import sessions
from anlan.desk.access.announcements import tell
from anlan.desk.access.models import Post, RecoveryCode, User
from anlan.desk.access.regions import prefix
from anlan.desk.access.roles import all_roles, conflicts
from anlan.desk.access.standing import Refused, may


@transaction.atomic
def grant(
    actor: User,
    user: User,
    *,
    role: str,
    organisation: str,
    region: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Post:
    """Gives a person a post. Errors: Refused outside the actor's region, to himself, or against the separation of
    the three administrators; ValidationError for values that make no post."""
    if not may(actor, "access.posts", region=_code(region)):
        raise Refused(_("该辖区超出您的管理范围，不能授予岗位。"))
    if user.pk == actor.pk:
        raise Refused(_("不能给自己授予岗位，请由另一位安全管理员办理。"))
    if since and until and until < since:
        raise ValidationError({"until": _("止期早于起期。")})
    return _grant(actor.username, actor, user, role, organisation, region, since, until)


def grant_first(user: User, *, role: str, organisation: str, region: str = "") -> Post:
    """The operator's grant at the machine, before there is a security administrator; recorded like any other."""
    return _grant("operator", None, user, role, organisation, region, None, None)


@transaction.atomic
def withdraw(actor: User, post: Post, words: str = "") -> None:
    """Takes a post away. The audit chain keeps what it was."""
    if not may(actor, "access.posts", region=post.region):
        raise Refused(_("该岗位超出您的管理范围。"))
    if post.user_id == actor.pk:
        raise Refused(_("不能撤销自己的岗位，请由另一位安全管理员办理。"))
    require_another(post.user, post)
    tell(
        "access.withdraw",
        actor=actor.username,
        subject=f"user:{post.user_id}",
        words=words,
        region=post.region,
        data=_facts(post),
    )
    post.delete()


@transaction.atomic
def reset_second_factor(actor: User, user: User, words: str) -> None:
    """The person has lost phone and recovery codes: at the next sign-in he enrols again."""
    if not may(actor, "access.posts"):
        raise Refused(_("只有安全管理员可以重置二次验证。"))
    outside = [post for post in user.posts.all() if not may(actor, "access.posts", region=post.region)]
    if outside:
        raise Refused(_("该账号的岗位超出您的管理范围。"))
    if user.pk == actor.pk:
        raise Refused(_("不能重置自己的二次验证，请由另一位安全管理员办理。"))
    if not words.strip():
        raise ValidationError({"words": _("请填写重置原因，例如核实本人身份的方式。")})
    User.objects.filter(pk=user.pk).update(second_factor_secret="", second_factor_last=0)
    RecoveryCode.objects.filter(user=user).delete()
    sessions.end_all(user, "reset")
    tell("access.reset-second-factor", actor=actor.username, subject=f"user:{user.pk}", words=words)


def require_another(user: User, only: Post | None = None) -> None:
    """Refuses what would leave one of the administrator roles without anybody."""
    leaving = [only] if only else list(user.posts.all())
    for role in {post.role for post in leaving if post.role in all_roles() and all_roles()[post.role].side == "system"}:
        today = timezone.localdate()
        others = Post.objects.filter(
            Q(until=None) | Q(until__gt=today), Q(since=None) | Q(since__lte=today), role=role, user__is_active=True
        ).exclude(user=user)
        if not others.exists() and not (only and user.posts.filter(role=role).exclude(pk=only.pk).exists()):
            raise Refused(_("这是最后一位“%(role)s”，请先授予另一人。") % {"role": all_roles()[role].title})


def _grant(name: str, actor, user: User, role: str, organisation: str, region: str, since, until) -> Post:
    if role not in all_roles():
        raise ValidationError({"role": _("没有这个角色：%(role)s。") % {"role": role}})
    held = {post.role for post in user.posts.select_for_update()}
    if clash := conflicts(role, held):
        titles = "、".join(all_roles()[code].title for code in sorted(clash))
        raise Refused(
            _("“%(role)s”不能与已有的“%(held)s”由同一人担任。") % {"role": all_roles()[role].title, "held": titles}
        )
    if not organisation.strip():
        raise ValidationError({"organisation": _("请填写单位。")})
    values = {"role": role, "organisation": organisation.strip(), "region": _code(region)}
    if Post.objects.filter(user=user, **values).exists():
        raise ValidationError(_("此人已有相同的岗位。"))
    post = Post.objects.create(user=user, since=since, until=until, granted_by=actor, **values)
    tell("access.grant", actor=name, subject=f"user:{user.pk}", region=post.region, data=_facts(post))
    return post


def _code(region: str) -> str:
    try:
        return prefix(region) if region.strip() else ""
    except ValueError as error:
        raise ValidationError({"region": _("辖区代码只能是数字，例如 360108。")}) from error


def _facts(post: Post) -> dict:
    return {
        "role": post.role,
        "organisation": post.organisation,
        "since": post.since,
        "until": post.until,
        "username": post.user.username,
    }
