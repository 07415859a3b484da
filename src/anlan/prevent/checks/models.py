"""A plan makes tasks; a task asks the questions of a sheet; an answer proves a control or tells of a danger.

A sheet never changes: whatever was asked stands in it as it was asked, and a newer edition is another sheet. So an
answered task shows for ever the questions, clauses and limits it was answered with.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.layers.placed import Placed
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.risks.models import Control, Point


class Level(models.TextChoices):
    """Who answers: a level of the enterprise, as its controls name it, or an officer."""

    COMPANY = "company", _("公司级")
    WORKSHOP = "workshop", _("车间级")
    TEAM = "team", _("班组级")
    POST = "post", _("岗位级")
    GOVERNMENT = "government", _("政府检查")


class Kind(models.TextChoices):
    """Why is checked."""

    ROUTINE = "routine", _("日常排查")  # from the controls of the risks, in their frequency
    COMPREHENSIVE = "comprehensive", _("综合排查")
    SPECIAL = "special", _("专项排查")
    SEASONAL = "seasonal", _("季节性排查")
    HOLIDAY = "holiday", _("节假日排查")
    FIRE = "fire", _("消防自查")
    RANDOM = "random", _("双随机抽查")


class Verdict(models.TextChoices):
    OK = "ok", _("符合")
    NOT = "not", _("不符合")
    NA = "na", _("不适用")


class Sheet(models.Model):
    """What is asked, frozen: `items` as `sheets.freeze` writes them. Two equal sheets are one row."""

    code = models.CharField(_("检查表"), max_length=64, db_index=True)  # code of a pack's checklist, "" from controls
    edition = models.CharField(_("版本"), max_length=24, blank=True)
    title = models.CharField(_("名称"), max_length=120)
    title_en = models.CharField(max_length=160, blank=True)
    items = models.JSONField(_("检查内容"))
    count = models.PositiveIntegerField(_("项数"))
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("形成时间"))

    class Meta:
        verbose_name = _("检查表版本")

    def __str__(self):
        return self.title


class Plan(Governed):
    """Who checks what how often. A plan `from_controls` asks what the controls of its level, post and frequency say."""

    region = models.CharField(_("辖区代码"), max_length=15)  # the composite indexes below serve it
    organisation = models.CharField(_("单位代码"), max_length=32)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="check_plans", verbose_name=_("企业")
    )
    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind, default=Kind.ROUTINE)
    level = models.CharField(_("责任层级"), max_length=12, choices=Level, default=Level.POST)
    post = models.CharField(_("责任岗位"), max_length=64, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="check_plans",
        verbose_name=_("检查人"),
    )
    from_controls = models.BooleanField(_("来自管控措施"), default=False)
    checklist = models.CharField(_("检查表"), max_length=64, blank=True)
    every_days = models.PositiveSmallIntegerField(_("周期（天）"), null=True, blank=True)  # none: once
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    next_on = models.DateField(_("下次生成"), null=True, blank=True)  # none: nothing more to come
    in_use = models.BooleanField(_("启用"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("排查计划")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "level", "post", "every_days"],
                condition=Q(from_controls=True),
                name="one_plan_a_level_post_and_frequency",
            ),
            models.CheckConstraint(
                name="a_plan_asks_controls_or_a_checklist",
                condition=Q(from_controls=True, checklist="") | (Q(from_controls=False) & ~Q(checklist="")),
            ),
        ]
        indexes = [
            models.Index(fields=["next_on", "in_use"], name="check_plans_to_come"),
            models.Index(fields=["organisation", "in_use", "id"], name="check_plans_of_an_owner"),
            models.Index(fields=["region", "id"], name="check_plans_of_a_region"),
        ]

    def __str__(self):
        return self.title


class Task(Governed):
    """One check to be made. The counts are kept by the verbs, so that no list counts answers."""

    class State(models.TextChoices):
        OPEN = "open", _("待检查")
        DONE = "done", _("已完成")
        MISSED = "missed", _("漏检")  # the next one came before it was done
        WITHDRAWN = "withdrawn", _("已撤销")

    region = models.CharField(_("辖区代码"), max_length=15)
    organisation = models.CharField(_("单位代码"), max_length=32)
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks", verbose_name=_("排查计划")
    )
    draw = models.ForeignKey(
        "Draw", null=True, blank=True, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("抽查")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="check_tasks", verbose_name=_("企业")
    )
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("检查表"))
    title = models.CharField(_("检查任务"), max_length=120)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind, default=Kind.ROUTINE)
    level = models.CharField(_("责任层级"), max_length=12, choices=Level, default=Level.POST)
    post = models.CharField(_("责任岗位"), max_length=64, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="check_tasks",
        verbose_name=_("检查人"),
    )
    period = models.DateField(_("所属周期"))  # its first day
    due_at = models.DateTimeField(_("期限"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.OPEN)
    answered = models.PositiveIntegerField(_("已答"), default=0)
    total = models.PositiveIntegerField(_("项数"), default=0)
    failed = models.PositiveIntegerField(_("不符合"), default=0)
    late = models.BooleanField(_("逾期"), default=False)
    told_at = models.DateTimeField(null=True, blank=True)  # when it was told that the check is overdue
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("检查任务")
        constraints = [models.UniqueConstraint(fields=["plan", "period"], name="one_check_a_period")]
        # Each holds what the list tests and sorts by, so that a page reads as many rows as it shows. None begins with
        # the region: a district is a range of codes, and sorting what lies in it would read half the table.
        indexes = [
            models.Index(fields=["state", "due_at", "id", "region", "level"], name="checks_by_state"),
            models.Index(fields=["organisation", "state", "due_at", "id", "level"], name="checks_of_an_owner"),
            models.Index(fields=["due_at", "id", "region", "level", "state"], name="checks_by_time"),
        ]

    def __str__(self):
        return self.title

    @property
    def url(self) -> str:
        return f"/checks/{self.pk}/"


class Answer(models.Model):
    """What was found at one item. `control` is the measure that was looked at; `hazard` what came of a "not"."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="answers")
    item = models.CharField(max_length=48)
    control = models.ForeignKey(Control, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    verdict = models.CharField(_("结论"), max_length=4, choices=Verdict)
    reading = models.FloatField(_("读数"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    photos = models.JSONField(_("照片"), default=list, blank=True)  # numbers of documents
    hazard = models.ForeignKey(Hazard, null=True, blank=True, on_delete=models.SET_NULL, related_name="answers")
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("检查结果")
        constraints = [models.UniqueConstraint(fields=["task", "item"], name="one_answer_an_item")]


class Proof(Governed):
    """When a control was last seen to hold. Past `due_at` it is not proven, whatever the board on the wall says."""

    region = models.CharField(_("辖区代码"), max_length=15)
    organisation = models.CharField(_("单位代码"), max_length=32)
    control = models.OneToOneField(Control, on_delete=models.CASCADE, related_name="proof", verbose_name=_("管控措施"))
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+", verbose_name=_("企业"))
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="proofs", verbose_name=_("风险点"))
    verdict = models.CharField(_("最近结论"), max_length=4, choices=Verdict, blank=True)
    at = models.DateTimeField(_("最近检查"), null=True, blank=True)
    due_at = models.DateTimeField(_("应再检查"))

    class Meta:
        verbose_name = _("管控验证")
        indexes = [
            models.Index(fields=["due_at", "id", "region"], name="proofs_by_time"),
            models.Index(fields=["organisation", "due_at", "id"], name="proofs_of_an_owner"),
        ]

    def __str__(self):
        return str(self.control)


class Tally(Governed):
    """Checks of an enterprise, level and post in a month, added up by the verbs as they happen."""

    region = models.CharField(_("辖区代码"), max_length=15)
    organisation = models.CharField(_("单位代码"), max_length=32)
    month = models.DateField(_("月份"))  # of the day the check is due
    level = models.CharField(_("责任层级"), max_length=12, choices=Level)
    post = models.CharField(_("责任岗位"), max_length=64, blank=True)
    due = models.PositiveIntegerField(_("应检"), default=0)
    done = models.PositiveIntegerField(_("已检"), default=0)
    late = models.PositiveIntegerField(_("逾期完成"), default=0)
    missed = models.PositiveIntegerField(_("漏检"), default=0)
    items = models.PositiveIntegerField(_("检查项"), default=0)
    failed = models.PositiveIntegerField(_("不符合项"), default=0)

    class Meta:
        verbose_name = _("检查统计")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "level", "post"], name="one_tally_a_post_and_month"
            )
        ]
        indexes = [
            # Holds what the trend adds up, so that a year of it reads no rows.
            models.Index(
                fields=["month", "region", "due", "done", "late", "missed", "failed"], name="tallies_of_a_month"
            )
        ]


