"""A ledger as offices keep it, through the whole assistant: nothing is guessed silently, nothing is lost."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from anlan.desk.exchange import declare, gates, judging, leftovers, runs, sources
from anlan.desk.exchange.declare import NEW, Import, ImportColumn, Verdict
from anlan.desk.exchange.models import Leftover, Source
from anlan.desk.exchange.runs import Asked
from anlan.desk.exchange.table import SECTION
from anlan.desk.exchange.views import correcting, importing

HEAD = {"company": 1, "words": 2, "grade": 3, "found": 4, "due": 5, "done": 6}
taken: list[dict] = []


def save(user, rows):
    verdicts = check(user, rows)
    taken.extend(row.values for row, verdict in zip(rows, verdicts, strict=True) if verdict is NEW)
    return verdicts


def check(user, rows):
    return [Verdict("bad", "没有这家企业。", "company") if row.values["company"] == "无名" else NEW for row in rows]


DANGERS = Import(
    name="dangers",
    title="隐患台账",
    permission="registers.add",
    columns=[
        ImportColumn("company", ("企业名称", "单位"), required=True),
        ImportColumn("words", ("隐患描述", "存在问题"), required=True),
        ImportColumn("grade", ("隐患级别",), kind="choice", choices={"major": "重大", "general": "一般"}),
        ImportColumn("found", ("检查日期", "发现日期"), kind="date"),
        ImportColumn("due", ("整改期限",), kind="date"),
        ImportColumn("done", ("是否整改",), kind="flag"),
    ],
    check=check,
    save=save,
    rest="extra",
)


@pytest.fixture(autouse=True)
def offered(monkeypatch, settings, tmp_path):
    settings.DOCUMENTS = tmp_path / "documents"
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    for module in (declare, runs, judging, leftovers, gates, importing, correcting):
        monkeypatch.setattr(module, "imports", lambda: {"dangers": DANGERS})
    taken.clear()


def ledger(*rows) -> SimpleUploadedFile:
    """Title over all columns, a heading of two rows with merged groups, then what is given."""
    book = Workbook()
    sheet = book.active
    sheet.append(["2024年安全检查隐患台账"])
    sheet.merge_cells("A1:H1")
    sheet.append(["序号", "企业名称", "隐患情况", None, None, "整改情况", None, "备注"])
    sheet.append([None, None, "存在问题", "隐患级别", "检查日期", "整改期限", "是否整改", None])
    for merged in ("A2:A3", "B2:B3", "C2:E2", "F2:G2", "H2:H3"):
        sheet.merge_cells(merged)
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("二季度隐患.xlsx", file.getvalue())


ROWS = (
    ["一、安和化工"] + [None] * 7,
    [1, "安和化工", "灭火器过期", "一般隐患", "2024.5.3", "5月18日前", "已整改，有", "老王"],
    [2, "安和化工", "罐区无围堰", "重大事故隐患", 45415, "24/6/1", "否", None],
    [3, "安和化工", "电线私拉", "较严重", date(2024, 5, 6), "立即", "是", "口头"],
    ["二、云坞物流"] + [None] * 7,
    [4, "无名", "通道堵塞", "一般", "2024年5月7日", "2024.5.20", "否", None],
    ["合计", None, "4 项", None, None, None, None, None],
)


def upload(cast, *rows):
    run = runs.upload(cast.inspector, DANGERS, ledger(*(rows or ROWS)))
    run.refresh_from_db()
    return run


def ask(run, **changes):
    runs.read_so(run, Asked(**{"mapping": HEAD, "year": 2024, **changes}))
    run.refresh_from_db()


def test_the_heading_of_two_merged_rows_is_found_and_every_column_known(cast):
    run = upload(cast)
    assert (run.first + run.height, run.mapping) == (3, HEAD)
    assert run.skipped == 3


def test_a_column_that_only_sounds_like_a_choice_is_not_taken_for_it(cast):
    book = Workbook()
    book.active.append(["企业名称", "存在问题", "行业隐患级别"])
    for trade in ("化工", "建材", "粮食加工", "工贸"):
        book.active.append(["安和化工", "电线私拉", trade])
    file = io.BytesIO()
    book.save(file)
    run = runs.upload(cast.inspector, DANGERS, SimpleUploadedFile("台账.xlsx", file.getvalue()))
    run.refresh_from_db()
    assert (run.mapping, run.new, run.bad) == ({"company": 0, "words": 1}, 4, 0)


def test_words_that_can_mean_one_option_are_taken_for_it_and_shown(cast):
    run = upload(cast)
    assert run.manner["words"]["grade"] == {"一般隐患": "general", "重大事故隐患": "major"}
    assert run.manner["year"] == 2024
    assert ["较严重", 1] in run.words["grade"]


def test_what_is_unclear_makes_the_row_bad_until_somebody_decides(cast):
    run = upload(cast)
    told = {row["row"]: [column for column, _words in row["problems"]] for row in run.sample if row["state"] == "bad"}
    assert told == {5: ["是否整改"], 7: ["隐患级别", "整改期限"], 9: ["企业名称"]}
    ask(run, words={"done": {"已整改，有": "true"}, "grade": {"较严重": "general"}})
    assert (run.new, run.bad) == (2, 2)


def test_a_lenient_reading_keeps_the_words_it_could_not_read(cast):
    run = upload(cast)
    ask(run, lenient=True)
    runs.confirm(run)
    by_words = {row["words"]: row for row in taken}
    assert by_words["电线私拉"]["due"] is None
    assert by_words["电线私拉"]["extra"] == {"序号": "3", "备注": "口头", "隐患级别": "较严重", "整改期限": "立即"}
    assert by_words["灭火器过期"]["found"] == date(2024, 5, 3)
    assert by_words["灭火器过期"]["due"] == date(2024, 5, 18)
    assert by_words["罐区无围堰"]["grade"] == "major"
    assert by_words["罐区无围堰"]["due"] == date(2024, 6, 1)


def test_the_title_of_a_section_can_be_a_column(cast):
    run = upload(cast, *([row[0], None, *row[2:]] if isinstance(row[0], int) else row for row in ROWS))
    ask(run, mapping={**HEAD, "company": SECTION}, lenient=True)
    runs.confirm(run)
    assert [row["company"] for row in taken] == ["安和化工"] * 3 + ["云坞物流"]


def test_what_all_rows_have_is_said_once(cast):
    run = upload(cast)
    without = {name: n for name, n in HEAD.items() if name != "company"}
    ask(run, mapping=without, lenient=True)
    assert run.state == "failed" and "企业名称" in run.problem
    ask(run, mapping=without, lenient=True, constants={"company": "安和化工"})
    assert (run.new, run.bad) == (4, 0)


def test_the_next_ledger_of_the_source_is_read_the_same_way(cast):
    run = upload(cast)
    ask(run, lenient=True, words={"grade": {"较严重": "major"}})
    runs.confirm(run)
    assert Source.objects.get().title == "二季度隐患"
    again = upload(cast)
    assert again.source and again.manner["lenient"] and again.manner["words"]["grade"]["较严重"] == "major"
    assert again.bad == 1
    runs.start_over(again)
    again.refresh_from_db()
    assert again.source is None and again.bad == 3


def test_a_source_is_not_taken_for_another_form(cast):
    run = upload(cast)
    ask(run, lenient=True)
    runs.confirm(run)
    assert sources.recognised(cast.inspector, "dangers", ["姓名", "企业名称", "证号", "有效期"]) is None
    assert sources.recognised(cast.manager, "dangers", run.heads) is None
    assert sources.recognised(cast.leader, "dangers", run.heads) == Source.objects.get()


def test_what_could_not_be_taken_stays_and_can_be_corrected_or_laid_aside(cast, signed_in):
    run = upload(cast)
    ask(run)
    runs.confirm(run)
    left = list(Leftover.objects.filter(run=run))
    assert [one.number for one in left] == [5, 7, 9] and len(taken) == 1
    client = signed_in(cast.inspector)
    page = client.get(f"/imports/{run.pk}/left/").content.decode()
    assert "还有 3 行" in page and "没有这家企业" in page
    answer = client.post(f"/imports/left/{left[2].pk}/", {"cell.1": "云坞物流"}).content.decode()
    assert "已读入" in answer and taken[-1]["company"] == "云坞物流"
    assert "已搁置" in client.post(f"/imports/left/{left[1].pk}/", {"aside": "yes"}).content.decode()
    assert "看不出" in client.post(f"/imports/left/{left[0].pk}/", {"cell.6": "或许"}).content.decode()
    assert Leftover.objects.get(settled_at=None).cells[6] == "或许"


def test_a_row_is_settled_once_and_by_its_owner(cast, signed_in):
    run = upload(cast)
    ask(run)
    runs.confirm(run)
    one = Leftover.objects.filter(run=run).first()
    stale = Leftover.objects.get(pk=one.pk)
    leftovers.lay_aside(cast.inspector, one)
    with pytest.raises(ValidationError):
        leftovers.lay_aside(cast.inspector, stale)
    other = Leftover.objects.filter(run=run, settled_at=None).first()
    assert signed_in(cast.manager).post(f"/imports/left/{other.pk}/", {"aside": "yes"}).status_code == 404


def test_the_page_asks_what_is_unclear_and_takes_the_answers(cast, signed_in):
    client = signed_in(cast.inspector)
    address = client.post("/imports/to/dangers/", {"file": ledger(*ROWS)})["Location"]
    page = client.get(address).content.decode()
    assert "较严重 ×1" in page and "没写年份" in page and "一、安和化工" in page
    form = {f"at.{n}": name for name, n in HEAD.items()} | {"first": "3", "height": "1", "year": "2024"}
    form["lenient"] = "on"
    assert "两列" in client.post(f"{address}columns/", {**form, "at.0": "company"}, follow=True).content.decode()
    client.post(f"{address}columns/", form)
    assert "导入这 3 行" in client.get(address).content.decode()
    client.post(f"{address}columns/", {**form, "first": "1", "height": "1"})
    assert "未导入" in client.get("/imports/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"mapping": {"king": 1}}, {"mapping": {"company": 99}}, {"mapping": {"company": 1, "words": 1}}, {"order": "ymd"}],
)
def test_a_reading_that_cannot_be_is_refused(cast, wrong):
    run = upload(cast)
    with pytest.raises(ValidationError):
        ask(run, **wrong)


def test_a_heading_outside_the_sheet_is_refused(cast):
    run = upload(cast)
    with pytest.raises(ValidationError):
        runs.read_so(run, Asked({}, first=500, height=1))
