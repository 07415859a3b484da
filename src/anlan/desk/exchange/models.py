from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportRun(models.Model):
    """One file on its way in: uploaded, checked against a mapping, saved or given up. It is its owner's alone."""

    class State(models.TextChoices):
        CHECKING = "checking", _("正在核对")
        CHECKED = "checked", _("待确认")
        SAVING = "saving", _("正在保存")
        SAVED = "saved", _("已导入")
        FAILED = "failed", _("未导入")

    target = models.CharField(_("导入到"), max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=64)
    sheet = models.PositiveSmallIntegerField(_("工作表"), default=0)
    sheets = models.JSONField(default=list)
    first = models.PositiveIntegerField(default=0)  # where the heading begins, and how many rows it takes
    height = models.PositiveSmallIntegerField(default=1)
    heads = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # field -> index of the column
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.CHECKING)
    total = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)
    bad = models.PositiveIntegerField(_("有误"), default=0)
    sample = models.JSONField(default=list)  # the first bad rows, and some good ones, as the preview shows them
    problem = models.CharField(_("原因"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入")
        indexes = [models.Index(fields=["user", "-created_at"], name="import_own")]

    def __str__(self):
        return self.name