class Draw(Governed):
    """A random check as it was drawn: with the seed and the field anybody can draw it again and get the same."""

    number = models.CharField(_("编号"), max_length=24, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    checklist = models.CharField(_("检查表"), max_length=64)
    category = models.CharField(_("监管类别"), max_length=48, blank=True)
    seed = models.CharField(_("随机种子"), max_length=32)
    field = models.JSONField(_("抽取范围"))  # codes of the enterprises in order, accounts of the inspectors
    drawn = models.JSONField(_("抽取结果"))  # [[code of the enterprise, accounts of its inspectors]]
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("抽取时间"))
    due_at = models.DateTimeField(_("期限"))

    class Meta:
        verbose_name = _("双随机抽查")

    def __str__(self):
        return self.title


class Patrol(Governed):
    """A round of an enterprise: places to be passed, in order."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="patrols", verbose_name=_("企业"))
    title = models.CharField(_("名称"), max_length=120)
    in_use = models.BooleanField(_("启用"), default=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)

    class Meta:
        verbose_name = _("巡查路线")

    def __str__(self):
        return self.title


class Stop(Placed):
    """A place of a round with a code on the wall. `token` is what the code says: not to be guessed, not secret."""

    patrol = models.ForeignKey(Patrol, on_delete=models.CASCADE, related_name="stops", verbose_name=_("巡查路线"))
    order = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("名称"), max_length=120)
    point = models.ForeignKey(Point, null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("风险点"))
    token = models.CharField(max_length=24, unique=True)

    class Meta:
        verbose_name = _("巡查点")
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["patrol", "order"], name="one_stop_a_place_in_the_round")]

    def __str__(self):
        return self.name


class Passing(models.Model):
    """Somebody stood at a stop. `round` begins anew with the first stop; `in_order` says whether none was left out."""

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="passings", verbose_name=_("巡查点"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    round = models.PositiveIntegerField(_("第几轮"))
    in_order = models.BooleanField(_("按序"))
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    metres = models.FloatField(_("距巡查点（米）"), null=True, blank=True)

    class Meta:
        verbose_name = _("巡查记录")
        indexes = [models.Index(fields=["stop", "-at"], name="passings_of_a_stop")]
