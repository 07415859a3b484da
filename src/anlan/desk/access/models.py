from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.roles import all_roles


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What it may do is said by its posts alone; there is no super-user."""

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    phone = models.CharField(_("手机"), max_length=32, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=16, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(_("开户时间"), auto_now_add=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    failures = models.PositiveSmallIntegerField(_("连续失败次数"), default=0)
    locked_until = models.DateTimeField(_("锁定至"), null=True, blank=True)
    second_factor_secret = models.CharField(max_length=255, blank=True)
    second_factor_last = models.BigIntegerField(default=0)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("账号")

    def __str__(self):
        return self.name or self.username


class Post(models.Model):
    """What a person is: a role, in an organisation, for a region and all below it, for a time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="posts", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=64, db_index=True)
    organisation = models.CharField(_("单位代码"), max_length=32, db_index=True)
    region = models.CharField(_("辖区代码"), max_length=15, blank=True, db_index=True)
    since = models.DateField(_("起"), null=True, blank=True)
    until = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("岗位")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "organisation", "region"], name="one_post_once"),
        ]

    def __str__(self):
        return f"{self.user}: {all_roles()[self.role].title}"


class Governed(models.Model):
    """Mixin of every row that somebody answers for: where it is, and which organisation it belongs to."""

    region = models.CharField(_("辖区代码"), max_length=15, db_index=True)
    organisation = models.CharField(_("单位代码"), max_length=32, blank=True, db_index=True)

    class Meta:
        abstract = True


class PastPassword(models.Model):
    """A hash the user has had before, so that it is not taken again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()


class RecoveryCode(models.Model):
    """A one-time way in for who has lost the second factor; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)


class OpenSession(models.Model):
    """A session of a person who has signed in, as he sees it in his list and may end it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    opened_at = models.DateTimeField(_("登录时间"))
    seen_at = models.DateTimeField(_("最近活动"))
    address = models.CharField(_("来源地址"), max_length=64, blank=True)
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_why = models.CharField(_("结束原因"), max_length=16, blank=True)  # kept a while, so that the page can tell

    class Meta:
        verbose_name = _("会话")


class FailingAddress(models.Model):
    """How often sign-in failed from an address since a moment: the brake on guessing over many accounts."""

    address = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
