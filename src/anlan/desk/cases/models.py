from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.registry import process_of
from anlan.desk.layers.placed import Placed
from anlan.desk.pages.grams import Grams


class Level(models.IntegerChoices):
    RED = 1, _("红色 重大")
    ORANGE = 2, _("橙色 较大")
    YELLOW = 3, _("黄色 一般")
    BLUE = 4, _("蓝色 低")


class Case(Governed, Placed):
    """One thing to be closed. `state` and `version` change only by `actions.take`, which uses them as the lock."""

    region = models.CharField(_("辖区代码"), max_length=15)
    kind = models.CharField(_("类型"), max_length=48)
    number = models.CharField(_("编号"), max_length=32, unique=True)
    title = models.CharField(_("标题"), max_length=200)
    state = models.CharField(_("状态"), max_length=32)
    is_open = models.BooleanField(_("未办结"), default=True)
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level, null=True, blank=True)
    subject = models.CharField(_("对象"), max_length=96, blank=True, db_index=True)
    key = models.CharField(_("唯一键"), max_length=96, null=True, blank=True, unique=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("经办人"),
    )
    opened_at = models.DateTimeField(_("发起时间"))
    entered_at = models.DateTimeField(_("进入本状态时间"))
    due_at = models.DateTimeField(_("办理期限"), null=True, blank=True)
    climbs_at = models.DateTimeField(_("下次升级时间"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True, blank=True)
    escalations = models.PositiveSmallIntegerField(_("升级次数"), default=0)
    supervised = models.BooleanField(_("挂牌督办"), default=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    exercise = models.BooleanField(_("演练"), default=False)
    version = models.PositiveIntegerField(default=0)
    data = models.JSONField(_("内容"), default=dict, blank=True)

    grams = Grams("title", begins="number")

    class Meta:
        verbose_name = _("闭环事项")
        # The work list is read from its index alone, in its order: whichever region a person sees, and whatever words
        # he looks for, are tested on the index. An index by region would tempt the planner to sort all its rows.
        indexes = [
            models.Index(
                fields=["kind", "-is_open", "level", "-opened_at", "region", "state", "number", "title"],
                name="case_worklist",
            ),
            models.Index(fields=["kind", "organisation", "opened_at"], name="case_organisation"),
            models.Index(fields=["kind", "opened_at", "region"], name="case_time"),
            # The organisation third: SQLite would jump over due days, of which most are none, to reach kind and region.
            models.Index(
                fields=["-is_open", "due_at", "organisation", "supervised", "kind", "region"], name="case_clock"
            ),
            models.Index(
                fields=["kind", "closed_at", "region"], condition=models.Q(closed_at__isnull=False), name="case_closed"
            ),
            models.Index(fields=["climbs_at"], condition=models.Q(climbs_at__isnull=False), name="case_climbing"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def process(self):
        return process_of(self.kind)

    @property
    def state_title(self):
        return self.process.by_name[self.state].title


class CaseStep(models.Model):
    """One step of a case, as people read it. The audit chain holds the same, sealed, at `position`."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(_("时间"))
    action = models.CharField(_("操作"), max_length=32)
    source = models.CharField(_("原状态"), max_length=32, blank=True)
    target = models.CharField(_("新状态"), max_length=32)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("说明"), blank=True)
    data = models.JSONField(default=dict, blank=True)
    documents = models.ManyToManyField("documents.Document", blank=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("办理记录")
        indexes = [models.Index(fields=["case", "at"], name="step_of_case")]


class CaseNumber(models.Model):
    """The last number given for a kind on a day."""

    kind = models.CharField(max_length=48)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day"], name="one_counter_a_day")]
