from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.placed import Placed


class Bulletin(Placed):
    """One message of an authority, as it was received. It says nothing after its end, and stays on record."""

    class Status(models.TextChoices):
        ACTUAL = "Actual", _("实际")
        EXERCISE = "Exercise", _("演练")
        SYSTEM = "System", _("系统")
        TEST = "Test", _("测试")
        DRAFT = "Draft", _("草稿")

    class Kind(models.TextChoices):
        ALERT = "Alert", _("发布")
        UPDATE = "Update", _("更新")
        CANCEL = "Cancel", _("解除")

    class Scope(models.TextChoices):
        PUBLIC = "Public", _("公开")
        RESTRICTED = "Restricted", _("限定范围")
        PRIVATE = "Private", _("指定接收")

    class ColourFrom(models.TextChoices):
        """Where the colour was read."""

        PARAMETER = "parameter", _("报文参数")
        HEADLINE = "headline", _("标题")
        SEVERITY = "severity", _("由严重程度推定")

    source = models.CharField(_("来源"), max_length=64)
    identifier = models.CharField(_("标识"), max_length=300)
    sender = models.CharField(_("发布者标识"), max_length=300)
    sent = models.DateTimeField(_("发布时间"))
    status = models.CharField(_("性质"), max_length=10, choices=Status)
    kind = models.CharField(_("动作"), max_length=8, choices=Kind)
    scope = models.CharField(_("公开范围"), max_length=12, choices=Scope)
    event = models.CharField(_("事件"), max_length=200)
    event_code = models.CharField(_("事件代码"), max_length=64, blank=True)
    category = models.CharField(_("类别"), max_length=120, blank=True)
    level = models.PositiveSmallIntegerField(_("颜色"), null=True, blank=True)
    colour_from = models.CharField(_("颜色依据"), max_length=12, choices=ColourFrom, blank=True)
    severity = models.CharField(_("严重程度"), max_length=12)
    urgency = models.CharField(_("紧迫程度"), max_length=12)
    certainty = models.CharField(_("确定程度"), max_length=12)
    headline = models.CharField(_("标题"), max_length=500)
    sender_name = models.CharField(_("发布单位"), max_length=300, blank=True)
    effective = models.DateTimeField(_("生效时间"))
    expires = models.DateTimeField(_("失效时间"), db_index=True)
    expires_said = models.BooleanField(_("报文写明失效时间"), default=True)
    area = models.TextField(_("影响区域"), blank=True)
    region = models.CharField(_("辖区"), max_length=15, blank=True, db_index=True)  # the first of `regions`
    regions = models.JSONField(_("涉及辖区"), default=list)
    geometry = models.JSONField(_("几何（GeoJSON）"), null=True, blank=True)
    west, south, east, north = (models.FloatField(null=True, blank=True, editable=False) for _number in range(4))
    # One entry a language: language, headline, description, instruction, web, contact.
    texts = models.JSONField(_("正文"), default=list)
    faults = models.JSONField(_("不合标准之处"), default=list)
    received_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="ends", verbose_name=_("由何报文结束")
    )

    class Meta:
        verbose_name = _("外部预警")
        constraints = [models.UniqueConstraint(fields=["sender", "identifier", "sent"], name="one_bulletin_a_message")]
        indexes = [
            models.Index(fields=["-sent", "-id"], name="bulletins_by_time"),
            models.Index(fields=["ended_at", "expires"], name="bulletins_in_force"),
        ]

    def __str__(self):
        return self.headline or self.event


class Reference(models.Model):
    """Which messages an update or cancellation names, whether or not they have arrived yet."""

    of = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="references")
    sender = models.CharField(max_length=300)
    identifier = models.CharField(max_length=300)
    sent = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["identifier", "sender"], name="references_by_message")]


class Receipt(models.Model):
    """What a source sent or a feed led to, and what came of it: nothing is refused without a trace."""

    source = models.CharField(_("来源"), max_length=64)
    key = models.CharField(max_length=64, unique=True)  # digest of the document, or of the feed's entry
    received_at = models.DateTimeField(_("收到时间"), auto_now_add=True, db_index=True)
    size = models.PositiveIntegerField(_("字节"))
    taken = models.PositiveSmallIntegerField(_("收入条数"), default=0)
    words = models.CharField(_("结果"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("外部预警收报记录")

    def __str__(self):
        return f"{self.source} {self.received_at:%Y-%m-%d %H:%M}"
