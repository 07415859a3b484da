import io

import openpyxl
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.desk.access.standing import Refused
from anlan.desk.audit.history import history
from anlan.desk.exchange import runs
from anlan.desk.exchange.declare import NEW, UNCHANGED, Row, imports
from anlan.know.enterprises import ledger
from anlan.know.enterprises.models import Enterprise
from anlan.know.enterprises.rules import check_character
from anlan.know.organisations.models import Organisation
from anlan.know.places.boundaries import Outline, put
from anlan.know.places.models import Region
from anlan.know.places.reports import Report
from anlan.know.places.rules import level_of
from tests.cast import DISTRICT, ENTERPRISE_A, NEIGHBOUR, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


def credit(number: int) -> str:
    first = f"91999901MA{number:07}"
    return first + check_character(first)


@pytest.fixture
def land(db):
    for code, name in {DISTRICT: "安和区", TOWN: "安和镇", OTHER_TOWN: "民德街道", NEIGHBOUR: "邻区"}.items():
        Region.objects.create(code=code, name=name, level=level_of(code))
    Organisation.objects.create(
        code="B1", name="安和区市场监督管理局", short_name="市监局", kind="department", region=DISTRICT
    )


def row(number=2, **values):
    return Row(number, {"code": credit(number), "name": f"第{number}厂", "region": "安和镇", **values})


def verdicts(user, *rows):
    return [(verdict.state, verdict.field) for verdict in ledger.check(user, list(rows))]


def test_a_good_row_is_new_then_unchanged_then_changed(land, cast):
    one = row(categories="液氨制冷、粉尘涉爆", supervisors="市监局", industry="1392", level=2)
    assert verdicts(cast.inspector, one) == [("new", "")]
    assert ledger.save(cast.inspector, [one]) == [NEW]
    kept = Enterprise.objects.get()
    assert (kept.region, kept.industry, kept.organisation, kept.version) == (TOWN, "C1392", kept.code, 1)
    assert set(kept.categories.values_list("code", flat=True)) == {"ammonia", "dust"}
    assert [body.code for body in kept.supervisors.all()] == ["B1"]
    assert verdicts(cast.inspector, one) == [("unchanged", "")]
    assert ledger.save(cast.inspector, [one]) == [UNCHANGED]
    again = row(phone="0000", categories="液氨制冷")
    assert verdicts(cast.inspector, again) == [("changed", "")]
    ledger.save(cast.inspector, [again])
    changes = {change.title: change.after for change in history(f"enterprise:{kept.pk}", Enterprise)[0].changes}
    assert changes == {"联系电话": "0000", "监管类别": "液氨制冷"}


def test_an_empty_cell_changes_nothing(land, cast):
    ledger.save(cast.inspector, [row(phone="1", categories="粉尘涉爆")])
    assert verdicts(cast.inspector, row(phone=None, categories=None, level=None)) == [("unchanged", "")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "91999901MA00000020"}, "code"),
        ({"region": "没有这个镇"}, "region"),
        ({"region": None}, "region"),
        ({"region": "邻区"}, "region"),
        ({"categories": "不存在的类别"}, "categories"),
        ({"supervisors": "不存在的局"}, "supervisors"),
        ({"industry": "Z99"}, "industry"),
        ({"lon": 115.0}, "lat"),
        ({"name": ""}, "name"),
    ],
)
def test_a_bad_row_names_its_column_and_spoils_no_other(land, cast, values, field):
    bad, good = row(2, **values), row(3)
    assert verdicts(cast.inspector, bad, good) == [("bad", field), ("new", "")]
    assert [verdict.state for verdict in ledger.save(cast.inspector, [bad, good])] == ["bad", "new"]
    assert Enterprise.objects.count() == 1


def test_a_place_in_another_datum_is_converted_and_finds_its_region(land, cast):
    put([Outline(OTHER_TOWN, "", shapely.box(115.0, 28.0, 115.1, 28.1))], Report("test"))
    there = row(region=None, lon=115.05, lat=28.05, datum="gcj02")
    ledger.save(cast.inspector, [there])
    kept = Enterprise.objects.get()
    assert kept.region == OTHER_TOWN and kept.cell
    assert kept.lon != 115.05 and abs(kept.lon - 115.05) < 0.01
    assert verdicts(cast.inspector, there) == [("unchanged", "")]


def test_nobody_imports_into_a_region_out_of_reach(land, cast):
    Enterprise.objects.create(code=ENTERPRISE_A, name="安澜化工", region=NEIGHBOUR)
    stolen = Row(2, {"code": ENTERPRISE_A, "name": "安澜化工", "region": "安和镇"})
    assert ledger.check(cast.inspector, [stolen])[0].state == "bad"
    for person in (cast.town_officer, cast.manager, cast.duty, cast.stranger):
        assert verdicts(person, row()) == [("bad", "region")]


def sheet(*rows) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.active.merge_cells("A1:F1")
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("台账.xlsx", content.getvalue())


def test_a_real_ledger_with_a_merged_title_goes_in_by_preview_and_confirmation(land, cast):
    file = sheet(
        ["安和区企业安全生产基础台账"],
        ["序号", "单位名称", "社会信用代码", "所属乡镇", "企业规模", "企业类别"],
        [1, "青屏食品有限公司", credit(1), "安和镇", "中型", "液氨制冷；有限空间作业"],
        [2, "云坞机械厂", credit(2).lower(), "民德街道", "微型", None],
        [3, "坏代码厂", "91999901MA00000030", "安和镇", "小型", None],
        [None, None, None, None, None, None],
    )
    run = runs.upload(cast.inspector, imports()["enterprises"], file)
    assert (run.state, run.new, run.bad) == ("checked", 2, 1), run.sample
    assert not Enterprise.objects.exists(), "a preview writes nothing"
    runs.confirm(run)
    run.refresh_from_db()
    assert run.state == "saved"
    assert set(Enterprise.objects.values_list("name", "region", "scale")) == {
        ("青屏食品有限公司", TOWN, "medium"),
        ("云坞机械厂", OTHER_TOWN, "micro"),
    }


def test_who_may_not_import_is_refused(land, cast):
    for person in (cast.town_officer, cast.duty, cast.stranger):
        with pytest.raises(Refused):
            runs.upload(person, imports()["enterprises"], sheet(["名称"]))
