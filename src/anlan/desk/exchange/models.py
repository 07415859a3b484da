from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """Where ledgers of one form come from, and how they are read: remembered when one was imported, taken again for
    the next with the same headings. It belongs to the organisation whose people made it."""

    target = models.CharField(_("导入到"), max_length=64)
    organisation = models.CharField(_("单位"), max_length=32, blank=True, db_index=True)
    title = models.CharField(_("名称"), max_length=80)
    heads = models.JSONField(default=list)  # the headings, tidied, in order
    mapping = models.JSONField(default=dict)  # field -> tidied heading
    manner = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField(_("最近使用"))

    class Meta:
        verbose_name = _("导入来源")
        ordering = ["-used_at"]

    def __str__(self):
        return self.title


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
    manner = models.JSONField(default=dict)  # constants, words, year, order, lenient: see reading.py
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.CHECKING)
    total = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    unchanged = models.PositiveIntegerField(_("未变"), default=0)
    bad = models.PositiveIntegerField(_("有误"), default=0)
    skipped = models.PositiveIntegerField(_("非数据行"), default=0)
    words = models.JSONField(default=dict)  # field -> [[text that is no option, how often]]
    sample = models.JSONField(default=list)  # the first bad rows, and some good ones, as the preview shows them
    problem = models.CharField(_("原因"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入")
        indexes = [models.Index(fields=["user", "-created_at"], name="import_own")]

    def __str__(self):
        return self.name


class Leftover(models.Model):
    """A row of a saved import that could not be taken, kept as it was until somebody corrects it or lays it aside."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="leftovers")
    number = models.PositiveIntegerField(_("行"))
    section = models.CharField(max_length=200, blank=True)
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    settled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=16, blank=True)  # taken | laid_aside

    class Meta:
        verbose_name = _("未读入的行")
        ordering = ["number"]
        indexes = [models.Index(fields=["run", "settled_at", "number"], name="leftover_open")]

    def __str__(self):
        return f"{self.run_id}:{self.number}"
