from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.layers.placed import Placed
from anlan.telemetry import book
from anlan.watch.devices import calendars


class Device(Governed, Placed):
    """Something that reports: alone with a token of its own, or behind a gateway under its name."""

    class Status(models.TextChoices):
        IN_SERVICE = "in_service", _("在用")
        STARTUP = "startup", _("开停车")  # rules go on, alarms are suppressed by design
        MAINTENANCE = "maintenance", _("检修")
        RETIRED = "retired", _("停用")

    code = models.CharField(_("编号"), max_length=64, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(max_length=120, blank=True, db_index=True)
    profile = models.CharField(_("类型"), max_length=48, db_index=True)
    status = models.CharField(_("状态"), max_length=16, choices=Status, default=Status.IN_SERVICE)
    is_gateway = models.BooleanField(_("网关"), default=False)
    gateway = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("所属网关")
    )
    facility = models.ForeignKey(
        "facilities.Facility",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="devices",
        verbose_name=_("所在设施"),
    )
    token_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    # In a protocol without tokens: who it says it is, with the protocol before it ("hj212:3604A1B2…").
    identity = models.CharField(_("协议标识"), max_length=128, null=True, blank=True, unique=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    settings = models.JSONField(_("协议设置"), default=dict, blank=True)
    online = models.BooleanField(_("在线"), null=True, blank=True)
    seen_at = models.DateTimeField(_("最近上报"), null=True, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("设备")
        constraints = [models.UniqueConstraint(fields=["gateway", "name"], name="one_name_behind_a_gateway")]

    def __str__(self):
        return self.name


class Point(models.Model):
    """One measured quantity of a device. Its id is the point id of the whole pipeline."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="points", verbose_name=_("设备"))
    key = models.CharField(_("键"), max_length=64)
    title = models.CharField(_("名称"), max_length=64)
    unit = models.CharField(_("单位（UCUM）"), max_length=24, blank=True)
    scale = models.FloatField(_("系数"), default=1.0)
    offset = models.FloatField(_("偏移"), default=0.0)
    low = models.FloatField(_("量程下限"), null=True, blank=True)
    high = models.FloatField(_("量程上限"), null=True, blank=True)
    health = models.BooleanField(_("关于设备自身"), default=False)  # battery, signal: no danger, but care is needed
    # Made of other points of the device, as its profile says: {"how": "COUNT", "of": [keys], …}. Nobody reports it.
    computed = models.JSONField(_("计算方式"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("测点")
        constraints = [models.UniqueConstraint(fields=["device", "key"], name="one_key_a_device")]

    def __str__(self):
        return self.title


class Rule(models.Model):
    """When a point alarms. The statutory number keeps its source and how far it was checked."""

    class Kind(models.TextChoices):
        LL = "LL", _("低低限")
        L = "L", _("低限")
        H = "H", _("高限")
        HH = "HH", _("高高限")
        SILENCE = "SILENCE", _("静默")

    class Of(models.TextChoices):
        """What of the point is held against the limit; telemetry.book.QUANTITIES says each at length."""

        VALUE = "VALUE", _("读数")
        CHANGE = "CHANGE", _("变化量")
        SPREAD = "SPREAD", _("波动幅度")
        SUM = "SUM", _("累计")
        MEAN = "MEAN", _("均值")
        BITS = "BITS", _("状态位")
        RANGE = "RANGE", _("超出量程")
        DIFFERENCE = "DIFFERENCE", _("两点之差")

    class Checked(models.TextChoices):
        FOUND = "found", _("已核对原文")
        RECALLED = "recalled", _("凭记忆，待核对")
        CONFIGURED = "configured", _("本单位设定")

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="rules", verbose_name=_("测点"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    of = models.CharField(_("比较什么"), max_length=12, choices=Of, default=Of.VALUE)
    window = models.FloatField(_("时间窗（秒）"), default=0.0)
    other = models.ForeignKey(
        Point, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("另一测点")
    )
    calendar = models.CharField(_("生效时段"), max_length=48, blank=True, choices=calendars.choices)
    limit = models.FloatField(_("限值"), null=True, blank=True)
    deadband = models.FloatField(_("回差"), default=0.0)
    on_delay = models.FloatField(_("延时报警（秒）"), default=0.0)
    off_delay = models.FloatField(_("延时恢复（秒）"), default=0.0)
    silence = models.PositiveIntegerField(_("静默时限（秒）"), default=0)
    level = models.PositiveSmallIntegerField(_("等级"), default=3)
    enabled = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)
    checked = models.CharField(_("核对情况"), max_length=12, choices=Checked, default=Checked.CONFIGURED)
    # What the operator is told: cause, consequence, action (each also with _en) and the minutes there are.
    guidance = models.JSONField(_("处置指引"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1)

    class Meta:
        verbose_name = _("报警规则")
        constraints = [
            models.UniqueConstraint(fields=["point", "kind", "of", "window", "calendar"], name="one_rule_of_a_kind"),
            models.CheckConstraint(
                name="limits_have_a_limit",
                condition=models.Q(kind="SILENCE", silence__gt=0)
                | (~models.Q(kind="SILENCE") & models.Q(limit__isnull=False)),
            ),
            models.CheckConstraint(name="rule_level_is_a_level", condition=models.Q(level__gte=1, level__lte=4)),
        ]

    def __str__(self):
        return f"{self.point} {self.get_kind_display()} {self.limit if self.limit is not None else self.silence}"

    def clean(self):
        """The pipeline itself says what is a rule and what is not: one place that decides."""
        try:
            as_published(self)
        except ValueError as fault:
            raise ValidationError(str(fault)) from fault

    # A rule is governed as its device is.
    @property
    def region(self):
        return self.point.device.region

    @property
    def organisation(self):
        return self.point.device.organisation


def as_published(rule: Rule) -> book.Rule:
    """The rule as the rule worker reads it. Errors: ValueError for what is no rule."""
    number = rule.pk or 0
    return book.Rule(
        id=number,
        point=rule.point_id or 0,
        kind=rule.kind,
        limit=rule.limit or 0.0,
        deadband=rule.deadband,
        on_delay=rule.on_delay,
        off_delay=rule.off_delay,
        level=rule.level,
        silence=rule.silence,
        of=rule.of,
        window=rule.window,
        other=rule.other_id,
        calendar=calendars.number_of(rule.calendar),
    )


class DeadLetter(models.Model):
    """A message that could not be used, as it came, with the reason. Nothing a device sent is lost."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("待处理")
        RETRIED = "retried", _("重试成功")
        REFUSED = "refused", _("重试仍失败")
        DISCARDED = "discarded", _("已忽略")

    sequence = models.BigIntegerField(unique=True)
    kind = models.CharField(_("类别"), max_length=32, db_index=True)
    reason = models.CharField(_("原因"), max_length=500)
    device = models.ForeignKey(Device, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(_("来源"), max_length=64, blank=True)
    topic = models.CharField(_("主题"), max_length=128, blank=True)
    payload = models.BinaryField(_("原文"))
    count = models.PositiveIntegerField(_("代表条数"), default=1)
    received_at = models.DateTimeField(_("收到时间"), db_index=True)
    outcome = models.CharField(_("处理"), max_length=12, choices=Outcome, default=Outcome.KEPT)
    outcome_words = models.CharField(max_length=300, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("未能读取的报文")


class Stranger(models.Model):
    """Somebody who spoke to the gateway and is not registered: admitted or refused by a person."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待确认")
        ADMITTED = "admitted", _("已准入")
        REFUSED = "refused", _("已拒绝")

    # As the gateway tells it: "jt808:013800138000", "token:<SHA-256>", "child:<id of the gateway>/<name>".
    identity = models.CharField(_("身份"), max_length=200, unique=True)
    protocol = models.CharField(_("接入方式"), max_length=24)
    name = models.CharField(_("自称"), max_length=120, blank=True)
    gateway = models.ForeignKey(
        Device, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("所属网关")
    )
    address = models.CharField(_("来源"), max_length=64, blank=True)
    weak = models.BooleanField(_("令牌过短"), default=False)
    count = models.PositiveBigIntegerField(_("发来条数"), default=0)
    first_at = models.DateTimeField(_("首次出现"))
    last_at = models.DateTimeField(_("最近出现"))
    status = models.CharField(_("处理"), max_length=12, choices=Status, default=Status.WAITING)
    device = models.ForeignKey(
        Device, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("设备")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("处理人"),
    )
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("待准入设备")
        indexes = [models.Index(fields=["status", "-last_at"], name="strangers_by_status")]

    @property
    def admitted(self) -> bool:
        return self.status == self.Status.ADMITTED

    def __str__(self):
        return self.name or self.identity


class KeptMessage(models.Model):
    """What a stranger sent, as it came; given to the gateway once he is admitted."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("待补入")
        TAKEN = "taken", _("已补入")
        REFUSED = "refused", _("未能补入")

    stranger = models.ForeignKey(Stranger, on_delete=models.CASCADE, related_name="messages")
    topic = models.CharField(_("主题"), max_length=128, blank=True)
    payload = models.BinaryField(_("原文"))
    received_at = models.DateTimeField(_("收到时间"))
    outcome = models.CharField(_("处理"), max_length=12, choices=Outcome, default=Outcome.KEPT)
    outcome_words = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("待准入设备的报文")
        constraints = [models.UniqueConstraint(fields=["stranger", "received_at"], name="one_message_an_instant")]
        indexes = [models.Index(fields=["outcome", "received_at"], name="kept_messages_to_give")]
