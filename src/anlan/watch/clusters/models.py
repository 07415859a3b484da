from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Level
from anlan.desk.layers.placed import Placed
from anlan.watch.alarms.models import Alarm

SUBJECT = "cluster"  # of its warning: "cluster:12"


class Cluster(Governed, Placed):
    """Alarms that together fulfil an area rule. Of one enterprise, or of nobody alone."""

    region = models.CharField(_("辖区代码"), max_length=15)
    rule = models.CharField(_("规则"), max_length=64)
    title = models.CharField(_("标题"), max_length=200)
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    metres = models.FloatField(_("半径（米）"))
    devices = models.PositiveIntegerField(_("设备数"))
    first_at = models.DateTimeField(_("首个报警时间"))
    last_at = models.DateTimeField(_("最近报警时间"))
    found_at = models.DateTimeField(_("发现时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    geometry = models.JSONField(default=dict)  # the circle around its middle, GeoJSON
    west, south, east, north = (models.FloatField(editable=False) for _number in range(4))
    alarms = models.ManyToManyField(Alarm, related_name="clusters", verbose_name=_("报警"))

    class Meta:
        verbose_name = _("聚集报警")
        indexes = [
            models.Index(fields=["-found_at", "region", "organisation"], name="clusters_by_time"),
            models.Index(fields=["rule"], condition=models.Q(ended_at=None), name="clusters_going_on"),
        ]

    def __str__(self):
        return self.title
