from functools import reduce
from operator import or_

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu
from anlan.know.enterprises import gates
from anlan.know.enterprises.categories import all_categories, said
from anlan.know.enterprises.models import RegulatedAs
from anlan.know.enterprises.rules import industries, industry_title


def _categories(enterprise) -> str:
    return said(category.code for category in enterprise.categories.all())


def _of_category(enterprises, codes):
    """As a subquery: a join would show an enterprise once for each category it has."""
    return enterprises.filter(pk__in=RegulatedAs.objects.filter(code__in=codes).values("enterprise"))


def _of_section(enterprises, letters):
    """As ranges, which the index on the code answers."""
    ranges = (Q(industry__gte=letter, industry__lt=chr(ord(letter) + 1)) for letter in letters)
    return enterprises.filter(reduce(or_, ranges))


def _sections(_user) -> list[Choice]:
    return [Choice(code, f"{code} {one.name}") for code, one in industries().items() if code.isalpha()]


LISTS = [
    List(
        name="enterprises",
        title=pgettext_lazy("several", "企业"),
        gate=gates.seen_by,
        permission="enterprises.see",
        columns=[
            Column("name", _("名称"), link=True),
            Column("level", _("风险等级"), kind="level"),
            Column("categories", _("监管类别"), value=_categories),
            Column("region", _("辖区"), kind="region"),
            Column("status", _("状态"), kind="choice", sort=""),
            Column("scale", _("规模"), kind="choice", sort=""),
            Column(
                "industry", _("行业"), value=lambda row: industry_title(row.industry), sort="industry", default=False
            ),
            Column("safety_officer", _("安全负责人"), sort=""),
            Column("safety_phone", _("安全负责人电话"), kind="code", sort=""),
            Column("employees", _("从业人数"), kind="number", sort="", default=False),
            Column("code", _("统一社会信用代码"), kind="code", default=False),
            Column("address", _("地址"), sort="", default=False),
        ],
        filters=[
            Filter("region", _("辖区"), kind="region"),
            Filter(
                "category",
                _("监管类别"),
                choices=lambda user: [Choice(code, category.title) for code, category in all_categories().items()],
                apply=_of_category,
            ),
            Filter("level", _("风险等级"), kind="level"),
            Filter("status", _("状态")),
            Filter("scale", _("规模")),
            Filter("section", _("行业门类"), choices=_sections, apply=_of_section),
        ],
        search=("name", "code", "initials"),
        order=("name", "id"),
        prefetch=(Prefetch("categories", queryset=RegulatedAs.objects.only("enterprise_id", "code")),),
        menu=Menu(group="know", order=20, icon="building-factory"),
        empty=_("还没有企业。点“新建”建立档案，或点“导入”载入企业台账。"),
        live=("enterprises",),
        level="level",
    ),
]
