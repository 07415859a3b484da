"""The verbs on keys: issue, revoke; and the question whose key this is.

A key is `anlan_` and 43 random characters: too many to guess, so a plain digest is enough to keep. It stands for one
post of one account, and reads: it reaches what the post reaches, less everything that changes something.
"""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.api import gates
from anlan.api.models import ApiKey
from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused, may, posts
from anlan.desk.audit.chain import Act, append

PREFIX = "anlan_"
LONGEST_DAYS = 366
MOST_KEYS = 10  # of one account at a time
SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue(user: User, post: Post, name: str, days: int) -> tuple[ApiKey, str]:
    """A new key for one's own post. Answers it and the secret, which is shown once.

    Errors: Refused for a post that may have none; ValidationError for a name or a number of days that will not do.
    """
    if post.pk not in {one.pk for one in gates.posts_for_keys(user)}:
        raise Refused(_("这个岗位不能签发接口密钥。"))
    if not name.strip():
        raise ValidationError({"name": _("请写明用途，例如对接的系统名称。")})
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("有效期为 1 至 %(most)d 天。") % {"most": LONGEST_DAYS}})
    alive = gates.own_keys(user).filter(revoked_at=None, expires_at__gt=timezone.now())
    if alive.count() >= MOST_KEYS:
        raise ValidationError(_("有效密钥已达 %(most)d 个，请先作废不用的。") % {"most": MOST_KEYS})
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        post=post,
        name=name.strip()[:64],
        start=secret[: len(PREFIX) + 6],
        digest=_digest(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    _record("api.issue", key, {"days": days, "role": post.role})
    return key, secret


@transaction.atomic
def revoke(actor: User, key: ApiKey) -> None:
    """Ends a key at once: its owner, or the security administrator of the region. Doing it twice changes nothing."""
    own = key.post.user_id == actor.pk
    if not own and not may(actor, "api.oversee", region=key.post.region, organisation=key.post.organisation):
        raise Refused(_("只能作废自己的密钥。"))
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _record("api.revoke", key, {"own": own})


def bearer(secret: str) -> User | None:
    """The account whose key this is, as it stands in the key's post alone. None for a key that does not work: unknown,
    revoked, expired, of a locked account, of a post that is not in force."""
    key = ApiKey.objects.filter(digest=_digest(secret)).select_related("post__user").first()
    if key is None or not key.works:
        return None
    user = key.post.user
    if not user.is_active or user.must_change_password:
        return None
    held = [post for post in posts(user) if post.pk == key.post_id]
    if not held or key.post_id not in {post.pk for post in gates.posts_for_keys(user)}:
        return None
    user._posts_in_force = held
    user.api_key = key
    _note_seen(key)
    return user


def _note_seen(key: ApiKey) -> None:
    now = timezone.now()
    if key.seen_at is None or now - key.seen_at > SEEN_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(seen_at=now)


def _record(action: str, key: ApiKey, data: dict) -> None:
    append(
        Act(
            action=action,
            subject=f"user:{key.post.user_id}",
            region=key.post.region,
            organisation=key.post.organisation,
            data={"key": key.pk, "name": key.name, "start": key.start, **data},
        )
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
