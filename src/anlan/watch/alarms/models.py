from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Level
from anlan.desk.layers.placed import Placed
from anlan.watch.devices.models import Rule


class Alarm(Governed, Placed):
    """One episode: a rule held true at a point for a time. The database allows one active at a time."""

    region = models.CharField(_("辖区代码"), max_length=15)
    episode = models.UUIDField(unique=True)
    point = models.ForeignKey("devices.Point", on_delete=models.PROTECT, related_name="alarms", verbose_name=_("测点"))
    device = models.ForeignKey(
        "devices.Device", on_delete=models.PROTECT, related_name="alarms", verbose_name=_("设备")
    )
    rule = models.BigIntegerField(_("规则"))
    kind = models.CharField(_("种类"), max_length=8, choices=Rule.Kind)
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    health = models.BooleanField(_("设备健康"), default=False)  # about the sensor itself: never among safety alarms
    title = models.CharField(_("标题"), max_length=200)
    unit = models.CharField(_("单位"), max_length=24, blank=True)
    limit = models.FloatField(_("限值"), null=True, blank=True)
    value = models.FloatField(_("触发值"), null=True, blank=True)
    worst = models.FloatField(_("最值"), null=True, blank=True)
    raised_at = models.DateTimeField(_("报警时间"))
    received_at = models.DateTimeField(_("收到时间"))
    cleared_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)
    cleared_why = models.CharField(_("恢复原因"), max_length=64, blank=True)
    active = models.BooleanField(_("报警中"), default=True)
    count = models.PositiveIntegerField(_("次数"), default=1)
    acknowledged_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("确认人"),
    )
    cause = models.CharField(_("原因"), max_length=64, blank=True)
    case = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.SET_NULL, related_name="alarms", verbose_name=_("预警")
    )

    class Meta:
        verbose_name = _("报警")
        constraints = [
            models.UniqueConstraint(
                fields=["point", "rule"], condition=models.Q(active=True), name="one_active_alarm_per_point_and_rule"
            )
        ]
        # As for cases: the list is read from one index in its own order, and the region is tested on it.
        indexes = [
            models.Index(fields=["-active", "level", "raised_at", "region", "health"], name="alarm_worklist"),
            models.Index(fields=["organisation", "active", "raised_at"], name="alarm_organisation"),
            models.Index(fields=["raised_at"], name="alarm_time"),
        ]

    def __str__(self):
        return self.title
