from django.utils.translation import gettext_lazy as _

from anlan.desk.exchange.declare import Import, ImportColumn
from anlan.know.enterprises import ledger
from anlan.know.enterprises.models import Enterprise
from anlan.know.places.datum import Datum

DATUMS = {
    Datum.WGS84.value: "WGS84",
    Datum.CGCS2000.value: "CGCS2000",
    Datum.GCJ02.value: "GCJ-02",
    Datum.BD09.value: "BD-09",
}
LEVELS = {1: _("重大"), 2: _("较大"), 3: _("一般"), 4: _("低")}


def _choices(field: str) -> dict:
    return dict(Enterprise._meta.get_field(field).flatchoices)


IMPORTS = [
    Import(
        name="enterprises",
        title=_("企业台账"),
        about=_("按统一社会信用代码新增或更新。空白单元格不改动原有内容；坐标按“坐标系”一列换算为 WGS 84。"),
        permission="enterprises.add",
        key=("code",),
        check=ledger.check,
        save=ledger.save,
        columns=[
            ImportColumn(
                "code",
                (_("统一社会信用代码"), "信用代码", "社会信用代码", "组织机构代码", "企业代码"),
                kind="code",
                required=True,
                longest=40,
            ),
            ImportColumn("name", (_("企业名称"), "名称", "单位名称", "公司名称"), required=True, longest=120),
            ImportColumn("short_name", (_("简称"), "企业简称"), longest=60),
            ImportColumn(
                "region",
                (_("辖区"), "所属乡镇", "所属街道", "乡镇", "街道", "行政区划", "区划代码", "所在地区"),
                longest=60,
                hint=_("区划代码或名称；不填时按坐标确定。"),
            ),
            ImportColumn("status", (_("状态"), "经营状态", "生产状态"), kind="choice", choices=_choices("status")),
            ImportColumn(
                "industry",
                (_("行业代码"), "行业", "国民经济行业代码"),
                kind="code",
                longest=8,
                hint=_("GB/T 4754-2017。"),
            ),
            ImportColumn("scale", (_("规模"), "企业规模"), kind="choice", choices=_choices("scale")),
            ImportColumn("level", (_("风险等级"), "等级", "安全风险等级"), kind="choice", choices=LEVELS),
            ImportColumn(
                "categories", (_("监管类别"), "类别", "企业类别"), longest=400, hint=_("多个类别用顿号隔开。")
            ),
            ImportColumn(
                "supervisors", (_("行业监管部门"), "监管部门", "主管部门"), longest=400, hint=_("多个部门用顿号隔开。")
            ),
            ImportColumn("employees", (_("从业人数"), "职工人数", "人数"), kind="integer", low=0, high=2_000_000),
            ImportColumn("output", (_("年产值（万元）"), "产值", "年产值"), kind="number", low=0),
            ImportColumn("legal_representative", (_("法定代表人"), "法人", "法人代表"), longest=64),
            ImportColumn("phone", (_("联系电话"), "电话", "法人电话"), kind="code", longest=32),
            ImportColumn("safety_officer", (_("安全负责人"), "安全管理员", "安全员", "联系人"), longest=64),
            ImportColumn("safety_phone", (_("安全负责人电话"), "安全员电话", "联系人电话"), kind="code", longest=32),
            ImportColumn("duty_phone", (_("24 小时值班电话"), "值班电话"), kind="code", longest=32),
            ImportColumn("address", (_("地址"), "注册地址", "经营地址", "生产地址", "详细地址"), longest=200),
            ImportColumn("founded_on", (_("成立日期"), "成立时间", "注册日期"), kind="date"),
            ImportColumn("lon", (_("经度"), "东经", "lng", "longitude"), kind="number", low=-180, high=180),
            ImportColumn("lat", (_("纬度"), "北纬", "latitude"), kind="number", low=-90, high=90),
            ImportColumn("datum", (_("坐标系"), "坐标系统"), kind="choice", choices=DATUMS),
        ],
    ),
]
