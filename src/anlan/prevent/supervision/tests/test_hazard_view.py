import pytest

from anlan.desk.registers import actions as registers
from anlan.desk.registers import advancing
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.facilities.models import Facility
from anlan.prevent.risks.actions import end_influence, raise_influence
from anlan.prevent.risks.models import Point
from anlan.prevent.supervision import hazard_view
from tests.cast import ENTERPRISE_A, TOWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(db):
    made = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN)
    RegulatedAs.objects.create(enterprise=made, code="hazchem_producer")
    for code, level in (("U-1", 2), ("U-2", 3), ("T-1", None)):
        Facility.objects.create(
            enterprise=made,
            organisation=made.code,
            region=TOWN,
            kind="tank_farm",
            code=code,
            name=code,
            hazard_level=level,
        )
    return made


def kept(user, code, values):
    entry = Entry(values=values, region=TOWN, organisation=ENTERPRISE_A)
    return registers.add(user, record_types()[code], entry)


def test_a_filed_grade_2_hazard_appears_above_with_its_date_and_one_without_filing_is_on_the_exception_list(
    cast, firm, signed_in
):
    values = {
        "code": "U-1",
        "name": "液氨罐区",
        "grade": "2",
        "r_value": 60,
        "keeper": "李明",
        "filed_on": "2026-11-20",
    }
    record = kept(cast.manager, "hazard_filings", values)
    advancing.advance(cast.manager, record, "submitted")
    advancing.advance(cast.inspector, record, "filed")
    rows = {row.code: row for row in hazard_view.hazards_seen_by(cast.leader)}
    assert set(rows) == {"U-1", "U-2"} and rows["U-1"].filed_on and not rows["U-2"].filed
    client = signed_in(cast.leader)
    page = client.get("/major-hazards/?unfiled=1").text
    assert "U-2" in page and "U-1" not in page and "未备案" in page
    assert client.get(f"/major-hazards/{rows['U-1'].pk}/").status_code == 200
    assert not hazard_view.hazards_seen_by(cast.other_manager).exists()


def test_a_gas_alarm_in_a_zone_shows_its_colour_the_people_in_it_and_the_step_on_one_page(cast, firm, signed_in):
    zone = Point.objects.create(
        enterprise=firm,
        region=TOWN,
        organisation=firm.code,
        kind="area",
        code="B",
        name="B 区",
        level=3,
        dynamic_level=3,
    )
    other = Point.objects.create(
        enterprise=firm, region=TOWN, organisation=firm.code, kind="area", code="C", name="C 区"
    )
    kept(cast.manager, "shift_presence", {"zone": "B", "person": "老马", "post": "外操"})
    kept(cast.manager, "shift_presence", {"zone": "C", "person": "别人", "post": "外操"})
    kept(cast.manager, "process_steps", {"zone": "B", "step": "进料", "running": True, "parameters": "35 ℃"})
    kept(cast.manager, "process_steps", {"zone": "B", "step": "停车检修"})
    raise_influence(zone, source="alarm:7", level=1, words="可燃气体高报")
    (found,) = hazard_view.now(cast.inspector, firm)["zones"]
    assert found["point"].dynamic_level == 1 and found["point"] != other
    assert [one.title for one in found["people"]] == ["老马 外操"] and [one.title for one in found["steps"]] == ["进料"]
    page = signed_in(cast.inspector).get(f"/five-in-one/{firm.pk}/").text
    for words in ("可燃气体高报", "老马", "35 ℃", "安全风险分区", "重大危险源监控", "生产全流程", "在岗在位人员"):
        assert words in page, words
    end_influence("alarm:7")
    assert hazard_view.now(cast.inspector, firm)["zones"] == []


def test_an_enterprise_sees_only_itself_and_others_nothing(cast, firm, signed_in):
    assert list(hazard_view.chemical_seen_by(cast.manager)) == [firm]
    assert signed_in(cast.other_manager).get(f"/five-in-one/{firm.pk}/").status_code == 404
    assert signed_in(cast.stranger).get("/five-in-one/").status_code == 403
