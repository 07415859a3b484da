from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.layers.placed import Placed


class Closure(Governed, Placed):
    """A road closed for a time: no way leads through the circle around its place. It stays on record when lifted."""

    class Reason(models.TextChoices):
        ACCIDENT = "accident", _("交通事故")
        CORDON = "cordon", _("险情警戒")
        WATER = "water", _("积水")
        SLIDE = "slide", _("塌方滑坡")
        ICE = "ice", _("冰雪")
        WORKS = "works", _("道路施工")
        EVENT = "event", _("活动管制")
        OTHER = "other", _("其他")

    road = models.CharField(_("道路"), max_length=120, blank=True)
    reason = models.CharField(_("封闭原因"), max_length=12, choices=Reason)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    radius = models.PositiveSmallIntegerField(
        _("封闭半径（米）"), default=20, validators=[MinValueValidator(5), MaxValueValidator(2000)]
    )
    since = models.DateTimeField(_("封闭时间"))
    until = models.DateTimeField(_("预计恢复"), null=True, blank=True)
    passable = models.BooleanField(_("救援车辆可通行"), default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("解除时间"), null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    lift_words = models.CharField(_("解除说明"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("道路封闭")
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_begins",
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
            ),
            models.CheckConstraint(
                name="closure_lies_somewhere", condition=models.Q(lon__isnull=False, lat__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["lifted_at", "until"], name="closures_in_force")]

    def __str__(self):
        return self.road or self.get_reason_display()
