"""Ledgers as offices really have them, none made for us: each goes in with the mapping the assistant proposes, or with
one or two answers, and what cannot be read is kept beside."""

import io
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from anlan.desk.exchange import heads, runs
from anlan.desk.exchange.declare import imports
from anlan.desk.exchange.models import Leftover
from anlan.desk.exchange.runs import Asked
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.hazards.tests.old_excel import workbook
from tests.cast import ENTERPRISE_A

LEDGER = imports()["hazards"]


@pytest.fixture(autouse=True)
def _at_once(settings, tmp_path):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    settings.DOCUMENTS = tmp_path / "documents"


@pytest.fixture
def goes_in(cast):
    """`goes_in(user, file, **answers)`: uploads it, gives the answers to what the assistant proposed, and saves."""

    def take(user, file, **answers):
        run = runs.upload(user, LEDGER, file)
        run.refresh_from_db()
        if answers:
            manner = {name: run.manner.get(name) for name in ("constants", "year", "order", "lenient", "carry")}
            manner = {name: value for name, value in manner.items() if value is not None}
            given = {"mapping": run.mapping, **manner, **answers}
            given["constants"] = {**run.manner.get("constants", {}), **answers.get("constants", {})}
            runs.read_so(run, Asked(**given))
            run.refresh_from_db()
        runs.confirm(run)
        run.refresh_from_db()
        assert run.state == "saved", run.problem
        return run

    return take


def saved(book: Workbook, name="隐患台账.xlsx") -> SimpleUploadedFile:
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def open_ones() -> dict[str, Hazard]:
    return {hazard.title: hazard for hazard in Hazard.objects.all()}


def test_a_town_ledger_with_title_unit_line_two_row_heads_mixed_dates_and_free_grades(cast, enterprise, goes_in):
    book = Workbook()
    sheet = book.active
    sheet.title = "问题清单"
    sheet.append(["松塘镇2024年安全生产大检查问题隐患整改台账"])
    sheet.append(["填报单位（盖章）：松塘镇人民政府", None, None, None, None, None, "填报时间：2024年6月30日"])
    sheet.append(["序\n号", "受检单位", "检查情况", None, None, None, "整改情况", None, None, None, "备注"])
    sheet.append(
        [
            None,
            None,
            "检查时间",
            "存在的问题及隐患",
            "隐患级别",
            "隐患类型",
            "整改措施",
            "整改责任人",
            "整改时限",
            "完成时间",
            None,
        ]
    )
    for area in ("A1:K1", "A3:A4", "B3:B4", "C3:F3", "G3:J3", "K3:K4"):
        sheet.merge_cells(area)
    name = "松塘化工有限公司"
    sheet.append(
        [
            1,
            name,
            "2024.5.3",
            "灭火器压力不足",
            "一般隐患",
            "消防安全",
            "更换",
            "马超",
            "2024.5.10",
            datetime(2024, 5, 8),
            None,
        ]
    )
    sheet.append(
        [
            2,
            f" {name}　",
            "5月18日",
            "罐区围堰破损",
            "重大事故隐患",
            "设备设施类",
            "修复",
            "孙丽",
            "2024年6月18日前",
            None,
            "挂牌",
        ]
    )
    sheet.append(
        [3, "同上", 45430, "应急演练记录不全", "低", "制度与资料", "补记", "孙丽", "立即整改", "24/5/20", None]
    )
    sheet.append(
        [
            4,
            "同上",
            "二〇二四年五月二十日",
            "配电箱未上锁",
            "一般",
            "电气",
            "上锁",
            "马超",
            "2024-5-30",
            "2024/5/29",
            None,
        ]
    )
    sheet.append(["合计", None, None, "4项", None, None, None, None, None, None, None])
    sheet.append(["注：重大隐患另附整改方案。"])
    sheet.append(["填表人：周杰", None, None, None, "审核：吴主任"])
    run = runs.upload(cast.town_officer, LEDGER, saved(book))
    run.refresh_from_db()
    assert set(run.mapping) >= {
        "enterprise", "title", "found_on", "grade", "kind", "measure", "responsible", "deadline", "closed_on"
    }  # fmt: skip
    assert run.manner["words"]["grade"] == {"重大事故隐患": "major"} | {
        text: value for text, value in run.manner["words"]["grade"].items() if value == "general"
    }
    goes_in(
        cast.town_officer, saved(book), lenient=True, words={"grade": {"低": "general"}}
    )  # fmt: skip
    found = open_ones()
    assert len(found) == 4 and not Leftover.objects.exists()
    assert {hazard.enterprise for hazard in found.values()} == {enterprise}
    assert (found["灭火器压力不足"].state, found["灭火器压力不足"].kind) == ("cancelled", "fire")
    major = found["罐区围堰破损"]
    assert (major.grade, major.deadline, major.found_at.date()) == ("major", date(2024, 6, 18), date(2024, 5, 18))
    assert major.is_open and major.kind == "equipment" and "挂牌" in major.words
    assert "立即整改" in found["应急演练记录不全"].words, "what could not be read stays with the danger"
    assert found["配电箱未上锁"].kind == "electric", "电气 is what people write for 用电"
    assert found["配电箱未上锁"].found_at.date() == date(2024, 5, 20)


