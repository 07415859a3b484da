from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

DIGITS = (2, 4, 6, 9, 12, 15)


class Region(models.Model):
    """One administrative division. Its code is the printed one without trailing zeros: a child's begins with it."""

    class Level(models.IntegerChoices):
        """The value of a level is the number of digits of its codes."""

        PROVINCE = 2, _("省级")
        CITY = 4, _("地级")
        COUNTY = 6, _("县级")
        TOWN = 9, _("乡级")
        VILLAGE = 12, _("村级")
        GRID = 15, _("网格")

    class Kind(models.TextChoices):
        PROVINCE = "province", _("省（区、市）")
        PREFECTURE = "prefecture", _("地级市（州、盟）")
        COUNTY = "county", _("县（旗）")
        COUNTY_CITY = "county_city", _("县级市")
        DISTRICT = "district", _("市辖区")
        ZONE = "zone", _("开发区")
        TOWN = "town", _("镇")
        TOWNSHIP = "township", _("乡")
        SUBDISTRICT = "subdistrict", _("街道")
        FARM = "farm", _("农林牧渔场")
        VILLAGE = "village", _("村")
        COMMUNITY = "community", _("社区")
        GRID = "grid", _("网格")
        OTHER = "other", _("其他")

    code = models.CharField(_("区划代码"), max_length=15, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=60, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=120, blank=True, db_index=True)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level, db_index=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind, default=Kind.OTHER)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("上级")
    )
    lon = models.FloatField(_("中心经度"), null=True, blank=True)
    lat = models.FloatField(_("中心纬度"), null=True, blank=True)
    area_km2 = models.FloatField(_("面积（km²）"), null=True, blank=True)
    valid_from = models.DateField(_("设立日期"), null=True, blank=True)
    valid_to = models.DateField(_("撤销日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    synthetic = models.BooleanField(_("虚拟数据"), default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="region_code_fits_its_level", condition=Q(level=Length("code"))),
            models.CheckConstraint(
                name="region_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self):
        return self.name

    region = property(lambda self: self.code, doc="What access asks of every governed row: a region lies in itself,")
    organisation = property(lambda self: "", doc="and belongs to no organisation.")

    @property
    def printed(self) -> str:
        """The code as printed: six digits down to county, twelve to village, fifteen for a grid."""
        return self.code.ljust(6 if self.level <= 6 else 12, "0")


class Boundary(models.Model):
    """The outline of a region (WGS 84), kept apart so that no list ever reads it.

    `box` columns are indexed for "which region is here"; `sketch` is the outline simplified for maps of the whole.
    """

    region = models.OneToOneField(Region, on_delete=models.CASCADE, related_name="boundary", verbose_name=_("行政区划"))
    outline = models.TextField(_("边界（GeoJSON）"))
    sketch = models.TextField(_("简化边界（GeoJSON）"))
    west = models.FloatField(db_index=True)
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    datum = models.CharField(_("原坐标系"), max_length=16, default="wgs84")
    source = models.CharField(_("来源"), max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("边界")

    def __str__(self):
        return str(self.region)
