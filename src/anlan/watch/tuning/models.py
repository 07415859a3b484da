from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.watch.devices.models import Rule

PERSON = settings.AUTH_USER_MODEL


class Trial(Governed):
    """A changed rule and the one in force, run over a stretch of the archive."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队")
        RUNNING = "running", _("试算中")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")
        FAILED = "failed", _("未完成")

    AT_WORK = (State.WAITING, State.RUNNING)

    class Scope(models.TextChoices):
        POINT = "point", _("本测点")
        PROFILE = "profile", _("同类设备（我可见的）")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="trials", verbose_name=_("报警规则"))
    after = models.JSONField(_("拟改为"))
    scope = models.CharField(_("范围"), max_length=12, choices=Scope, default=Scope.POINT)
    within = models.CharField(_("辖区"), max_length=15, blank=True)  # with the scope of a profile: its devices here
    starts_at = models.DateTimeField(_("起"))
    ends_at = models.DateTimeField(_("止"))
    windows = models.JSONField(_("实际险情时段"), default=list, blank=True)  # [[start, end], …] in ISO; none: warnings
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)  # per cent
    points = models.PositiveIntegerField(_("测点数"), default=0)
    outcome = models.JSONField(default=dict, blank=True)  # {"before": counts, "after": counts}
    problem = models.CharField(_("原因"), max_length=300, blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("规则试算")
        indexes = [models.Index(fields=["-asked_at", "id"], name="trials_by_time")]

    def __str__(self):
        return f"{self.rule} {self.starts_at:%Y-%m-%d}"


class Change(Governed):
    """What is asked of a rule. A direct one is in force already and waits to be approved afterwards."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批准")
        DIRECT = "direct", _("紧急变更，待补批")
        APPROVED = "approved", _("已批准")
        REFUSED = "refused", _("不批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="changes", verbose_name=_("报警规则"))
    before = models.JSONField(_("变更前"))
    after = models.JSONField(_("变更后"))
    why = models.CharField(_("变更理由"), max_length=300)
    trial = models.ForeignKey(
        Trial, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("规则试算")
    )
    direct = models.BooleanField(_("紧急直接变更"), default=False)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("批准人")
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    words = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("规则变更")
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=Q(state="asked"), name="one_open_change_a_rule")
        ]
        indexes = [models.Index(fields=["-asked_at", "id"], name="rule_changes_by_time")]

    def __str__(self):
        return str(self.rule)


class Version(models.Model):
    """A rule as it was from `since` on. The first one is written when the first change comes."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions", verbose_name=_("报警规则"))
    number = models.PositiveIntegerField(_("版本"))
    settings = models.JSONField(_("内容"))
    since = models.DateTimeField(_("生效时间"), null=True)  # None: since the device was registered
    change = models.ForeignKey(Change, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("规则版本")
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="one_rule_version_of_a_number")]
