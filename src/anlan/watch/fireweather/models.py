from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anlan.standards.fire_weather import fwi
from anlan.watch.devices.models import Device
from anlan.watch.fireweather.rules import REPAIRED, UNUSABLE, Before, Reading

LACKS = {
    "temperature": _("气温"),
    "humidity": _("相对湿度"),
    "wind": _("风速"),
    "rain": _("24小时雨量"),
}


class FireWeather(models.Model):
    """One day of one station: its weather at noon, the codes and indices made of it, or why there are none."""

    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, related_name="fire_weather", verbose_name=_("林区气象站")
    )
    day = models.DateField(_("日期"))
    temperature = models.FloatField(_("气温"), null=True)  # °C
    humidity = models.FloatField(_("相对湿度"), null=True)  # %
    wind = models.FloatField(_("风速"), null=True)  # km/h
    rain = models.FloatField(_("24小时雨量"), null=True)  # mm
    measured_at = models.JSONField(default=dict)  # by quantity, when it was measured
    ffmc = models.FloatField("FFMC", null=True)
    dmc = models.FloatField("DMC", null=True)
    dc = models.FloatField("DC", null=True)
    isi = models.FloatField("ISI", null=True)
    bui = models.FloatField("BUI", null=True)
    fwi = models.FloatField("FWI", null=True)
    dsr = models.FloatField("DSR", null=True)
    danger = models.CharField(_("火险等级"), max_length=12, blank=True)  # a class of standards.fire_weather
    lacking = models.CharField(
        _("缺什么"), max_length=64, blank=True
    )  # between commas: keys of LACKS, or another reason
    carried_from = models.DateField(_("接续自"), null=True)  # whose codes it began with; None: those of the start
    explanation = models.JSONField(_("由来"), default=dict)
    reckoned_at = models.DateTimeField(_("计算时间"), auto_now=True)
    told_at = models.DateTimeField(_("送入规则时间"), null=True)  # as a reading of the station's own point

    class Meta:
        verbose_name = _("火险天气")
        constraints = [models.UniqueConstraint(fields=["device", "day"], name="one_fire_weather_a_day")]
        indexes = [models.Index(fields=["-day", "device"], name="fire_weather_by_day")]

    def __str__(self):
        return f"{self.device} {self.day}"

    @property
    def why(self) -> str:
        """Why there is no index; "" when there is one."""
        if not self.lacking:
            return ""
        if self.lacking == REPAIRED:
            return _now("检修中，读数不作数")
        if self.lacking == UNUSABLE:
            return _now("读数超出了天气可能的范围")
        names = "、".join(str(LACKS.get(name, name)) for name in self.lacking.split(","))
        return _now("正午前后没有%(names)s读数") % {"names": names}

    def measured(self) -> dict[str, Reading]:
        """The weather it was reckoned from, as far as there was any."""
        return {
            name: Reading(getattr(self, name), datetime.fromisoformat(at))
            for name, at in self.measured_at.items()
            if getattr(self, name) is not None
        }

    def to_a_tenth(self, name: str) -> float | None:
        """One of its numbers as it is shown: more digits would say more than a station measures."""
        said = getattr(self, name)
        return None if said is None else round(said, 1)

    def codes(self) -> Before | None:
        """What the next day begins with."""
        return None if self.fwi is None else Before(self.day, (self.ffmc, self.dmc, self.dc))


INDICES = fwi.Day._fields