def test_an_enterprises_own_ledger_names_no_enterprise_and_says_only_that_it_is_done(cast, enterprise, goes_in):
    book = Workbook()
    totals = book.active
    totals.title = "汇总"
    totals.append(["月份", "隐患数", "整改数"])
    totals.append(["1月", 3, 2])
    hidden = book.create_sheet("字典")
    hidden.append(["隐患内容", "检查日期", "隐患级别", "整改责任人", "整改期限", "整改措施"])
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("2024年台账")
    sheet.append(["日期", "隐患描述", "部位", "隐患分级", "责任人", "整改期限", "是否整改", "内部编号"])
    for row in (
        [datetime(2024, 3, 1, 9, 30), "叉车灯不亮", "仓库", "一般隐患", "马超", "2024-03-05", "已整改完成", "N1"],
        [datetime(2024, 3, 2), "洗眼器无水", "车间", "一般隐患", "马超", "2024-03-09", "是", "N2"],
        [datetime(2024, 3, 3), "安全阀未校验", "罐区", "重大", "孙丽", "2024-04-03", "未整改", "N3"],
        [None, None, None, None, None, None, None, None],
        ["2024-03-04", "爬梯锈蚀", "罐区", "一般隐患", "马超", "3月14日", "整改中", "N4"],
    ):
        sheet.append(row)
    sheet.column_dimensions["H"].hidden = True
    run = runs.upload(cast.manager, LEDGER, saved(book, "隐患2024年.xlsx"))
    run.refresh_from_db()
    assert run.sheets[run.sheet] == "2024年台账" and "字典" not in run.sheets
    assert run.manner["constants"]["enterprise"] == ENTERPRISE_A and run.manner["year"] == 2024
    assert "found_on" not in run.mapping, "a column called 日期 alone could be any day: the person says which"
    mapping = {**run.mapping, "found_on": 0}
    goes_in(cast.manager, saved(book, "隐患2024年.xlsx"), mapping=mapping, constants={"closed_on": "2024-03-31"})
    found = open_ones()
    assert {title: hazard.is_open for title, hazard in found.items()} == {
        "叉车灯不亮": False, "洗眼器无水": False, "安全阀未校验": True, "爬梯锈蚀": True,
    }  # fmt: skip
    assert found["爬梯锈蚀"].deadline == date(2024, 3, 14) and "N4" in found["爬梯锈蚀"].words
    assert found["安全阀未校验"].grade == "major" and found["叉车灯不亮"].closed_at.date() == date(2024, 3, 31)


def test_said_to_be_done_without_a_day_is_asked_about_and_not_invented(cast, enterprise):
    book = Workbook()
    book.active.append(["隐患内容", "检查日期", "整改状态"])
    book.active.append(["护栏缺失", "2024-03-01", "已整改"])
    run = runs.upload(cast.manager, LEDGER, saved(book))
    run.refresh_from_db()
    assert (run.new, run.bad) == (0, 1)
    assert "销号日期" in str(run.sample[0]["problems"])


def test_an_old_xls_with_merged_enterprises_sections_and_the_company_written_once_for_many_rows(
    cast, enterprise, other_enterprise, goes_in
):
    head = ["编号", "企业名称", "隐患", "发现时间", "等级", "整改负责人", "整改完成时间"]
    rows = [
        ["双随机检查隐患登记表"] + [None] * 6,
        head,
        ["一、化工行业"] + [None] * 6,
        [1.0, "松塘化工有限公司", "法兰无跨接", 45413.0, "一般", "马超", 45420.0],
        [2.0, None, "静电接地失效", "2024.5.3", "重大", "孙丽", None],
        [3.0, None, "氮封损坏", "2024.5.4", "一般", "孙丽", None],
        ["二、机械行业"] + [None] * 6,
        [4.0, "另一企业", "行车限位失效", "5/24/2024", "一般", "胡波", None],
        [5.0, "没有的企业", "通道堵塞", "2024.5.6", "一般", "某某", None],
        ["小计", None, "5", None, None, None, None],
    ]
    file = SimpleUploadedFile("隐患2024.xls", workbook("登记表", rows, merged=[(0, 0, 0, 6), (3, 5, 1, 1)]))
    run = goes_in(cast.inspector, file)
    found = open_ones()
    assert {title: hazard.enterprise.name for title, hazard in found.items()} == {
        "法兰无跨接": "松塘化工有限公司", "静电接地失效": "松塘化工有限公司", "氮封损坏": "松塘化工有限公司",
        "行车限位失效": "另一企业",
    }  # fmt: skip
    assert found["法兰无跨接"].found_at.date() == date(2024, 5, 1) and not found["法兰无跨接"].is_open
    (left,) = Leftover.objects.all()
    assert "没有的企业" in left.cells and run.bad == 1 and run.skipped == 3


