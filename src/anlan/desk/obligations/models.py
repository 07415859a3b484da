from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.obligations.declare import Edition, Rule, rules


class Obligation(Governed):
    """One time that somebody is bound by a rule. Rule, subject and period tell it from every other."""

    class State(models.TextChoices):
        PENDING = "pending", _("待办")
        SUBMITTED = "submitted", _("待核实")
        OVERDUE = "overdue", _("已逾期")
        MET = "met", _("已完成")
        WAIVED = "waived", _("已免除")
        LAPSED = "lapsed", _("不再适用")

    rule = models.CharField(_("规则"), max_length=64)
    edition = models.DateField(_("条文版本"))
    subject = models.CharField(_("对象"), max_length=96)
    subject_title = models.CharField(_("对象名称"), max_length=200, blank=True)
    subject_url = models.CharField(max_length=200, blank=True)
    period = models.CharField(_("期次"), max_length=96)
    title = models.CharField(_("事项"), max_length=200)
    opens_on = models.DateField(_("生成日期"))
    start_on = models.DateField(_("周期起"))
    due_on = models.DateField(_("截止日"))
    due_at = models.DateTimeField(_("期限"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PENDING)
    is_open = models.BooleanField(_("未办结"), default=True)
    climbs_at = models.DateTimeField(_("下次升级"), null=True, blank=True)
    escalations = models.PositiveSmallIntegerField(_("升级次数"), default=0)
    reminded = models.PositiveSmallIntegerField(_("已提醒（提前天数）"), null=True, blank=True)
    documents = models.ManyToManyField("documents.Document", blank=True, related_name="+", verbose_name=_("佐证材料"))
    words = models.TextField(_("说明"), blank=True)
    met_on = models.DateField(_("完成日期"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    late = models.BooleanField(_("逾期完成"), default=False)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("应办事项")
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject", "period"], name="one_obligation_a_period"),
            models.CheckConstraint(
                name="obligation_opens_before_it_is_due", condition=Q(due_on__gte=models.F("opens_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["-is_open", "due_at", "id"], name="obligations_by_due"),
            # These two hold all that a work list filters and sorts by: the rows themselves are read for one page only.
            models.Index(fields=["region", "-is_open", "due_at", "state", "rule"], name="obligations_of_a_region"),
            models.Index(fields=["organisation", "-is_open", "due_at", "state"], name="obligations_of_a_unit"),
            models.Index(fields=["due_on", "region"], name="obligations_by_day"),
            models.Index(fields=["climbs_at"], condition=Q(is_open=True), name="obligations_climbing"),
            models.Index(fields=["state", "due_at"], name="obligations_in_a_state"),
        ]

    def __str__(self):
        return f"{self.title} · {self.subject_title}"

    @property
    def by(self) -> Rule | None:
        """The rule; None when its pack has been taken away."""
        return rules().get(self.rule)

    @property
    def text(self) -> Edition | None:
        """The edition it was made from."""
        rule = self.by
        return next((e for e in rule.editions if e.since == self.edition), None) if rule else None


class ObligationStep(models.Model):
    """What was done with an obligation. Written once; the audit chain holds the same, sealed, at `position`."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(_("时间"))
    action = models.CharField(_("操作"), max_length=16)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("说明"), blank=True)
    documents = models.ManyToManyField("documents.Document", blank=True, related_name="+")
    position = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["obligation", "at"], name="steps_of_an_obligation")]
