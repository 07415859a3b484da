import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.watch.devices.models import Device, Point

GB_ID = re.compile(r"[0-9]{20}")
GB_TYPES = {"131", "132"}  # camera, network camera: GB/T 28181, digits 11 to 13


class Camera(models.Model):
    """What a camera has beside what every device has. Its stream is read by `telemetry/cameras`."""

    class Transport(models.TextChoices):
        RTSP = "rtsp", _("RTSP")
        HLS = "hls", _("HLS")
        GB28181 = "gb28181", _("GB/T 28181")

    device = models.OneToOneField(
        Device, on_delete=models.CASCADE, related_name="camera", primary_key=True, verbose_name=_("设备")
    )
    transport = models.CharField(_("接入方式"), max_length=8, choices=Transport, default=Transport.RTSP)
    url = models.CharField(_("视频流地址"), max_length=400, blank=True)
    sealed_login = models.CharField(max_length=600, blank=True)
    gb_id = models.CharField(_("国标编码"), max_length=20, blank=True, db_index=True)
    parent_gb_id = models.CharField(_("上级设备国标编码"), max_length=20, blank=True)
    maker = models.CharField(_("厂商"), max_length=60, blank=True)
    ptz = models.BooleanField(_("可控云台"), default=False)
    retention_days = models.PositiveIntegerField(_("录像保存天数"), null=True, blank=True)
    covers = models.CharField(_("监视范围"), max_length=200, blank=True)
    every = models.FloatField(_("每隔几秒看一帧"), default=0.5)
    model = models.CharField(_("识别模型"), max_length=64, blank=True)
    detect = models.JSONField(_("识别"), default=dict, blank=True)  # as telemetry.cameras.settings has it

    class Meta:
        verbose_name = _("摄像机")

    def __str__(self):
        return self.device.name

    def clean(self):
        for name in ("gb_id", "parent_gb_id"):
            if (value := getattr(self, name)) and not GB_ID.fullmatch(value):
                raise ValidationError({name: _("国标编码是 20 位数字（GB/T 28181）。")})
        if self.gb_id and self.gb_id[10:13] not in GB_TYPES:
            raise ValidationError({"gb_id": _("第 11 至 13 位是类型，摄像机为 131 或 132。")})
        if self.transport == self.Transport.GB28181 and not self.gb_id:
            raise ValidationError({"gb_id": _("按 GB/T 28181 接入的摄像机须有国标编码。")})

    # A camera is governed and placed as its device is.
    @property
    def region(self):
        return self.device.region

    @property
    def organisation(self):
        return self.device.organisation


class Picture(models.Model):
    """A frame in which something was found, with what was found drawn on it."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("摄像机"))
    point = models.ForeignKey(
        Point, null=True, on_delete=models.SET_NULL, related_name="pictures", verbose_name=_("识别")
    )
    at = models.DateTimeField(_("时间"))
    value = models.FloatField(_("值"))  # as the finding has it: a confidence from 0 to 1, or seconds
    seen = models.JSONField(_("所见"), default=list)  # [what, confidence, left, top, width, height]
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+", verbose_name=_("文件")
    )

    class Meta:
        verbose_name = _("识别画面")
        constraints = [models.UniqueConstraint(fields=["device", "point", "at"], name="one_picture_of_an_instant")]
        indexes = [models.Index(fields=["point", "at"], name="picture_of_point")]

    def __str__(self):
        return f"{self.device} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def surest(self) -> float:
        """The highest confidence of what is seen in it, in per cent."""
        return round(100 * max((one[1] for one in self.seen), default=0.0))
