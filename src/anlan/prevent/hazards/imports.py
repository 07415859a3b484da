from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import own_organisations
from anlan.desk.exchange.declare import Import, ImportColumn
from anlan.prevent.hazards import ledger
from anlan.prevent.hazards.models import FoundBy
from anlan.prevent.hazards.rules import GRADES
from anlan.prevent.hazards.wording import also, choices

CLOSED = {"done": _("已整改"), "finished": _("已完成"), "struck": _("已销号"), "shut": _("已闭环"), "yes": _("是")}
OPEN = {"open": _("未整改"), "unfinished": _("未完成"), "under_way": _("整改中"), "no": _("否")}


def _grades() -> dict:
    return dict(GRADES)


def _own_enterprise(user) -> str:
    """The one enterprise somebody of an enterprise can mean."""
    own = own_organisations(user, "hazards.import")
    return own[0] if len(own) == 1 else ""


IMPORTS = [
    Import(
        name="hazards",
        title=_("隐患台账"),
        about=_(
            "把已有的隐患台账读进来。企业按信用代码或全称认；同一企业同一天发现的同名同部位隐患只登记一次，重复导入不会翻倍。"
        ),
        permission="hazards.import",
        check=ledger.check,
        save=ledger.save,
        rest="rest",
        others=("检查单位", "督办单位", "监管单位", "复查单位", "验收单位", "建设单位", "设计单位", "监理单位"),
        columns=[
            ImportColumn(
                "enterprise",
                (
                    *(
                        _("企业"),
                        "企业名称",
                        "单位名称",
                        "受检单位",
                        "被检查单位",
                        "统一社会信用代码",
                        "信用代码",
                        "单位",
                    ),
                    *("整改责任单位 施工", "施工单位", "整改责任单位", "责任单位", "隐患单位"),
                ),
                required=True,
                longest=120,
                hint=_("统一社会信用代码或企业全称。"),
                carried=True,
                own=_own_enterprise,
            ),
            ImportColumn(
                "title",
                (
                    *(
                        _("隐患"),
                        "隐患内容",
                        "隐患描述",
                        "存在问题",
                        "问题隐患",
                        "存在的问题及隐患",
                        "隐患名称",
                        "问题描述",
                    ),
                    *("隐患问题描述", "异常事项", "隐患情况", "文本"),
                ),
                required=True,
                longest=2000,
            ),
            ImportColumn(
                "found_on",
                (_("发现日期"), "检查日期", "检查时间", "排查时间", "发现时间", "排查日期"),
                kind="date",
                required=True,
                carried=True,
                of_period="begin",
            ),
            ImportColumn(
                "place",
                (_("部位"), "隐患部位", "隐患地点", "位置", "场所", "检查工点", "工点名称", "区域"),
                longest=120,
            ),
            ImportColumn(
                "kind",
                (_("隐患类别"), "类别", "隐患类型", "异常类别", "问题类别"),
                kind="choice",
                choices=lambda: dict(choices("kind")),
                also=lambda: also("kind"),
            ),
            ImportColumn(
                "cause",
                (_("成因"), "隐患原因", "原因分析"),
                kind="choice",
                choices=lambda: dict(choices("cause")),
                also=lambda: also("cause"),
            ),
            ImportColumn(
                "grade",
                (_("隐患等级"), "隐患级别", "隐患分级", "隐患性质", "级别", "等级"),
                kind="choice",
                choices=_grades,
            ),
            ImportColumn(
                "found_by",
                (_("发现方式"), "来源", "隐患来源", "检查类型"),
                kind="choice",
                choices=lambda: dict(FoundBy.choices),
            ),
            ImportColumn(
                "measure", (_("整改措施"), "治理措施", "整改要求", "整改情况", "整改措施内容", "纠正措施"), longest=2000
            ),
            ImportColumn(
                "responsible",
                (_("整改责任人"), "责任人", "整改负责人", "整改人", "治理负责人", "责任单位负责人"),
                longest=64,
            ),
            ImportColumn("funds", (_("整改资金（万元）"), "治理资金", "投入资金"), kind="number", low=0),
            ImportColumn(
                "deadline",
                (
                    *(_("整改期限"), "整改时限", "限期", "要求完成时间", "完成时限", "要求整改完成时间"),
                    *("限期整改日期", "要求闭环时间", "计划完成时间", "最晚整改时间"),
                ),
                kind="date",
                of_period="end",
            ),
            ImportColumn(
                "standing",
                (
                    *(
                        _("整改状态"),
                        "是否整改",
                        "是否完成整改",
                        "是否完成",
                        "是否销号",
                        "是否闭环",
                        "整改完成情况",
                        "状态",
                    ),
                    "销号情况",
                ),
                kind="choice",
                choices=lambda: CLOSED | OPEN,
                hint=_("写“已整改”的要有销号日期；整表统一的可在读法里填一次，未整改的行不受影响。"),
            ),
            ImportColumn(
                "closed_on",
                (
                    *(_("销号日期"), "完成时间", "整改完成时间", "复查时间", "验收时间", "整改完成日期", "整改日期"),
                    *("实际完成时间", "实际整改完成时间", "实际闭环时间", "治理日期", "验收日期"),
                ),
                kind="date",
                of_period="end",
            ),
        ],
    )
]
