"""A small country of our own, with the oddities of the real one."""

import pytest

from anlan.desk.audit.models import Entry
from anlan.know.places.divisions import NoTables
from anlan.know.places.loading import import_regions
from anlan.know.places.models import Region

pytestmark = pytest.mark.django_db
TABLES = {
    "x_province.csv": "code,name,province\n990000,安澜省,99\n980000,直澜市,98\n",
    "x_city.csv": "code,name,province,city\n999900,澄江市,99,99\n999000,安澜省-省直辖县级行政区划,99,90\n",
    "x_area.csv": (
        "code,name,province,city,area\n"
        "999901,安和区,99,99,01\n"
        "999902,无镇区,99,99,02\n"
        "999001,直管市,99,90,01\n"
        "980101,东区,98,01,01\n"
    ),
    "x_town.csv": (
        "code,name,province,city,area,town\n"
        "999901,安和镇,99,99,01,001000\n"
        "999901,民德街道,99,99,01,002000\n"
        "999901,安和镇,99,99,01,001000\n"
        "999903,孤儿镇,99,99,03,001000\n"
        "999901,,99,99,01,003000\n"
        "999901,坏行,99,99,01,00x000\n"
    ),
    "x_village.csv": "code,name\n999901001001,石桥村村民委员会\n999901002001,向阳社区居民委员会\n",
    "x_grid.csv": "code,name\n999901001001001,第一网格\n",
}


@pytest.fixture
def tables(tmp_path):
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_every_row_is_in_or_named(tables):
    report = import_regions(tables)
    assert sum(report.files.values()) == 17
    assert report.created + report.unchanged + len(report.refused) == 17
    assert (report.created, len(report.refused), Region.objects.count()) == (14, 2, 14)
    assert report.refused == [
        "x_town.csv 第 6 行：the name is empty",
        "x_town.csv 第 7 行：'99990100x000' is not a division code: digits only",
    ]


def test_a_child_hangs_under_the_nearest_division_that_exists(tables):
    import_regions(tables)
    parents = dict(Region.objects.exclude(parent=None).values_list("code", "parent__code"))
    assert parents["980101"] == "98", "a county under a province that has no city level"
    assert parents["999903001"] == "9999", "a town whose county is in no table"
    assert parents["999901001001001"] == "999901001001"
    assert set(Region.objects.filter(parent=None).values_list("code", flat=True)) == {"99", "98"}


def test_oddities_are_named_and_not_dropped(tables):
    odd = {what: [oddity.code for oddity in found] for what, found in import_regions(tables).by_kind.items()}
    assert odd["代码重复"] == ["999901001"]
    assert odd["不设地级"] == ["980101"]
    assert odd["缺县级行"] == ["999903001"]
    assert "999902" in odd["无下级的县级"]
    assert odd["占位行（省直辖县级）"] == ["9990"]


def test_the_second_time_nothing_changes(tables):
    import_regions(tables)
    again = import_regions(tables)
    assert (again.created, again.changed) == (0, 0)
    assert Entry.objects.filter(action="places.import").count() == 2


def test_a_new_name_is_taken_over_and_reported(tables):
    import_regions(tables)
    (tables / "x_village.csv").write_text("code,name\n999901001001,新桥村村民委员会\n", encoding="utf-8")
    report = import_regions(tables)
    region = Region.objects.get(code="999901001001")
    assert (region.name, region.short_name, region.initials) == ("新桥村村民委员会", "新桥村", "xqccmwyh")
    assert report.changed == 1 and report.by_kind["更名"][0].code == "999901001001"


def test_a_parent_that_arrives_later_adopts_its_children(tables):
    import_regions(tables)
    (tables / "x_area.csv").write_text("code,name\n999903,迟来县\n", encoding="utf-8")
    import_regions(tables)
    assert Region.objects.get(code="999903001").parent.name == "迟来县"


def test_a_folder_without_tables_says_what_is_expected(tmp_path):
    with pytest.raises(NoTables, match=r"\*province\.csv"):
        import_regions(tmp_path)


def test_the_report_reads_as_a_page(tables):
    text = str(import_regions(tables))
    assert "共 17 行：新增 14，变更 0，不变 1，未读入 2" in text and "x_city.csv：2 行" in text