def test_a_company_written_only_where_it_changes_is_carried_down_and_the_page_says_so(
    cast, enterprise, other_enterprise, goes_in, signed_in
):
    rows = [["单位名称", "问题描述", "检查日期"], ["松塘化工有限公司", "甲", "2024.5.3"], [None, "乙", None]]
    rows += [[None, "丙", None], ["另一企业", "丁", "2024.5.4"], [None, "戊", None]]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    run = runs.upload(cast.inspector, LEDGER, saved(book))
    run.refresh_from_db()
    assert (run.new, run.bad, run.manner["carry"]) == (5, 0, True)
    page = signed_in(cast.inspector).get(f"/imports/{run.pk}/").text
    assert "与上一行相同" in page and 'name="carry" checked' in page
    runs.read_so(run, Asked(mapping=run.mapping, carry=False))
    run.refresh_from_db()
    assert (run.new, run.bad) == (2, 3)
    goes_in(cast.inspector, saved(book))
    assert sorted(h.title for h in Hazard.objects.filter(enterprise=other_enterprise)) == ["丁", "戊"]


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}">
<style>td{{x:1}}</style><script>alert(1)</script></head><body>
<table border=1><tr><th colspan=6>隐患排查治理台账</th></tr>
<tr><th rowspan=2>企业</th><th colspan=3>隐患</th><th colspan=2>整改</th></tr>
<tr><th>隐患描述</th><th>发现日期</th><th>隐患等级</th><th>责任人</th><th>整改期限</th></tr>
<tr><td rowspan="2">松塘化工有限公司</td>
<td>管线<br>泄漏&nbsp;&amp;腐蚀</td><td>2024/5/3</td><td>一般隐患</td><td>马超</td><td>2024/5/9</td></tr>
<tr><td>=1+1 未接地</td><td>2024年5月6日</td><td>重大隐患</td><td>孙丽<td>2024.6.1</tr>
</table></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_page_that_a_system_calls_xls_is_read_as_the_table_it_is(cast, enterprise, goes_in, charset):
    file = SimpleUploadedFile("导出.xls", PAGE.format(charset=charset).encode(charset))
    goes_in(cast.inspector, file)
    found = open_ones()
    assert set(found) == {"管线 泄漏 &腐蚀", "=1+1 未接地"}
    assert found["=1+1 未接地"].grade == "major" and found["=1+1 未接地"].deadline == date(2024, 6, 1)


def test_a_name_in_other_brackets_width_or_spacing_is_the_same_enterprise(cast, enterprise, goes_in):
    enterprise.name = "松塘（云汀）化工有限公司"
    enterprise.save(update_fields=["name"])
    rows = ["单位名称,问题描述,检查日期"]
    rows += [f"{name},问题{n},2024-05-0{n}" for n, name in enumerate(
        ("松塘(云汀)化工有限公司", "松塘 （云汀） 化工有限公司", "松塘（云汀）化工有限公司", ENTERPRISE_A.lower()), 1
    )]  # fmt: skip
    goes_in(cast.inspector, SimpleUploadedFile("a.csv", "\n".join(rows).encode("gb18030")))
    assert Hazard.objects.filter(enterprise=enterprise).count() == 4


def test_who_may_not_import_is_refused_by_the_verb(cast, enterprise):
    from anlan.desk.access.standing import Refused

    for part in ("worker", "team_leader", "assessor", "delegate", "duty", "stranger"):
        with pytest.raises(Refused):
            runs.upload(getattr(cast, part), LEDGER, SimpleUploadedFile("a.csv", "企业,隐患,发现日期\n".encode()))


