import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from anlan.desk.exchange import heads, sheets
from anlan.desk.exchange.declare import ImportColumn
from anlan.desk.exchange.sheets import Unreadable, read

COLUMNS = [
    ImportColumn("name", ("企业名称", "单位名称")),
    ImportColumn("code", ("统一社会信用代码", "信用代码"), kind="code"),
    ImportColumn("contact", ("联系人", "联系人姓名")),
    ImportColumn("phone", ("联系电话", "电话", "手机")),
]


def book(*rows, merge=(), sheets=("Sheet1",)):
    made = Workbook()
    made.active.title = sheets[0]
    for row in rows:
        made.active.append(row)
    for area in merge:
        made.active.merge_cells(area)
    for name in sheets[1:]:
        made.create_sheet(name)
    file = io.BytesIO()
    made.save(file)
    return file


def test_a_title_above_and_blank_rows_do_not_hide_the_heading():
    file = book(
        ["2026 年企业台账"], [], ["序号", "企业名称（全称）*", "信用代码", "备注"], [1, "甲", "91"], [], [2, "乙", "92"]
    )
    (sheet,) = read(file)
    head = heads.find(sheet.rows, COLUMNS)
    assert (head.first, head.rows, head.mapping) == (2, 1, {"name": 1, "code": 2})


def test_a_heading_of_two_rows_with_merged_groups_is_read_as_one():
    file = book(
        ["单位名称", "信用代码", "联系人", None],
        [None, None, "姓名", "电话"],
        ["甲", "91", "王刚", "138"],
        merge=("A1:A2", "B1:B2", "C1:D1"),
    )
    (sheet,) = read(file)
    head = heads.find(sheet.rows, COLUMNS)
    assert head.names == ["单位名称", "信用代码", "联系人 姓名", "联系人 电话"]
    assert (head.rows, head.mapping) == (2, {"name": 0, "code": 1, "contact": 2, "phone": 3})


def test_a_date_a_number_and_a_truth_arrive_as_such():
    file = book(["a", "b", "c"], [datetime(2026, 1, 31), 1.5, True])
    assert read(file)[0].rows[1] == [datetime(2026, 1, 31).date(), 1.5, True] or read(file)[0].rows[1][1:] == [
        1.5,
        True,
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_every_usual_kind_is_read(encoding, delimiter):
    text = f"企业名称{delimiter}电话\n甲厂{delimiter}138\n"
    assert read(io.BytesIO(text.encode(encoding)))[0].rows == [["企业名称", "电话"], ["甲厂", "138"]]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_table_is_refused_with_a_sentence(content):
    with pytest.raises(Unreadable) as error:
        read(io.BytesIO(content))
    assert str(error.value)


@given(st.binary(max_size=600))
def test_any_bytes_give_a_table_or_a_refusal(content):
    try:
        assert read(io.BytesIO(content))
    except Unreadable as error:
        assert str(error)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 10_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 100_000)
    with pytest.raises(Unreadable, match="过大"):
        read(file)


def test_more_rows_than_taken_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 10)
    with pytest.raises(Unreadable, match="10"):
        read(io.BytesIO(b"a,b\n" * 100))
    with pytest.raises(Unreadable, match="10"):
        read(book(*(["a", "b"] for _ in range(100))))


names = st.lists(st.text(max_size=12), max_size=10)


@given(names)
def test_no_column_is_ever_given_twice(found):
    mapping, certain = heads.guess(found, COLUMNS)
    assert len(set(mapping.values())) == len(mapping) >= certain
    assert all(0 <= number < len(found) for number in mapping.values())


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=6), st.integers(0, 9)), min_size=3, max_size=3), max_size=8)
)
def test_any_table_has_a_heading_or_an_empty_guess(rows):
    head = heads.find(rows, COLUMNS)
    assert head.rows in (1, 2) and set(head.mapping) <= {column.field for column in COLUMNS}


def test_the_value_of_a_formula_is_read_and_not_its_text():
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": RELATIONS.format("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": RELATIONS.format("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">'
        '<c r="A1"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert read(file)[0].rows == [[2.0]]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/{{}}" Target="{{}}"/></Relationships>'
)
