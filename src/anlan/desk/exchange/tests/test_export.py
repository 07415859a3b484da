import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from anlan.desk.audit.models import Entry
from anlan.desk.exchange.export import ACTIVE_START, ExportColumn, export, harmless, write

COLUMNS = [ExportColumn("名称", lambda row: row[0]), ExportColumn("数量", lambda row: row[1])]


def table(rows, fmt):
    file = io.BytesIO()
    assert write(file, rows, COLUMNS, fmt) == len(rows)
    if fmt == "csv":
        assert file.getvalue().startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))
    file.seek(0)
    return [list(row) for row in load_workbook(file).active.iter_rows(values_only=True)]


@given(st.text())
def test_no_text_leaves_as_a_formula(text):
    assert not harmless(text).startswith(ACTIVE_START)
    assert harmless(text).endswith(text)


def test_a_formula_in_a_name_arrives_as_text_in_both_formats():
    evil = '=HYPERLINK("x","y")'
    assert table([(evil, 1)], "csv")[1] == ["'" + evil, "1"]
    file = io.BytesIO()
    write(file, [(evil, -5)], COLUMNS, "xlsx")
    sheet = load_workbook(file).active
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", evil)
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("n", -5)


def test_numbers_stay_numbers_and_instants_come_in_local_time():
    at = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    assert table([(at, Decimal("1.5"))], "csv")[1] == ["2026-01-01 08:30:00", "1.5"]
    assert table([(at, float("nan"))], "xlsx")[1] == [datetime(2026, 1, 1, 8, 30), None]


def test_control_characters_do_not_break_the_sheet():
    assert table([("罐\x0b1", True)], "xlsx")[1] == ["罐1", "是"]


def test_an_unknown_format_is_refused():
    with pytest.raises(ValidationError, match="csv"):
        write(io.BytesIO(), [], COLUMNS, "exe")


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_an_export_is_recorded_with_its_rows(cast):
    response = export(cast.duty, "enterprises", [("甲", 1)], COLUMNS, "csv", data={"filters": "level=1"})
    assert "甲" in b"".join(response).decode("utf-8-sig")
    assert response["Content-Disposition"].startswith("attachment") and response["X-Content-Type-Options"] == "nosniff"
    entry = Entry.objects.get(action="exchange.export")
    assert entry.actor == "duty" and '"rows":1' in entry.data and "level=1" in entry.data


def test_an_error_in_the_middle_sends_nothing(cast):
    def rows():
        yield ("甲", 1)
        raise RuntimeError("database gone")

    with pytest.raises(RuntimeError):
        export(cast.duty, "enterprises", rows(), COLUMNS, "csv")
    assert not Entry.objects.filter(action="exchange.export").exists()
