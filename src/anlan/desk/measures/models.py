from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.measures.declare import hand_figures, measures
from anlan.desk.measures.judging import KINDS
from anlan.desk.measures.periods import Period
from anlan.desk.measures.scorecards import Scorecard, scorecards


class Spanning(models.Model):
    """Something said of a period: the days from `start` up to, not including, `end`."""

    start = models.DateField(_("周期起"))
    end = models.DateField(_("周期止（不含）"))

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class FigureValue(Governed, Spanning):
    """A number somebody entered, with its source. Corrections keep the row; the audit chain keeps what it was."""

    figure = models.CharField(_("数据项"), max_length=64)
    value = models.FloatField(_("数值"))
    source = models.CharField(_("来源"), max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("填报时间"), auto_now=True)
    version = models.PositiveIntegerField(default=0)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("数据填报")
        constraints = [
            models.UniqueConstraint(fields=["figure", "region", "start", "end"], name="one_figure_a_period"),
            models.CheckConstraint(name="figure_ends_after_it_begins", condition=Q(end__gt=F("start"))),
        ]
        indexes = [models.Index(fields=["figure", "start", "region"], name="figures_by_period")]

    def __str__(self):
        known = hand_figures().get(self.figure)
        return f"{known.title if known else self.figure} {self.period}"


class Target(Governed):
    """What a plan sets for a measure in a region. `value` of a fall is the fall in per cent, as a positive number."""

    measure = models.CharField(_("指标"), max_length=64)
    kind = models.CharField(_("目标类型"), max_length=12, choices=list(KINDS.items()))
    value = models.FloatField(_("目标值"))
    strict = models.BooleanField(_("不含目标值本身"), default=False)
    binding = models.BooleanField(_("约束性"), default=False)
    first_year = models.PositiveSmallIntegerField(_("起始年"))
    last_year = models.PositiveSmallIntegerField(_("目标年"))
    base_year = models.PositiveSmallIntegerField(_("基期年"), null=True, blank=True)
    base_value = models.FloatField(_("基期值"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200)
    version = models.PositiveIntegerField(default=0)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("目标")
        constraints = [
            models.UniqueConstraint(fields=["measure", "region", "kind", "last_year"], name="one_target_a_plan"),
            models.CheckConstraint(name="target_ends_after_it_begins", condition=Q(last_year__gte=F("first_year"))),
        ]

    def __str__(self):
        known = measures().get(self.measure)
        return f"{known.title if known else self.measure} {self.last_year}"


class MeasureValue(Governed, Spanning):
    """A computed value that explains itself: `tree` holds the formula's steps and, for each figure, where it is from.
    `calibres` says by which way of counting; values of different calibres are never compared."""

    measure = models.CharField(_("指标"), max_length=64)
    value = models.FloatField(_("数值"), null=True)
    reason = models.CharField(_("无数值的原因"), max_length=300, blank=True)
    tree = models.JSONField(default=dict)
    calibres = models.JSONField(default=dict)
    computed_at = models.DateTimeField(_("计算时间"), auto_now=True)

    class Meta:
        verbose_name = _("指标数值")
        constraints = [
            models.UniqueConstraint(fields=["measure", "region", "start", "end"], name="one_value_a_period"),
        ]
        indexes = [models.Index(fields=["region", "measure", "start"], name="values_of_a_region")]

    def __str__(self):
        return f"{self.measure} {self.region} {self.period}"


class Assessment(Governed):
    """One subject judged by a scorecard in a period. `answers` by item; `result` holds every line as it was judged."""

    class State(models.TextChoices):
        DRAFT = "draft", _("填写中")
        SUBMITTED = "submitted", _("待复核")
        RETURNED = "returned", _("退回")
        CONFIRMED = "confirmed", _("已确认")

    card = models.CharField(_("评分表"), max_length=64)
    subject = models.CharField(_("对象"), max_length=96)
    period = models.CharField(_("期次"), max_length=16)
    title = models.CharField(_("对象名称"), max_length=200, blank=True)
    url = models.CharField(max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.DRAFT)
    answers = models.JSONField(_("回答"), default=dict)
    result = models.JSONField(_("评分过程"), default=dict)
    score = models.FloatField(_("得分（%）"), null=True, blank=True)
    grade = models.CharField(_("结论"), max_length=64, blank=True)
    vetoed = models.BooleanField(_("一票否决"), default=False)
    gaps = models.PositiveSmallIntegerField(_("差距"), default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    review = models.CharField(_("复核意见"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("评分")
        constraints = [models.UniqueConstraint(fields=["card", "subject", "period"], name="one_assessment_a_period")]
        indexes = [
            models.Index(fields=["-made_at", "id"], name="assessments_by_time"),
            models.Index(fields=["region", "-made_at"], name="assessments_of_a_region"),
            models.Index(fields=["organisation", "card", "-made_at"], name="assessments_of_a_unit"),
        ]

    def __str__(self):
        return f"{self.scorecard.title if self.scorecard else self.card} · {self.title}"

    @property
    def scorecard(self) -> Scorecard | None:
        """The card; None when its pack has been taken away."""
        return scorecards().get(self.card)
