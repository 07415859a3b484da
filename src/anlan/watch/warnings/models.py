"""What the index rests on and what it was: weights in force, the standing of each subject, every change of colour,
on-line patrols and the reports made of all this. The warning itself is a case of the desk and has no table here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Case, Level
from anlan.desk.documents.models import Document
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility


class Scope(models.TextChoices):
    FACILITY = "facility", _("设施")
    ENTERPRISE = "enterprise", _("企业")
    REGION = "region", _("区域")


class Contribution(Governed):
    """One thing that makes an index higher while it lasts and, by the policy, a while after: an alarm, an open danger,
    a permit in force, a weather alert. It weighs on a facility, else on an enterprise, else on all of a region."""

    class Kind(models.TextChoices):
        ALARM = "alarm", _("报警")
        DANGER = "danger", _("隐患")
        PERMIT = "permit", _("作业票")
        WEATHER = "weather", _("气象预警")

    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    source = models.CharField(_("来源"), max_length=96)  # "alarm:12", "hazard:7", "permit:3", "alert:5:999901"
    facility = models.ForeignKey(Facility, null=True, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    words = models.CharField(_("说明"), max_length=200)
    url = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    gone_at = models.DateTimeField(null=True)  # when it has faded away
    settled = models.BooleanField(default=False)  # it has faded away and the index knows

    class Meta:
        verbose_name = _("预警指数贡献项")
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(ended_at=None), name="one_weight_a_source"),
        ]
        indexes = [
            models.Index(fields=["facility"], condition=Q(settled=False), name="weights_of_a_facility"),
            models.Index(fields=["enterprise"], condition=Q(settled=False), name="weights_of_an_enterprise"),
            models.Index(fields=["gone_at"], condition=Q(settled=False), name="weights_fading"),
            models.Index(fields=["until"], condition=Q(ended_at=None), name="weights_to_end"),
        ]


class Standing(Governed):
    """The index of one facility, enterprise or region as last reckoned, with its reasons. Every case of it carries the
    same `subject`."""

    region = models.CharField(_("辖区代码"), max_length=15)
    scope = models.CharField(_("范围"), max_length=12, choices=Scope)
    subject = models.CharField(_("对象"), max_length=48, unique=True)  # "facility:12", "enterprise:5", "region:999901"
    facility = models.OneToOneField(Facility, null=True, on_delete=models.CASCADE, related_name="index")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.CASCADE, related_name="indexes")
    title = models.CharField(_("名称"), max_length=120)
    value = models.FloatField(_("预警指数"), default=0)
    level = models.PositiveSmallIntegerField(_("颜色"), choices=Level, null=True)
    explanation = models.JSONField(_("由来"), default=dict)
    basis = models.CharField(max_length=32, blank=True)  # digest of all it was reckoned from
    policy = models.CharField(_("指数版本"), max_length=64, blank=True)
    since = models.DateTimeField(_("颜色起于"), null=True)
    reckoned_at = models.DateTimeField(_("计算时间"), null=True)
    stale = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("预警指数")
        constraints = [
            models.CheckConstraint(
                name="index_level_is_a_level", condition=Q(level=None) | Q(level__gte=1, level__lte=4)
            )
        ]
        indexes = [
            models.Index(fields=["-value", "id", "region", "scope"], name="index_ranking"),
            models.Index(fields=["region", "scope", "level"], name="index_of_a_region"),
            models.Index(fields=["stale"], condition=Q(stale=True), name="index_to_reckon"),
        ]

    def __str__(self):
        return self.title


class ColourChange(Governed):
    """A subject came into another colour: from, to, with which index, why, and the warning it opened or moved."""

    region = models.CharField(_("辖区代码"), max_length=15)
    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="changes")
    scope = models.CharField(_("范围"), max_length=12, choices=Scope)
    at = models.DateTimeField(_("时间"))
    before = models.PositiveSmallIntegerField(_("原颜色"), choices=Level, null=True)
    after = models.PositiveSmallIntegerField(_("新颜色"), choices=Level, null=True)
    value = models.FloatField(_("预警指数"))
    explanation = models.JSONField(_("由来"), default=dict)
    case = models.ForeignKey(Case, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("预警"))

    class Meta:
        verbose_name = _("预警变色")
        indexes = [
            models.Index(fields=["at", "region", "scope"], name="colour_changes_by_time"),
            models.Index(fields=["standing", "-at"], name="colour_changes_of_one"),
        ]


class OnlinePatrol(Governed):
    """在线巡查: an officer looked from afar, what the data said at that moment, and what he found."""

    class Outcome(models.TextChoices):
        NORMAL = "normal", _("正常")
        PROBLEM = "problem", _("发现问题")

    region = models.CharField(_("辖区代码"), max_length=15)
    enterprise = models.ForeignKey(
        Enterprise, null=True, on_delete=models.PROTECT, related_name="online_patrols", verbose_name=_("企业")
    )
    case = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="online_patrols", verbose_name=_("预警")
    )
    at = models.DateTimeField(_("巡查时间"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("巡查人")
    )
    outcome = models.CharField(_("巡查结果"), max_length=8, choices=Outcome)
    words = models.TextField(_("巡查情况"))
    seen = models.JSONField(
        _("当时的数据"), default=dict
    )  # index, active alarms and values of the points at that moment
    documents = models.ManyToManyField(Document, blank=True, related_name="+", verbose_name=_("画面"))

    class Meta:
        verbose_name = _("在线巡查")
        indexes = [
            models.Index(fields=["-at", "region"], name="patrols_by_time"),
            models.Index(fields=["organisation", "-at"], name="patrols_of_an_enterprise"),
        ]

    def __str__(self):
        return f"{self.enterprise or self.region} {self.get_outcome_display()}"


class Report(Governed):
    """A numbered daily or monthly report, made of the data of its period and never changed afterwards."""

    class Kind(models.TextChoices):
        DAY = "day", _("日报")
        MONTH = "month", _("月报")

    region = models.CharField(_("辖区代码"), max_length=15)
    number = models.CharField(_("编号"), max_length=48, unique=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    first = models.DateField(_("起"))
    last = models.DateField(_("止"))
    content = models.JSONField(_("内容"))
    made_at = models.DateTimeField(_("生成时间"))
    document = models.ForeignKey(
        Document, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("文件")
    )

    class Meta:
        verbose_name = _("预警报告")
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "region", "organisation"], name="one_report_a_period"),
        ]
        indexes = [
            models.Index(fields=["-first", "region", "kind"], name="reports_by_period"),
            models.Index(fields=["organisation", "-first"], name="reports_of_an_enterprise"),
        ]

    def __str__(self):
        return self.number
