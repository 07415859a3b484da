from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed


class Document(Governed):
    """A file. The content lies under its SHA-256 digest; two uploads of one file share it."""

    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    digest = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("上传时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("文件")

    def __str__(self):
        return self.name
