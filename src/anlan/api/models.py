from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Post


class ApiKey(models.Model):
    """A key with which a program reads as one post of one account, until a day. Only its digest is kept."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("岗位"))
    name = models.CharField(_("用途"), max_length=64)
    start = models.CharField(_("密钥开头"), max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("签发时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("到期"))
    revoked_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    seen_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口密钥")

    def __str__(self):
        return f"{self.name} ({self.start}…)"

    @property
    def works(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at
