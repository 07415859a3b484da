"""A hidden danger carries a case of the desk: the case is its loop, this row is what is known of it.

`state`, `is_open` and `closed_at` follow the case inside the same transaction (see `following.py`), so that lists of a
million rows read one index of one table. Nothing writes them otherwise. Both have one key: a
danger and its case are found under the same number.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Case, Level
from anlan.desk.cases.registry import process_of
from anlan.desk.layers.placed import Placed
from anlan.desk.pages.grams import Grams
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.risks.models import Control, Point

KIND = "hazards.hazard"


class FoundBy(models.TextChoices):
    CHECK = "check", _("隐患排查")
    PATROL = "patrol", _("巡查扫码")
    SENSOR = "sensor", _("监测报警")
    INSPECTION = "inspection", _("执法检查")
    REPORT = "report", _("举报反映")
    SELF = "self", _("自查自报")


class Grade(models.TextChoices):
    NONE = "", _("待评估")
    GENERAL = "general", _("一般隐患")
    MAJOR = "major", _("重大隐患")


class Hazard(Governed, Placed):
    """事故隐患. `level` is 1 red for a major danger, 3 yellow for a general one, empty until it is graded."""

    region = models.CharField(_("辖区代码"), max_length=15)  # the indexes below hold both
    organisation = models.CharField(_("单位代码"), max_length=32)
    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.PROTECT, related_name="hazard", verbose_name=_("闭环事项")
    )
    key = models.CharField(_("唯一键"), max_length=96, null=True, blank=True, unique=True)
    number = models.CharField(_("编号"), max_length=32, db_index=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="hazards", verbose_name=_("企业"))
    title = models.CharField(_("隐患"), max_length=200)
    words = models.TextField(_("隐患描述"), blank=True)
    place = models.CharField(_("部位"), max_length=120, blank=True)
    post = models.CharField(_("岗位"), max_length=64, blank=True)
    kind = models.CharField(_("隐患类别"), max_length=32, default="other")  # packs: hazard_kinds
    cause = models.CharField(_("成因"), max_length=32, default="unknown")  # packs: hazard_causes
    sector = models.CharField(_("行业"), max_length=48, blank=True)  # the enterprise's first category when it was found
    found_by = models.CharField(_("发现方式"), max_length=12, choices=FoundBy)
    found_at = models.DateTimeField(_("发现时间"))
    finder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField(_("登记时间"))
    cancel_by = models.DateTimeField(_("应销号时间"), null=True, blank=True)
    told_overdue_at = models.DateTimeField(_("超期上报时间"), null=True, blank=True)
    point = models.ForeignKey(
        Point, null=True, blank=True, on_delete=models.SET_NULL, related_name="hazards", verbose_name=_("风险点")
    )
    control = models.ForeignKey(
        Control, null=True, blank=True, on_delete=models.SET_NULL, related_name="hazards", verbose_name=_("管控措施")
    )
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="repeated", verbose_name=_("重复于")
    )

    grade = models.CharField(_("隐患等级"), max_length=8, choices=Grade, default=Grade.NONE, blank=True)
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level, null=True, blank=True)
    candidates = models.JSONField(_("判定建议"), default=list, blank=True)  # Finding.as_dict() of each criterion
    criterion = models.CharField(_("判定条款"), max_length=64, blank=True)
    reason = models.TextField(_("判定理由"), blank=True)
    graded_down = models.BooleanField(_("疑似降级"), default=False)  # a candidate for major was graded general

    measure = models.TextField(_("整改措施"), blank=True)
    responsible = models.CharField(_("整改责任人"), max_length=64, blank=True)
    funds = models.FloatField(_("整改资金（万元）"), null=True, blank=True)
    deadline = models.DateField(_("整改期限"), null=True, blank=True)
    plan = models.TextField(_("应急预案"), blank=True)
    temporary = models.TextField(_("临时措施"), blank=True)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)

    state = models.CharField(_("状态"), max_length=16, default="new")
    is_open = models.BooleanField(_("未销号"), default=True)
    rectified_at = models.DateTimeField(_("整改完成时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("销号时间"), null=True, blank=True)
    listed = models.BooleanField(_("挂牌督办"), default=False)
    published = models.BooleanField(_("已公开"), default=False)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    grams = Grams("title", begins="number")

    class Meta:
        verbose_name = _("事故隐患")
        # Every index ends in the order of the list and holds the region, which the gate tests. None begins with the
        # region: it would tempt the planner to sort or read all rows of a county.
        indexes = [
            # the search for words is answered by this index alone
            models.Index(
                fields=["-found_at", "-case", "region", "number", "title", "post", "found_by"], name="hazards_by_time"
            ),
            models.Index(fields=["is_open", "-found_at", "-case", "region", "cancel_by"], name="hazards_open"),
            models.Index(fields=["organisation", "-found_at", "-case"], name="hazards_of_an_enterprise"),
            models.Index(fields=["level", "-found_at", "-case", "region"], name="hazards_of_a_level"),
            models.Index(fields=["state", "-found_at", "-case", "region"], name="hazards_of_a_state"),
            models.Index(fields=["kind", "-found_at", "-case", "region"], name="hazards_of_a_kind"),
            models.Index(fields=["sector", "-found_at", "-case", "region"], name="hazards_of_a_sector"),
            models.Index(fields=["cause", "-found_at", "-case", "region"], name="hazards_of_a_cause"),
            models.Index(fields=["closed_at", "region", "-found_at", "-case"], name="hazards_by_end"),
            models.Index(  # `is_open` also within: SQLite asks the row for what a parameter might say
                fields=["cancel_by", "region", "-found_at", "-case", "is_open"],
                condition=Q(is_open=True),
                name="hazards_to_cancel",
            ),
            models.Index(  # begins with what is asked for: of others than by equality older SQLite takes no notice
                fields=["level", "-found_at", "-case", "region", "is_open"],
                condition=Q(is_open=True, level=1),
                name="hazards_major_open",
            ),
            models.Index(fields=["-found_at", "region"], condition=Q(listed=True), name="hazards_listed"),
            models.Index(fields=["-found_at", "region"], condition=Q(graded_down=True), name="hazards_graded_down"),
        ]

    def __str__(self):
        return self.title

    @property
    def process(self):
        return process_of(KIND)


class Report(models.Model):
    """双报告: that the report of a major danger went to one of its two receivers, and that it was received."""

    class Receiver(models.TextChoices):
        DEPARTMENT = "department", _("负有安全监管职责的部门")
        CONGRESS = "congress", _("职工大会或职工代表大会")

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="reports")
    receiver = models.CharField(_("报告对象"), max_length=12, choices=Receiver)
    sent_at = models.DateTimeField(_("报告时间"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("报告内容"), blank=True)

    class Meta:
        verbose_name = _("双报告")
        constraints = [models.UniqueConstraint(fields=["hazard", "receiver"], name="one_report_a_receiver")]


class Extension(models.Model):
    """延期: asked for by the enterprise, granted or refused by somebody else."""

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="extension_requests")
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(_("申请延至"))
    words = models.TextField(_("理由"))
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField(_("同意"), null=True)

    class Meta:
        verbose_name = _("整改延期")
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=Q(granted=None), name="one_open_extension_request")
        ]


class Listing(Governed):
    """挂牌督办: the order over a major danger, until a third party has accepted its removal."""

    class Rank(models.TextChoices):
        COUNTY = "county", _("县级挂牌")
        CITY = "city", _("市级挂牌")
        PROVINCE = "province", _("省级挂牌")

    hazard = models.OneToOneField(Hazard, primary_key=True, on_delete=models.PROTECT, related_name="listing")
    rank = models.CharField(_("挂牌级别"), max_length=12, choices=Rank)
    ordered_at = models.DateTimeField(_("挂牌时间"))
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    supervisor = models.CharField(_("督办单位"), max_length=120)
    requirements = models.TextField(_("督办要求"))
    deadline = models.DateField(_("治理期限"))
    percent = models.PositiveSmallIntegerField(_("治理进度（%）"), default=0)
    assessed_at = models.DateTimeField(_("第三方验收时间"), null=True, blank=True)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField(_("第三方验收通过"), null=True)
    approved_at = models.DateTimeField(_("验收报告认可时间"), null=True, blank=True)
    asked_at = models.DateTimeField(_("申请摘牌时间"), null=True, blank=True)
    delisted_at = models.DateTimeField(_("摘牌时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    vetoed_at = models.DateTimeField(_("一票否决标记时间"), null=True, blank=True)
    proposal = models.CharField(_("建议措施"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("挂牌督办")
        indexes = [
            models.Index(fields=["-published_at"], name="listings_published"),
            models.Index(fields=["deadline"], condition=Q(delisted_at=None), name="listings_running"),
        ]


class SelfCheck(Governed):
    """That an enterprise has searched for dangers, whether it found any or none. `key` makes telling idempotent."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="self_checks")
    at = models.DateTimeField(_("自查时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    found = models.PositiveIntegerField(_("发现隐患数"), default=0)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    key = models.CharField(max_length=96, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("企业自查")
        indexes = [models.Index(fields=["enterprise", "-at"], name="self_checks_of_an_enterprise")]


class FirePromise(Governed):
    """公示承诺 of a fire unit for a year, with the fire risks it declares."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="fire_promises")
    year = models.PositiveSmallIntegerField(_("年度"))
    published_at = models.DateTimeField(_("公示时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    risks = models.TextField(_("申报的火灾风险"))
    words = models.TextField(_("承诺内容"))

    class Meta:
        verbose_name = _("消防安全公示承诺")
        constraints = [models.UniqueConstraint(fields=["enterprise", "year"], name="one_fire_promise_a_year")]


class Terms(Governed):
    """The "two 15 days" and the other periods no law read so far settles, for a region and all below it."""

    self_check_days = models.PositiveSmallIntegerField(_("自查间隔（天）"), default=15)
    cancel_days = models.PositiveSmallIntegerField(_("登记后销号期限（天）"), default=15)
    most_extensions = models.PositiveSmallIntegerField(_("最多延期次数"), default=2)
    promise_month = models.PositiveSmallIntegerField(_("消防承诺截止月"), default=3)
    promise_day = models.PositiveSmallIntegerField(_("消防承诺截止日"), default=31)

    class Meta:
        verbose_name = _("隐患治理期限")
        constraints = [models.UniqueConstraint(fields=["region"], name="one_hazard_terms_a_region")]


class Tally(models.Model):
    """Counts of the dangers found in a month, kept by the verbs in the transaction of each step (`counting.py`).

    `value` is one of the dimension's: a kind, a cause, a sector … A pair stands as "kind|sector" with "fire|dust".
    """

    month = models.DateField()
    region = models.CharField(max_length=15)
    grade = models.CharField(max_length=8, blank=True)
    dimension = models.CharField(max_length=16)
    value = models.CharField(max_length=96)
    found = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)
    repeated = models.IntegerField(default=0)
    extended = models.IntegerField(default=0)
    days = models.FloatField(default=0)  # from registration to cancellation, added up over the closed

    class Meta:
        verbose_name = _("隐患统计")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "month", "region", "grade", "value"], name="one_tally_of_hazards"
            )
        ]
