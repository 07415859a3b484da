"""The grade of each enterprise as it stands, how it changed, and the visits that follow from it. No decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Level
from anlan.know.enterprises.models import Enterprise


class Grade(Governed):
    """One row an enterprise. `unsupervised`: no department answers for it; `unclear`: its sector is not known."""

    region = models.CharField(_("辖区代码"), max_length=15)  # the composite indexes below serve it
    enterprise = models.OneToOneField(
        Enterprise, primary_key=True, on_delete=models.CASCADE, related_name="grade", verbose_name=_("企业")
    )
    level = models.PositiveSmallIntegerField(_("监管等级"), choices=Level)
    mark = models.FloatField(_("得分"))
    explanation = models.JSONField(_("等级的由来"), default=dict)
    visits = models.FloatField(_("每年检查次数"))
    unsupervised = models.BooleanField(_("无监管部门"), default=False)
    unclear = models.BooleanField(_("行业不清"), default=False)
    since = models.DateField(_("本等级起"))
    graded_at = models.DateTimeField(_("评定时间"))
    stale = models.BooleanField(default=False)  # something it rests on has changed; graded anew within a minute

    class Meta:
        verbose_name = _("监管等级")
        indexes = [
            models.Index(fields=["level", "-mark", "enterprise", "region"], name="grades_by_level"),
            models.Index(fields=["region", "level", "-mark", "enterprise"], name="grades_of_a_region"),
            models.Index(fields=["organisation"], name="grades_of_an_enterprise"),
            models.Index(fields=["stale"], condition=Q(stale=True), name="grades_to_renew"),
            models.Index(fields=["region", "unsupervised"], condition=Q(unsupervised=True), name="grades_unsupervised"),
            models.Index(fields=["region", "unclear"], condition=Q(unclear=True), name="grades_unclear"),
        ]

    def __str__(self):
        return str(self.enterprise)


class GradeChange(models.Model):
    """Written once: from which grade to which, with the explanation of that day."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="grade_changes")
    at = models.DateTimeField(_("时间"))
    before = models.PositiveSmallIntegerField(_("原等级"), choices=Level, null=True)
    after = models.PositiveSmallIntegerField(_("新等级"), choices=Level)
    mark = models.FloatField(_("得分"))
    explanation = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["enterprise", "-at"], name="grade_changes_by_time")]


class Visit(Governed):
    """A visit the yearly plan asks for. `level` is the grade it was drawn by: what is past keeps it."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待检查")
        DONE = "done", _("已检查")
        DROPPED = "dropped", _("已调整")

    region = models.CharField(_("辖区代码"), max_length=15)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="visits", verbose_name=_("企业"))
    year = models.PositiveSmallIntegerField(_("年度"))
    level = models.PositiveSmallIntegerField(_("监管等级"), choices=Level)
    due_on = models.DateField(_("应检查日期"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PLANNED)
    done_on = models.DateField(_("检查日期"), null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("计划检查")
        indexes = [
            models.Index(fields=["state", "due_on", "id", "region"], name="visits_by_day"),
            models.Index(fields=["region", "state", "due_on", "id"], name="visits_of_a_region"),
            models.Index(fields=["organisation", "due_on", "id"], name="visits_of_an_enterprise"),
            models.Index(fields=["enterprise", "year"], name="visits_of_a_year"),
        ]

    def __str__(self):
        return str(self.enterprise)
