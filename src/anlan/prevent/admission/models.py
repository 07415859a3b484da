"""What an enterprise keeps of those who work for it from outside. Each row belongs to the enterprise that admits."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed


class Contractor(Governed):
    """承包商: a company as one enterprise knows it. `organisation` is that enterprise; `code` the company's own."""

    code = models.CharField(_("统一社会信用代码"), max_length=32)
    name = models.CharField(_("承包商名称"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True)
    scope = models.CharField(_("承包范围"), max_length=200, blank=True)
    qualification = models.CharField(_("资质证书"), max_length=120, blank=True)
    qualification_until = models.DateField(_("资质有效期至"), null=True, blank=True)
    licence = models.CharField(_("安全生产许可证"), max_length=64, blank=True)
    licence_until = models.DateField(_("许可证有效期至"), null=True, blank=True)
    agreement_until = models.DateField(_("安全生产管理协议有效期至"), null=True, blank=True)
    contact = models.CharField(_("联系人"), max_length=64, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)
    barred = models.CharField(_("禁入原因"), max_length=200, blank=True)  # not empty: it may not come in
    points = models.PositiveSmallIntegerField(_("违章记分（12个月）"), default=0)  # kept with each violation
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("承包商")
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="one_contractor_an_enterprise")]
        indexes = [
            models.Index(fields=["name", "id"], name="contractors_by_name"),
            models.Index(fields=["organisation", "name"], name="contractors_of_an_enterprise"),
            models.Index(fields=["region", "name", "code", "initials"], name="contractors_of_a_region"),
        ]

    def __str__(self):
        return self.name


class Staff(Governed):
    """承包商人员: one person of a contractor. `certificate` is the number in the ledger of special-operation
    certificates, which says what it is for and until when; nothing of it is kept twice."""

    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="staff", verbose_name=_("承包商"))
    name = models.CharField(_("姓名"), max_length=64)
    job = models.CharField(_("工种"), max_length=64, blank=True)
    phone = models.CharField(_("手机"), max_length=32, blank=True)
    certificate = models.CharField(_("特种作业证编号"), max_length=32, blank=True)
    trained_on = models.DateField(_("入厂安全教育日期"), null=True, blank=True)
    trained_until = models.DateField(_("教育有效期至"), null=True, blank=True)
    insured_until = models.DateField(_("工伤或安责险有效期至"), null=True, blank=True)
    barred = models.CharField(_("禁入原因"), max_length=200, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("承包商人员")
        indexes = [
            models.Index(fields=["name", "id"], name="contract_staff_by_name"),
            models.Index(fields=["organisation", "name"], name="contract_staff_of_enterprise"),
        ]

    def __str__(self):
        return self.name


class Entry(Governed):
    """入厂许可: who of a contractor may come in, for which work, on which days; or why not."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审核")
        ADMITTED = "admitted", _("准入")
        REFUSED = "refused", _("不准入")
        WITHDRAWN = "withdrawn", _("已收回")

    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, related_name="entries", verbose_name=_("承包商")
    )
    staff = models.ManyToManyField(Staff, related_name="entries", verbose_name=_("人员"))
    work = models.CharField(_("作业内容"), max_length=200)
    kind = models.CharField(_("特殊作业类别"), max_length=24, blank=True)  # of permits, "" for ordinary work
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.ASKED)
    reasons = models.JSONField(_("不准入的原因"), default=list, blank=True)  # Reason.as_dict() of rules
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("审核人")
    )
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("入厂许可")
        constraints = [models.CheckConstraint(name="entry_ends_after_start", condition=Q(ends_on__gte=F("starts_on")))]
        indexes = [
            models.Index(fields=["-asked_at", "id"], name="entries_by_time"),
            models.Index(fields=["organisation", "-asked_at"], name="entries_of_an_enterprise"),
            models.Index(fields=["region", "-asked_at"], name="entries_of_a_region"),
            models.Index(fields=["state", "ends_on"], name="entries_in_force"),
        ]

    def __str__(self):
        return f"{self.contractor.name} {self.starts_on:%Y-%m-%d}"


class Violation(Governed):
    """违章: what somebody of a contractor did wrong, and how many points it counts."""

    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, related_name="violations", verbose_name=_("承包商")
    )
    staff = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="violations", verbose_name=_("人员")
    )
    on = models.DateField(_("日期"))
    words = models.CharField(_("违章情况"), max_length=300)
    points = models.PositiveSmallIntegerField(_("记分"), default=1)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("承包商违章")
        indexes = [
            models.Index(fields=["-on", "id"], name="violations_by_day"),
            models.Index(fields=["organisation", "-on"], name="violations_of_an_enterprise"),
        ]

    def __str__(self):
        return self.words
