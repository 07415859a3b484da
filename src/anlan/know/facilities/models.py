from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.layers.placed import Placed
from anlan.know.enterprises.models import Enterprise


class Facility(Governed, Placed):
    """One thing with a place, of an enterprise or of the public hand. `organisation` names who answers for it."""

    class HazardLevel(models.IntegerChoices):
        """Levels of major hazard installations; the first is the gravest."""

        FIRST = 1, _("一级")
        SECOND = 2, _("二级")
        THIRD = 3, _("三级")
        FOURTH = 4, _("四级")

    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="facilities", verbose_name=_("企业")
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("所属设施")
    )
    kind = models.CharField(_("类别"), max_length=48, db_index=True)
    code = models.CharField(_("编号"), max_length=64)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, db_index=True)
    geometry = models.JSONField(_("几何（GeoJSON）"), null=True, blank=True)
    hazard_level = models.PositiveSmallIntegerField(_("重大危险源等级"), choices=HazardLevel, null=True, blank=True)
    r_value = models.FloatField(_("R 值"), null=True, blank=True)
    consequence_m = models.PositiveIntegerField(
        _("后果影响范围（米）"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )
    in_service = models.BooleanField(_("在用"), default=True)
    attributes = models.JSONField(_("属性"), default=dict, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("设施")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="one_code_an_owner"),
            models.CheckConstraint(
                name="hazard_level_is_a_level",
                condition=Q(hazard_level=None) | Q(hazard_level__gte=1, hazard_level__lte=4),
            ),
            models.CheckConstraint(
                name="facility_belongs_to_its_enterprise", condition=Q(enterprise=None) | ~Q(organisation="")
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="facilities_by_name"),
            models.Index(fields=["kind", "name"], name="facilities_of_a_kind"),
            models.Index(fields=["region", "name", "code", "initials"], name="facilities_of_a_region"),
        ]

    def __str__(self):
        return self.name
