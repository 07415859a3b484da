from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One thing one person is told. `key` makes telling idempotent: the same key reaches a person once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(_("时间"))
    room = models.CharField(_("类别"), max_length=48, blank=True)
    level = models.PositiveSmallIntegerField(_("等级"), null=True, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    key = models.CharField(max_length=120, null=True, blank=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_inbox"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return self.title


class ChannelChoice(models.Model):
    """By which channel a person wants to be told, and from which level on."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channel_choices")
    channel = models.CharField(_("渠道"), max_length=16)
    enabled = models.BooleanField(_("启用"), default=True)
    least_level = models.PositiveSmallIntegerField(_("最低等级"), default=2)  # 1 red … 4 blue, 5 also without level

    class Meta:
        verbose_name = _("接收设置")
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="one_choice_per_channel")]


class Delivery(models.Model):
    """One notice on its way out through one channel, with what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        RECEIVED = "received", _("已送达")
        DEAD = "dead", _("发送失败")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("渠道"), max_length=16)
    address = models.CharField(_("地址"), max_length=254)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    receipt = models.CharField(_("回执号"), max_length=120, blank=True, db_index=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("外发记录")
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_per_channel")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["-created_at"], name="delivery_time"),
        ]