def test_a_period_ends_the_deadline_and_begins_the_finding_and_the_preview_says_so(
    cast, enterprise, goes_in, signed_in
):
    book = Workbook()
    book.active.append(["2026年隐患台账"])
    book.active.append(["企业名称", "隐患内容", "检查日期", "整改期限"])
    book.active.append(["松塘化工有限公司", "配电箱未上锁", "2026.3.5—3.20", "3月5日至4月2日"])
    book.active.append(["松塘化工有限公司", "灭火器过期", "3.5-3.6", "3.20"])
    book.active.append(["松塘化工有限公司", "疏散通道堆物", "2026.3.5", "12.28-1.5"])
    run = goes_in(cast.manager, saved(book))
    found = open_ones()
    assert {title: (one.found_at.date(), one.deadline) for title, one in found.items()} == {
        "配电箱未上锁": (date(2026, 3, 5), date(2026, 4, 2)),
        "灭火器过期": (date(2026, 3, 5), date(2026, 3, 20)),
    }
    told = [line["cells"] for line in run.sample if line["state"] == "period"]
    assert told == [
        ["发现日期", "2026.3.5—3.20", "2026-03-05", "起日"],
        ["整改期限", "3月5日至4月2日", "2026-04-02", "止日"],
        ["发现日期", "3.5-3.6", "2026-03-05", "起日"],
    ]
    (left,) = Leftover.objects.all()
    assert left.problems == [["整改期限", "“12.28-1.5”的止日在起日之前，请写明两个年份。"]]
    page = signed_in(cast.manager).get(f"/imports/{run.pk}/").content.decode()
    assert "写成一段时间的日期" in page and "3月5日至4月2日" in page


def test_a_term_without_a_year_is_of_the_sheets_one_year_and_never_before_the_finding(cast, enterprise, goes_in):
    book = Workbook()
    sheet = book.active
    sheet.append(["企业名称", "隐患内容", "检查日期", "整改期限"])
    sheet.append([enterprise.name, "掌子面照明不足", "2025-08-20", "8月29日前"])
    sheet.append([enterprise.name, "逃生管口堵塞", datetime(2025, 12, 30), "1月5日前"])
    run = goes_in(cast.inspector, saved(book))
    assert run.manner["year"] == 2025
    assert {hazard.deadline for hazard in open_ones().values()} == {date(2025, 8, 29)}
    assert "早于发现日期" in str(Leftover.objects.get().problems)


IN_USE = {
    "of a railway builder": """
        序号 检查时间→found_on 检查单位 检查人 检查项目 检查工点→place 隐患问题描述→title 隐患类型→kind 隐患等级→grade
        整改要求（措施）→measure 整改期限→deadline 整改责任单位/建设 整改责任单位/设计 整改责任单位/施工→enterprise
        整改责任单位/监理 整改责任人→responsible 整改完成日期→closed_on 销号情况→standing""",
    "of a shift": """
        隐患编号 异常类别→kind 隐患级别→grade 异常事项→title 隐患照片 班组 整改人→responsible 发现时间→found_on
        要求闭环时间→deadline 整改措施→measure 实际闭环时间→closed_on 闭环照片""",
    "of an inspector's telephone": """
        序号 日期 排查人 隐患类型→kind 隐患照片 文本（隐患描述+整改建议）→title 治理日期→closed_on
        治理措施→measure 治理负责人→responsible 治理照片 验收日期 验收结果""",
    "of a building site": """
        编号 隐患→title 类别→kind 部位→place 等级→grade 来源→found_by 发现日期→found_on 整改期限→deadline
        责任人→responsible 状态→standing 停工 超期天数 闭环 依据 现场情况 纠正措施→measure 复查结论""",
    "of a supervisor's system": """
        标段名称 工点名称→place 检查单位 施工单位→enterprise 问题描述→title 检查日期→found_on 问题类别→kind
        限期整改日期→deadline 责任单位负责人→responsible 整改措施内容→measure 整改日期→closed_on""",
}


@pytest.mark.parametrize("ledger", IN_USE.values(), ids=IN_USE)
def test_headings_of_ledgers_in_use_are_understood(ledger):
    """Five that others wrote: heading→field, group/heading, and what is no field of ours; 日期 alone may be any day."""
    words = [word.partition("→")[::2] for word in ledger.split()]
    upper, lower = [name.split("/")[0] for name, _ in words], [name.split("/")[-1] for name, _ in words]
    rows = [upper] if upper == lower else [upper, lower]
    head = heads.find(rows, LEDGER.columns, LEDGER.others)
    assert head.rows == len(rows)
    assert head.mapping == {field: number for number, (_, field) in enumerate(words) if field}
