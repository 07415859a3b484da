"""A risk point holds units (or steps of a job), a unit holds events, an event holds its controls.

`level` is what the enterprise's own evaluation says, at once; `registered_level` is what the region's database and
map show: it follows when the competent department has approved the report (decision 0100). `dynamic_level` is
`level` made worse by whatever influences the point just now.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.models import Governed
from anlan.desk.cases.models import Level
from anlan.desk.layers.placed import Placed
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility


class ResponsibleLevel(models.TextChoices):
    """Who in the enterprise answers: the graver the risk, the higher the level."""

    COMPANY = "company", _("公司级")
    WORKSHOP = "workshop", _("车间级")
    TEAM = "team", _("班组级")
    POST = "post", _("岗位级")


class Point(Governed, Placed):
    """风险点: an area, a piece of equipment, an activity or a job of an enterprise in which something can go wrong."""

    class Kind(models.TextChoices):
        AREA = "area", _("场所区域")
        EQUIPMENT = "equipment", _("设备设施")
        ACTIVITY = "activity", _("工艺活动")
        JOB = "job", _("作业岗位")

    region = models.CharField(_("辖区代码"), max_length=15)  # the composite indexes below serve it
    organisation = models.CharField(_("单位代码"), max_length=32)
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="risk_points", verbose_name=_("企业")
    )
    facility = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.SET_NULL, related_name="risk_points", verbose_name=_("设施")
    )
    plan = models.ForeignKey(
        "FloorPlan", null=True, blank=True, on_delete=models.SET_NULL, related_name="points", verbose_name=_("平面图")
    )
    kind = models.CharField(_("类别"), max_length=12, choices=Kind)
    code = models.CharField(_("编号"), max_length=48)
    name = models.CharField(_("名称"), max_length=120)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True)
    geometry = models.JSONField(_("区域（GeoJSON）"), null=True, blank=True)  # the zone drawn on the plan, WGS 84
    level = models.PositiveSmallIntegerField(_("静态等级"), choices=Level, null=True, blank=True)
    dynamic_level = models.PositiveSmallIntegerField(_("动态等级"), choices=Level, null=True, blank=True)
    registered_level = models.PositiveSmallIntegerField(_("在册等级"), choices=Level, null=True, blank=True)
    explanation = models.JSONField(_("等级的由来"), default=dict, blank=True)
    responsible_level = models.CharField(
        _("管控层级"), max_length=12, choices=ResponsibleLevel, default=ResponsibleLevel.POST
    )
    responsible = models.CharField(_("责任人"), max_length=64, blank=True)
    phone = models.CharField(_("联系电话"), max_length=32, blank=True)
    post = models.CharField(_("岗位"), max_length=64, blank=True)
    handling = models.TextField(_("应急处置步骤"), blank=True)  # one step a line, as printed on the handling card
    reviewed_on = models.DateField(_("最近评估日期"), null=True, blank=True)
    review_due = models.DateField(_("应复评日期"), null=True, blank=True)
    in_use = models.BooleanField(_("在用"), default=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("风险点")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "code"], name="one_risk_point_code_an_enterprise"),
            *(
                models.CheckConstraint(
                    name=f"risk_point_{field}_is_a_level",
                    condition=Q(**{field: None}) | Q(**{f"{field}__gte": 1, f"{field}__lte": 4}),
                )
                for field in ("level", "dynamic_level", "registered_level")
            ),
        ]
        # Each holds what the list tests and sorts by, so that a page reads as many rows as it shows.
        indexes = [
            models.Index(fields=["dynamic_level", "id", "region", "in_use"], name="risk_points_by_level"),
            models.Index(fields=["organisation", "dynamic_level", "id"], name="risk_points_of_an_owner"),
            models.Index(fields=["region", "in_use", "registered_level"], name="risk_points_of_a_region"),
            models.Index(fields=["kind", "dynamic_level", "id"], name="risk_points_of_a_kind"),
            models.Index(fields=["registered_level", "id", "region"], name="risk_points_registered"),
            models.Index(fields=["review_due", "in_use"], name="risk_points_to_review"),
        ]

    def __str__(self):
        return self.name


class Unit(models.Model):
    """风险单元: a part of the point, or a step of the job when it was identified by job-hazard analysis."""

    class Way(models.TextChoices):
        CHECKLIST = "checklist", _("安全检查表（SCL）")
        JHA = "jha", _("作业危害分析（JHA）")

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="units", verbose_name=_("风险点"))
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    way = models.CharField(_("辨识方法"), max_length=12, choices=Way, default=Way.CHECKLIST)
    name = models.CharField(_("单元或步骤"), max_length=160)

    class Meta:
        verbose_name = _("风险单元")
        ordering = ["order", "id"]

    def __str__(self):
        return self.name


class Event(models.Model):
    """风险事件: what can go wrong in a unit, by which factors, and how grave it was judged to be and why."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="events", verbose_name=_("风险单元"))
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="events", verbose_name=_("风险点"))
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    name = models.CharField(_("风险事件"), max_length=200)
    factors = models.JSONField(_("危险和有害因素"), default=list, blank=True)  # codes of GB/T 13861, or words
    accident_types = models.JSONField(_("事故类型"), default=list, blank=True)  # codes of GB 6441
    consequence = models.CharField(_("可能后果"), max_length=200, blank=True)
    method = models.CharField(_("评价方法"), max_length=24, blank=True)
    scores = models.JSONField(_("评分"), default=dict, blank=True)
    explanation = models.JSONField(_("评价过程"), default=dict, blank=True)  # Finding.as_dict()
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level, null=True, blank=True)
    evaluated_at = models.DateTimeField(_("评价时间"), null=True, blank=True)
    evaluated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("风险事件")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="risk_event_level_is_a_level", condition=Q(level=None) | Q(level__gte=1, level__lte=4)
            )
        ]

    def __str__(self):
        return self.name


