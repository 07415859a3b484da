"""Permits of special work with what is measured and cut off for them; limited spaces; small works."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Case, Level
from anlan.desk.layers.placed import Placed
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.admission.models import Contractor
from anlan.prevent.permits.kinds import KINDS, LEVELS
from anlan.prevent.risks.models import Point

KIND_CHOICES = [(code, kind.title) for code, kind in KINDS.items()]
LEVEL_CHOICES = list(LEVELS.items())


class Space(Governed, Placed):
    """有限空间: an entry of the book that Order 13 (article 6) asks for: number, place, hazard factors."""

    class Kind(models.TextChoices):
        EQUIPMENT = "equipment", _("密闭或半密闭设备")
        UNDERGROUND = "underground", _("地下有限空间")
        ABOVE = "above", _("地上有限空间")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="spaces", verbose_name=_("企业"))
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.SET_NULL, related_name="spaces", verbose_name=_("设施")
    )
    code = models.CharField(_("编号"), max_length=48)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    place = models.CharField(_("位置"), max_length=200)
    factors = models.CharField(_("危险有害因素"), max_length=200)
    toxic = models.BooleanField(_("有中毒或窒息风险"), default=True)
    openings = models.PositiveSmallIntegerField(_("进出口数"), default=1)
    volume = models.FloatField(_("容积（m³）"), null=True, blank=True)
    depth = models.FloatField(_("深度（m）"), null=True, blank=True)
    signed = models.BooleanField(_("已设警示标志"), default=False)
    barred = models.BooleanField(_("已上锁或设围栏"), default=False)
    gear = models.CharField(_("防护和救援装备"), max_length=200, blank=True)
    responsible = models.CharField(_("责任人"), max_length=64, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)
    in_use = models.BooleanField(_("在用"), default=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("有限空间")
        constraints = [models.UniqueConstraint(fields=["enterprise", "code"], name="one_space_code_an_enterprise")]
        indexes = [
            models.Index(fields=["name", "id"], name="spaces_by_name"),
            models.Index(fields=["organisation", "name"], name="spaces_of_an_enterprise"),
            models.Index(fields=["region", "name", "code", "initials"], name="spaces_of_a_region"),
        ]

    def __str__(self):
        return self.name


class Permit(Governed, Placed):
    """作业票. The case is its closed loop and its key; state, end and openness are the case's, kept here for lists."""

    region = models.CharField(_("辖区代码"), max_length=15)  # the composite indexes below serve it
    organisation = models.CharField(_("单位代码"), max_length=32)
    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.PROTECT, related_name="permit", verbose_name=_("闭环事项")
    )
    number = models.CharField(_("票号"), max_length=32, unique=True)
    kind = models.CharField(_("作业类别"), max_length=24, choices=KIND_CHOICES)
    level = models.CharField(_("作业级别"), max_length=8, choices=LEVEL_CHOICES, blank=True)
    gravity = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    state = models.CharField(_("状态"), max_length=32)
    is_open = models.BooleanField(_("未关闭"), default=True)
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="permits", verbose_name=_("企业"))
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.SET_NULL, related_name="permits", verbose_name=_("设施")
    )
    point = models.ForeignKey(
        Point, null=True, blank=True, on_delete=models.SET_NULL, related_name="permits", verbose_name=_("风险点")
    )
    space = models.ForeignKey(
        Space, null=True, blank=True, on_delete=models.PROTECT, related_name="permits", verbose_name=_("有限空间")
    )
    contractor = models.ForeignKey(
        Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="permits", verbose_name=_("承包商")
    )
    work = models.CharField(_("作业内容"), max_length=200)
    place = models.CharField(_("作业地点"), max_length=200)
    hazards = models.TextField(_("风险辨识结果"), blank=True)
    facts = models.JSONField(_("作业参数"), default=dict, blank=True)  # height_m, mass_t … what rules ask for
    upgraded = models.CharField(_("升级管理的原因"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("计划开始"))
    valid_until = models.DateTimeField(_("有效期至"))
    begun_at = models.DateTimeField(_("实际开始"), null=True, blank=True)
    paused_at = models.DateTimeField(_("中断时间"), null=True, blank=True)  # the last break; kept when work goes on
    ended_at = models.DateTimeField(_("完工时间"), null=True, blank=True)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("作业负责人")
    )
    guardian = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="guarded", verbose_name=_("监护人")
    )
    measures = models.JSONField(_("安全措施"), default=list, blank=True)  # [{no, zh, en, done, by, at}]
    token = models.CharField(max_length=32, unique=True)  # of the printed QR code
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("作业票")
        constraints = [
            models.CheckConstraint(name="permit_ends_after_start", condition=Q(valid_until__gt=F("starts_at"))),
            models.CheckConstraint(name="permit_gravity_is_a_level", condition=Q(gravity__gte=1, gravity__lte=4)),
        ]
        # The ledger and the live list are each read from one index in its own order.
        indexes = [
            models.Index(fields=["-starts_at", "case", "region", "kind", "state"], name="permits_ledger"),
            models.Index(fields=["is_open", "valid_until", "case", "region", "state"], name="permits_live"),
            models.Index(fields=["organisation", "-starts_at"], name="permits_of_an_enterprise"),
            models.Index(fields=["kind", "-starts_at"], name="permits_of_a_kind"),
            models.Index(fields=["guardian", "is_open"], name="permits_of_a_guardian"),
        ]

    def __str__(self):
        return f"{self.number} {self.work}"


