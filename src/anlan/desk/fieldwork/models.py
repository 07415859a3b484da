from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.documents.models import Document

OWNER = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Handset(models.Model):
    """A phone on which somebody carries work. Revoked, it is told to forget all it carries at its next contact."""

    user = models.ForeignKey(verbose_name=_("使用人"), **OWNER)
    device = models.UUIDField(_("设备标识"))
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)
    bound_at = models.DateTimeField(_("绑定时间"))
    seen_at = models.DateTimeField(_("最近联系"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("手机")
        constraints = [models.UniqueConstraint(fields=["user", "device"], name="one_handset_once")]


class Upload(models.Model):
    """A picture, voice or signature on its way in pieces; with its last piece it becomes a document."""

    key = models.UUIDField(unique=True)
    user = models.ForeignKey(**OWNER)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    begun_at = models.DateTimeField()
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("上传")
        indexes = [models.Index(fields=["user", "begun_at"], name="upload_by_user")]


class Sending(Governed):
    """What came from a phone, kept as it came, whatever becomes of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("照片未齐")
        APPLIED = "applied", _("已办")
        LETTER = "letter", _("未能办理")
        CONFLICT = "conflict", _("与他人填写不一致")
        SETTLED = "settled", _("已另行处理")

    key = models.UUIDField(_("编号"), unique=True)
    user = models.ForeignKey(verbose_name=_("发送人"), **OWNER)
    handset = models.ForeignKey(Handset, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("事项"), max_length=64)
    title = models.CharField(_("名称"), max_length=200, blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("原因"), blank=True)
    fields = models.JSONField(default=dict)  # of a conflict: {question: [sent, there]}
    subject = models.CharField(max_length=96, blank=True)
    words = models.CharField(_("结果"), max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("办理次数"), default=0)
    made_at = models.DateTimeField(_("填写时间"))
    received_at = models.DateTimeField(_("收到时间"))
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("手机来件")
        indexes = [
            models.Index(fields=["user", "-received_at"], name="sending_by_user"),
            models.Index(fields=["is_open", "-received_at", "region"], name="sending_open"),
        ]

    def __str__(self):
        return self.title or self.name