class Control(models.Model):
    """管控措施: what keeps the event from happening. A check item is a control that may have failed."""

    class Kind(models.TextChoices):
        ENGINEERING = "engineering", _("工程技术")
        MANAGEMENT = "management", _("管理")
        TRAINING = "training", _("培训教育")
        PROTECTION = "protection", _("个体防护")
        EMERGENCY = "emergency", _("应急处置")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="controls", verbose_name=_("风险事件"))
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="controls", verbose_name=_("风险点"))
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    kind = models.CharField(_("措施类别"), max_length=12, choices=Kind)
    text = models.CharField(_("管控措施"), max_length=300)
    check_text = models.CharField(_("排查内容"), max_length=300, blank=True)
    responsible_level = models.CharField(
        _("责任层级"), max_length=12, choices=ResponsibleLevel, default=ResponsibleLevel.POST
    )
    post = models.CharField(_("责任岗位"), max_length=64, blank=True)
    every_days = models.PositiveSmallIntegerField(_("排查周期（天）"), null=True, blank=True)
    clause = models.CharField(_("依据条款"), max_length=160, blank=True)  # "GB 30871-2022 5.3"
    in_use = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("管控措施")
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["point", "responsible_level", "in_use"], name="controls_of_a_level")]

    def __str__(self):
        return self.text


