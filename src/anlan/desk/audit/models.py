from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing done. Written once by `chain.append`, never changed; `chain.verify` finds whoever does."""

    position = models.BigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    actor = models.CharField(_("操作人"), max_length=64, db_index=True)
    address = models.CharField(_("来源地址"), max_length=64, blank=True)
    action = models.CharField(_("操作"), max_length=64, db_index=True)
    subject = models.CharField(_("对象"), max_length=96, blank=True, db_index=True)
    region = models.CharField(_("辖区代码"), max_length=15, blank=True, db_index=True)
    organisation = models.CharField(_("单位代码"), max_length=32, blank=True)
    words = models.CharField(_("说明"), max_length=500, blank=True)
    data = models.TextField(_("内容"), default="{}")
    seal = models.CharField(_("校验值"), max_length=64)

    class Meta:
        verbose_name = _("审计记录")

    def __str__(self):
        return f"{self.position} {self.action} {self.subject}"


class Head(models.Model):
    """The last entry of the chain: the row that writers queue for, and what betrays a cut-off tail."""

    position = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, default="0" * 64)


class Verification(models.Model):
    """One verification of the chain that somebody asked for, and its outcome."""

    asked_by = models.ForeignKey("access.User", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(_("时间"))
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("完成时间"), null=True)
    entries = models.BigIntegerField(_("条数"), default=0)
    breaks = models.PositiveIntegerField(_("断裂"), default=0)
    found = models.JSONField(default=list)

    class Meta:
        verbose_name = _("校验")
