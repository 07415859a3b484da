import hypothesis.strategies as st
import pytest
from hypothesis import given

from anlan.desk.exchange import markup

PIECES = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "<td colspan=3>", "<td rowspan='99999'>", "<th rowspan=2>", 
     "</td>", "<script>", "</script>", "<br>", "&nbsp;", "&#0;", "<!--", "-->", "企业", "<td colspan=-1>", "<", "\n"]
)  # fmt: skip


def test_cells_stand_where_their_spans_put_them():
    page = "<table><tr><th rowspan=2>甲</th><th colspan=2>乙</th></tr><tr><th>丙</th><th>丁</th></tr><tr><td>1</table>"
    assert markup.tables(page, 100, 100) == [[["甲", "乙", "乙"], ["甲", "丙", "丁"], ["1", "", ""]]]


def test_a_table_within_a_cell_is_part_of_its_text_and_no_script_is():
    page = "<table><tr><td>外<table><tr><td>内</td></tr></table></td><td><script>x</script>尾</td></tr></table>"
    assert markup.tables(page, 100, 100) == [[["外内", "尾"]]]


def test_more_rows_than_are_taken_are_refused_however_many_tables_hold_them():
    with pytest.raises(markup.TooLarge):
        markup.tables("<table><tr><td>x</td></tr></table>" * 11, 10, 100)


@pytest.mark.parametrize("data", [b"a,b\n<table>", b"<?xml version='1.0'?><x/>", b"", b"PK\x03\x04<table"])
def test_what_does_not_begin_as_a_page_is_none(data):
    assert not markup.is_markup(data)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_the_page_the_tables_are_rectangular_and_within_bounds(page):
    for table in markup.tables("<table>" + page, 1000, 50):
        assert len({len(row) for row in table}) <= 1 and all(len(row) <= 50 for row in table)
