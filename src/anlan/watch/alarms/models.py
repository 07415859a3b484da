from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Level
from anlan.desk.layers.placed import Placed
from anlan.watch.alarms import conditions
from anlan.watch.alarms.rules import REASONS, Hold, trouble
from anlan.watch.devices.models import Rule


class Alarm(Governed, Placed):
    """One alarm: a rule held true at a point for a time, and soon again. The database allows one active at a time.

    It begins with an episode of the pipeline; an episode that follows soon after is an activation of the same alarm.
    """

    class Act(models.TextChoices):
        """What was last done about it."""

        ACKNOWLEDGED = "acknowledged", _("确认")
        SHELVED = "shelved", _("搁置")
        RELEASED = "released", _("结束搁置")
        RETIRED = "retired", _("停用")

    # In a storm an index is what an alarm costs: none stands here that another begins with, or that nobody asks by.
    region = models.CharField(_("辖区代码"), max_length=15)
    organisation = models.CharField(_("单位代码"), max_length=32, blank=True)
    episode = models.UUIDField(unique=True)
    point = models.ForeignKey(
        "devices.Point",
        on_delete=models.PROTECT,
        related_name="alarms",
        db_index=False,
        verbose_name=_("测点"),
    )
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
    of = models.CharField(_("比较什么"), max_length=12, choices=Rule.Of, default=Rule.Of.VALUE)
    latest = models.UUIDField(null=True)  # the episode that holds now
    activations = models.PositiveIntegerField(_("次数"), default=1)
    activated_at = models.DateTimeField(_("最近一次"), null=True, blank=True)
    recent = models.JSONField(default=list)  # seconds since 1970 of the last activations, as many as chatter needs
    chatter = models.BooleanField(_("抖动"), default=False)
    chattered = models.BooleanField(_("曾抖动"), default=False)
    state = models.CharField(_("状态"), max_length=16, choices=conditions.CHOICES, default="unacknowledged")
    rank = models.PositiveSmallIntegerField(default=conditions.WAITING)  # of the state: sorts the list
    held = models.CharField(_("抑制"), max_length=16, blank=True, choices=list(conditions.INHIBITIONS.items()))
    annunciated_at = models.DateTimeField(null=True, blank=True)  # when people were first shown it; never: held back
    minute = models.IntegerField(default=0)  # of annunciation or of raising, since 1970: what the month is counted by
    note = models.CharField(_("附注"), max_length=200, blank=True)
    last_act = models.CharField(_("最近操作"), max_length=16, blank=True, choices=Act)
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("最近操作人"),
    )
    last_at = models.DateTimeField(_("最近操作时间"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("确认人"),
    )
    cause = models.CharField(_("原因"), max_length=64, blank=True)
    case = models.ForeignKey(
        "cases.Case",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="alarms",
        db_index=False,
        verbose_name=_("预警"),
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
            models.Index(fields=["health", "rank", "level", "raised_at", "region", "organisation"], name="alarm_desk"),
            models.Index(fields=["-active", "level", "raised_at", "region", "health"], name="alarm_worklist"),
            models.Index(fields=["organisation", "active", "raised_at"], name="alarm_organisation"),
            models.Index(fields=["raised_at"], name="alarm_time"),
            models.Index(fields=["health", "minute", "region"], name="alarm_minutes"),
            models.Index(fields=["point", "cleared_at"], name="alarm_of_point"),
            models.Index(fields=["annunciated_at"], name="alarm_shown"),
            models.Index(fields=["activated_at"], condition=models.Q(chatter=True), name="alarm_chatter"),
            models.Index(fields=["case"], condition=models.Q(case__isnull=False), name="alarm_case"),
        ]

    def __str__(self):
        return self.title

    @property
    def trouble(self) -> str:
        """What is wrong with the sensor, a key of rules.TROUBLES; "" when it tells of a danger and does not chatter."""
        return trouble(self.kind, self.of, self.health, self.chatter)

    @property
    def process(self) -> conditions.Process:
        """What its states are called and look like: pages show them as those of a case."""
        return conditions.PROCESS

    def hold(self, by: Hold) -> bool:
        """Sets what holds it back, and notes why when that is design; answers whether anything changed."""
        changed, self.held = by.kind != self.held, by.kind
        if changed and by.kind == "suppressed":
            self.note = _("设计抑制：%(why)s") % {"why": by.why}
            self.note = self.note[:200]
        return changed

    def stand(self, returned_level: int) -> None:
        """Sets the state from what is known. Up to `returned_level` an alarm that is over still wants to be seen."""
        seen = self.acknowledged_at is not None or (not self.active and self.level > returned_level)
        found = conditions.state_of(self.held, self.active, seen)
        self.state, self.rank = found.code, found.rank


class Activation(models.Model):
    """A further episode of an alarm that came back soon. The first one is the alarm's own."""

    episode = models.UUIDField(unique=True)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="further")
    raised_at = models.DateTimeField(_("报警时间"))


class Telling(models.Model):
    """What happened to an alarm and the other capabilities have not been told yet. Gone as soon as they are."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    transition = models.CharField(max_length=12)

    class Meta:
        indexes = [models.Index(fields=["level", "id"], name="telling_order")]


class Inhibition(Governed):
    """What holds alarms back: shelved by a person for a time, suppressed by design, or taken out of service."""

    region = models.CharField(_("辖区代码"), max_length=15)
    kind = models.CharField(_("种类"), max_length=16, choices=list(conditions.INHIBITIONS.items()))
    device = models.ForeignKey(
        "devices.Device", on_delete=models.CASCADE, related_name="inhibitions", verbose_name=_("设备")
    )
    point = models.ForeignKey(
        "devices.Point", null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("测点")
    )
    rule = models.BigIntegerField(_("规则"), null=True, blank=True)  # None: all of the point; no point: of the device
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    title = models.CharField(_("报警"), max_length=200)
    reason = models.CharField(_("原因"), max_length=16, choices=list(REASONS.items()))
    words = models.CharField(_("说明"), max_length=200, blank=True)
    hours = models.JSONField(_("时段"), default=list, blank=True)  # suppressed: [[weekday 0-6, "08:00", "10:30"], …]
    since = models.DateTimeField(_("开始"))
    until = models.DateTimeField(_("截止"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人")
    )
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("同意人"),
    )
    in_force = models.BooleanField(_("生效"), default=False)  # False: waits for a second person, or has ended
    noticed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("结束人"),
    )

    class Meta:
        verbose_name = _("搁置与抑制")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "point", "rule"],
                condition=models.Q(ended_at=None, rule__isnull=False),
                name="one_inhibition_of_a_kind",
            ),
            models.CheckConstraint(
                name="shelving_has_an_end", condition=~models.Q(kind="shelved") | models.Q(until__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["device"], condition=models.Q(ended_at=None), name="inhibition_open"),
            models.Index(fields=["until"], condition=models.Q(in_force=True), name="inhibition_until"),
        ]

    def __str__(self):
        return self.title


class Flood(Governed):
    """A time in which more alarms came than one operator can follow, at a position: a district's or an enterprise's."""

    region = models.CharField(_("辖区代码"), max_length=15)
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"), null=True, blank=True)
    first = models.ForeignKey(Alarm, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("首发报警"))
    alarms = models.PositiveIntegerField(_("报警数"), default=0)
    peak = models.PositiveIntegerField(_("十分钟最多"), default=0)

    class Meta:
        verbose_name = _("报警洪泛")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "organisation"], condition=models.Q(ended_at=None), name="one_flood_at_a_position"
            )
        ]
        indexes = [models.Index(fields=["started_at"], name="flood_time")]