class Influence(models.Model):
    """What makes a point worse for a time: an alarm, an open hidden danger, a permit, the operating state."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="influences", verbose_name=_("风险点"))
    source = models.CharField(_("来源"), max_length=80, db_index=True)  # "alarm:12", "hazard:7", "permit:3"
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    words = models.CharField(_("说明"), max_length=200)
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("动态影响")
        constraints = [
            models.UniqueConstraint(
                fields=["point", "source"], condition=Q(ended_at=None), name="one_influence_a_source_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["ended_at", "until"], name="influences_to_end")]

    def __str__(self):
        return self.words


class Edition(models.Model):
    """The point as it stood before a change, whole: the old version of list, board and cards."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="editions", verbose_name=_("风险点"))
    number = models.PositiveIntegerField(_("版次"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level, null=True)
    words = models.CharField(_("变更原因"), max_length=300)
    content = models.JSONField(_("内容"))

    class Meta:
        verbose_name = _("历史版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["point", "number"], name="one_edition_a_number")]


class FloorPlan(Governed):
    """The enterprise's own plan, placed on the map by its four corners, or drawn (DXF, GeoJSON) as lines."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="floor_plans", verbose_name=_("企业")
    )
    title = models.CharField(_("名称"), max_length=120)
    image = models.ForeignKey(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("图像")
    )
    corners = models.JSONField(_("四角坐标"))  # [[lon, lat] × 4]: north-west, north-east, south-east, south-west
    drawing = models.JSONField(_("图形（GeoJSON）"), null=True, blank=True)  # in WGS 84, made from DXF or GeoJSON
    in_use = models.BooleanField(_("在用"), default=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("平面图")

    def __str__(self):
        return self.title


class Disclosure(Governed):
    """What the public is told of the major risks and how they are held, and on which day it was due and done."""

    title = models.CharField(_("标题"), max_length=120)
    category = models.CharField(_("监管类别"), max_length=48, blank=True)  # of the packs' enterprise_categories
    due_on = models.DateField(_("应公布日期"))
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(_("公布内容"), default=list, blank=True)  # as it stood when it was published

    class Meta:
        verbose_name = _("风险公告")
        constraints = [
            models.UniqueConstraint(fields=["region", "category", "due_on"], name="one_disclosure_a_day"),
        ]
        indexes = [models.Index(fields=["published_at", "due_on"], name="disclosures_due")]

    def __str__(self):
        return self.title


class Agreement(Governed):
    """Two or more areas that hold a risk together, and how near their border a warning concerns the others."""

    title = models.CharField(_("名称"), max_length=120)
    regions = models.JSONField(_("联防地区"))  # codes, the own one included
    subject = models.CharField(_("联防事项"), max_length=200, blank=True)
    from_level = models.PositiveSmallIntegerField(_("通报等级"), choices=Level, default=Level.RED)
    reply_hours = models.PositiveSmallIntegerField(_("回复时限（小时）"), default=2)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("联防联控协议")

    def __str__(self):
        return self.title


class SharedWarning(Governed):
    """A warning told to one partner of an agreement, and what the partner answered. `region` is who must answer."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="warnings", verbose_name=_("联防联控协议")
    )
    source = models.CharField(_("来源"), max_length=80)
    from_region = models.CharField(_("通报地区"), max_length=15, db_index=True)
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    words = models.CharField(_("内容"), max_length=300)
    sent_at = models.DateTimeField(_("通报时间"))
    due_at = models.DateTimeField(_("应回复时间"))
    reply = models.CharField(_("回复"), max_length=300, blank=True)
    replied_at = models.DateTimeField(_("回复时间"), null=True, blank=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("联防通报")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "source", "region"], name="one_sharing_a_partner"),
        ]
        indexes = [models.Index(fields=["replied_at", "due_at"], name="sharings_to_answer")]

    def __str__(self):
        return self.words


class DisasterPoint(Governed, Placed):
    """A place threatened by nature, and the six documents it must have: one board, two maps, three lists."""

    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("灾害类型"), max_length=24)
    level = models.PositiveSmallIntegerField(_("等级"), choices=Level)
    households = models.PositiveIntegerField(_("户数"), default=0)
    persons = models.PositiveIntegerField(_("人数"), default=0)
    signs = models.CharField(_("前兆与预警信号"), max_length=300, blank=True)
    control_list = models.JSONField(_("管控责任清单"), default=list, blank=True)  # [{"person", "phone", "duty"}]
    evacuation_list = models.JSONField(_("转移避险责任清单"), default=list, blank=True)
    relief_list = models.JSONField(_("灾后救助责任清单"), default=list, blank=True)
    zone = models.JSONField(_("影响范围（GeoJSON）"), null=True, blank=True)
    route = models.JSONField(_("转移路线（GeoJSON）"), null=True, blank=True)
    shelter = models.ForeignKey(
        Facility, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("避险安置点")
    )
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("自然灾害风险点")

    def __str__(self):
        return self.name
