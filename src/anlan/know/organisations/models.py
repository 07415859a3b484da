from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.layers.placed import Placed


class Organisation(Governed, Placed):
    """A body that answers for something and is no enterprise. It belongs to itself: `organisation` is its own code."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("政府部门")
        GOVERNMENT = "government", _("政府、街道、管委会")
        COMMITTEE = "committee", _("议事协调机构")
        BRIGADE = "brigade", _("消防救援队伍")
        INSTITUTION = "institution", _("事业单位")
        VILLAGE = "village", _("村（居）委会")
        SOCIAL = "social", _("社会组织")
        SERVICE = "service", _("技术服务机构")

    code = models.CharField(_("统一社会信用代码或内部代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, db_index=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("上级单位")
    )
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=32, blank=True)
    duty_phone = models.CharField(_("值班电话"), max_length=32, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("单位")
        constraints = [
            models.CheckConstraint(name="organisation_belongs_to_itself", condition=Q(organisation=F("code"))),
        ]

    def __str__(self):
        return self.short_name or self.name

    def save(self, *args, **options):
        self.organisation = self.code
        super().save(*args, **options)


class Person(Governed):
    """Somebody who can be called, with or without an account; `organisation` is the code of the body or enterprise."""

    name = models.CharField(_("姓名"), max_length=64)
    initials = models.CharField(_("拼音首字母"), max_length=64, blank=True, db_index=True)
    phone = models.CharField(_("手机"), max_length=32, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        verbose_name=_("账号"),
    )
    active = models.BooleanField(_("在职"), default=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        indexes = [models.Index(fields=["organisation", "name"], name="people_of_an_organisation")]

    def __str__(self):
        return self.name


class Position(models.Model):
    """A title that a person holds in an organisation or enterprise, with its duties and the number that rings there."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="positions", verbose_name=_("人员"))
    organisation = models.CharField(_("单位代码"), max_length=32, db_index=True)
    title = models.CharField(_("职务"), max_length=80)
    duties = models.TextField(_("安全职责"), blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=100)
    duty_phone = models.CharField(_("值班电话"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("职务")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "title"], name="one_title_once"),
        ]

    def __str__(self):
        return self.title
