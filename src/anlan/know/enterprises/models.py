from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Level
from anlan.desk.layers.placed import Placed
from anlan.know.organisations.models import Organisation


class Enterprise(Governed, Placed):
    """The file of one enterprise. Its code is its unified social credit code, and it belongs to itself: `organisation`
    is that code too, so that the gate of an enterprise post opens exactly its own file."""

    class Scale(models.TextChoices):
        LARGE = "large", _("大型")
        MEDIUM = "medium", _("中型")
        SMALL = "small", _("小型")
        MICRO = "micro", _("微型")

    class Status(models.TextChoices):
        OPERATING = "operating", _("生产经营")
        STOPPED = "stopped", _("停产停业")
        CLOSED = "closed", _("关闭注销")

    code = models.CharField(_("统一社会信用代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, db_index=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.OPERATING)
    industry = models.CharField(_("行业代码（GB/T 4754）"), max_length=5, blank=True, db_index=True)
    scale = models.CharField(_("规模"), max_length=8, choices=Scale, blank=True)
    level = models.PositiveSmallIntegerField(_("风险等级"), choices=Level, null=True, blank=True)
    employees = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    output = models.FloatField(_("年产值（万元）"), null=True, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=64, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)
    safety_officer = models.CharField(_("安全负责人"), max_length=64, blank=True)
    safety_phone = models.CharField(_("安全负责人电话"), max_length=32, blank=True)
    duty_phone = models.CharField(_("24 小时值班电话"), max_length=32, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    supervisors = models.ManyToManyField(
        Organisation, blank=True, related_name="supervised", verbose_name=_("行业监管部门")
    )
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("企业")
        constraints = [
            models.CheckConstraint(name="enterprise_belongs_to_itself", condition=Q(organisation=F("code"))),
            models.CheckConstraint(
                name="enterprise_level_is_a_level", condition=Q(level=None) | Q(level__gte=1, level__lte=4)
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="enterprises_by_name"),
            # Holds all that the search looks at, so that finding a word in a region reads no rows.
            models.Index(fields=["region", "name", "code", "initials"], name="enterprises_of_a_region"),
            models.Index(fields=["level", "name"], name="enterprises_of_a_level"),
            models.Index(fields=["status", "scale", "name"], name="enterprises_of_a_status"),
            models.Index(fields=["scale", "name"], name="enterprises_of_a_scale"),
        ]

    def __str__(self):
        return self.short_name or self.name

    def save(self, *args, **options):
        self.organisation = self.code
        super().save(*args, **options)


class RegulatedAs(models.Model):
    """One category an enterprise is regulated as; the codes are those of the packs' `enterprise_categories`."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="categories", verbose_name=_("企业")
    )
    code = models.CharField(_("监管类别"), max_length=48)
    since = models.DateField(_("起"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("监管类别")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "code"], name="one_category_once"),
        ]
        indexes = [models.Index(fields=["code", "enterprise"], name="enterprises_of_a_category")]

    def __str__(self):
        return self.code
