from zoneinfo import ZoneInfo

import pytest

from anlan.telemetry.replay import BadRow, Columns, ReplayProblem, Row, pace, read

SHANGHAI = Columns("timestamp", (("value", "speed"),), ZoneInfo("Asia/Shanghai"))


def table(tmp_path, text: str):
    file = tmp_path / "series.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_time_without_zone_is_of_the_zone_that_was_said(tmp_path):
    file = table(tmp_path, "timestamp,value\n2026-01-05 09:30:00,1.5\n")
    assert list(read(file, SHANGHAI)) == [Row(2, 1_767_576_600_000, {"speed": 1.5})]


@pytest.mark.parametrize(
    "time",
    ["2026-01-05T01:30:00Z", "2026-01-05 01:30:00+00", "1767576600", "1767576600000", "2026-01-05T09:30:00+08:00"],
)
def test_other_ways_to_write_an_instant_mean_the_same(tmp_path, time):
    assert [row.ts for row in read(table(tmp_path, f"timestamp,value\n{time},0\n"), SHANGHAI)] == [1_767_576_600_000]


def test_bad_rows_are_named_by_line_and_stop_nothing(tmp_path):
    file = table(
        tmp_path, "timestamp,value\nnoon,1\n2026-01-05,x\n2026-01-05,NaN\n2026-01-05,\n2026-01-05\n2026-01-05,0\n"
    )
    found = list(read(file, SHANGHAI))
    assert [(row.line, row.reason.split(":")[0]) for row in found if isinstance(row, BadRow)] == [
        (2, "timestamp is 'noon'"),
        (3, "value is 'x'"),
        (4, "value is NaN"),
        (5, "no value in this row"),
        (6, "no value in this row"),
    ]
    assert [row.values for row in found if isinstance(row, Row)] == [{"speed": 0.0}]


def test_semicolons_and_several_columns_are_read(tmp_path):
    file = table(tmp_path, "X;Y;t\n116.39;39.89;2008-12-11 04:42:14+00\n")
    columns = Columns("t", (("X", "lon"), ("Y", "lat")), ZoneInfo("UTC"))
    assert [row.values for row in read(file, columns)] == [{"lon": 116.39, "lat": 39.89}]


def test_a_missing_column_is_said_with_those_that_are_there(tmp_path):
    with pytest.raises(ReplayProblem, match="no column value: it has time, x"):
        list(read(table(tmp_path, "time,x\n1,2\n"), Columns("time", (("value", "v"),), ZoneInfo("UTC"))))


def test_speed_stretches_time_and_0_does_not_wait():
    rows = [Row(i, 1000 * i, {}) for i in (0, 10, 40)]
    clock, slept = [0.0], []

    def sleep(seconds):
        slept.append(round(seconds, 3))
        clock[0] += seconds

    assert list(pace(iter(rows), 10, lambda: clock[0], sleep)) == rows and slept == [1.0, 3.0]
    slept.clear()
    assert list(pace(iter(rows), 0, lambda: clock[0], sleep)) == rows and slept == []