class Worker(models.Model):
    """作业人: somebody who does the work. `certificate` is a number of the ledger of special-operation certificates."""

    permit = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="workers")
    name = models.CharField(_("姓名"), max_length=64)
    certificate = models.CharField(_("特种作业证编号"), max_length=32, blank=True)
    inside_since = models.DateTimeField(_("进入时间"), null=True, blank=True)  # limited spaces count people in and out

    class Meta:
        verbose_name = _("作业人")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class GasTest(models.Model):
    """气体分析: one sampling at one place, what each gas was, and what the rule said of it."""

    permit = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="gas_tests")
    at = models.DateTimeField(_("分析时间"))
    place = models.CharField(_("取样部位"), max_length=80)
    readings = models.JSONField(_("结果"))  # {"o2": 20.9, "lel": 0, "h2s": 0}
    passed = models.BooleanField(_("合格"))
    explanation = models.JSONField(_("判定过程"), default=dict)  # Finding.as_dict()
    source = models.CharField(_("来源"), max_length=48, default="person")  # person, device:12
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("气体分析")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["permit", "-at"], name="gas_tests_of_a_permit")]


class Isolation(models.Model):
    """隔离点: a blind put in or a switch locked, with who did it, and who took it away again."""

    class Kind(models.TextChoices):
        BLIND = "blind", _("盲板或拆除管段")
        ELECTRIC = "electric", _("断电上锁挂牌")
        MECHANICAL = "mechanical", _("机械能锁定")
        OTHER = "other", _("其他能量隔离")

    permit = models.ForeignKey(Permit, on_delete=models.CASCADE, related_name="isolations")
    kind = models.CharField(_("隔离方式"), max_length=12, choices=Kind)
    tag = models.CharField(_("编号"), max_length=48)
    position = models.CharField(_("位置"), max_length=120)
    medium = models.CharField(_("介质或能量"), max_length=80, blank=True)
    set_at = models.DateTimeField(_("隔离时间"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("隔离点")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["permit", "tag"], name="one_isolation_tag_a_permit")]


class SmallWork(Governed, Placed):
    """小散工程、零星作业: registered on the spot, graded by rule, looked at again and again until it ends."""

    class Kind(models.TextChoices):
        FACADE = "facade", _("外墙、广告牌高处作业")
        ROOF = "roof", _("屋面、光伏安装维修")
        DEMOLITION = "demolition", _("拆除改造")
        WELDING = "welding", _("焊接切割动火")
        PIT = "pit", _("清池、清淤、下井")
        DIGGING = "digging", _("沟槽开挖")
        LIFTING = "lifting", _("起重吊装")
        WIRING = "wiring", _("临时接电")
        DECORATION = "decoration", _("室内装修")
        OTHER = "other", _("其他零星作业")

    kind = models.CharField(_("作业类别"), max_length=12, choices=Kind)
    title = models.CharField(_("作业内容"), max_length=120)
    place = models.CharField(_("地点"), max_length=200)
    owner = models.CharField(_("业主或发包人"), max_length=120)
    phone = models.CharField(_("联系电话"), max_length=32)
    builder = models.CharField(_("施工人或队伍"), max_length=120, blank=True)
    workers = models.PositiveSmallIntegerField(_("作业人数"), default=1)
    height = models.FloatField(_("作业高度或深度（m）"), null=True, blank=True)
    certified = models.BooleanField(_("作业人员持证"), default=False)
    crowded = models.BooleanField(_("临街或人员密集"), default=False)
    starts_on = models.DateField(_("开工日期"))
    ends_on = models.DateField(_("计划完工"))
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    explanation = models.JSONField(_("等级的由来"), default=dict)
    every_days = models.PositiveSmallIntegerField(_("检查间隔（天）"))
    next_check = models.DateField(_("下次检查"), null=True, blank=True)
    is_open = models.BooleanField(_("进行中"), default=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    registered_at = models.DateTimeField(_("登记时间"))
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("小散工程")
        constraints = [
            models.CheckConstraint(name="small_work_level_is_a_level", condition=Q(level__gte=1, level__lte=4)),
            models.CheckConstraint(name="small_work_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
        ]
        indexes = [
            models.Index(fields=["-is_open", "next_check", "id", "region"], name="small_works_worklist"),
            models.Index(fields=["region", "-is_open", "next_check"], name="small_works_of_a_region"),
        ]

    def __str__(self):
        return self.title


class SmallWorkCheck(models.Model):
    """One look at a small work: what was found; `stopped` when it could not go on."""

    work = models.ForeignKey(SmallWork, on_delete=models.CASCADE, related_name="checks")
    at = models.DateTimeField(_("检查时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("情况"), max_length=300)
    safe = models.BooleanField(_("未发现问题"), default=True)

    class Meta:
        verbose_name = _("小散工程检查")
        ordering = ["-at", "-pk"]
