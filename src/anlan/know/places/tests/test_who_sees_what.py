import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.standing import Refused
from anlan.desk.audit.history import Change, history
from anlan.know.places import gates, naming
from anlan.know.places.actions import end_region, save_region
from anlan.know.places.fields import RegionField
from anlan.know.places.models import Region
from anlan.know.places.rules import level_of
from anlan.know.places.tree import branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def land(db):
    """District 999901 with two towns and a village, and its neighbour 999902."""
    made = {}
    for code, name in {
        "99": "安澜省",
        "999901": "安和区",
        "999901001": "安和镇",
        "999901001001": "石桥村",
        "999901002": "民德街道",
        "999902": "邻区",
    }.items():
        above = next((made[code[:n]] for n in (12, 9, 6, 4, 2) if n < len(code) and code[:n] in made), None)
        made[code] = save = Region(code=code, name=name, level=level_of(code), parent=above, initials="x")
        save.save()
    return made


def codes(queryset):
    return set(queryset.values_list("code", flat=True))


def test_a_post_sees_its_own_subtree_and_nothing_else(land, cast):
    assert codes(gates.seen_by(cast.duty)) == {"999901", "999901001", "999901001001", "999901002"}
    assert codes(gates.seen_by(cast.town_officer)) == {"999901001", "999901001001"}
    assert codes(gates.seen_by(cast.neighbour_duty)) == {"999902"}
    assert codes(gates.seen_by(cast.system_administrator)) == set(land)
    for nobody in (cast.manager, cast.stranger, cast.security_administrator):
        assert not gates.seen_by(nobody).exists()


def test_the_drill_down_begins_where_the_own_subtree_begins(land, cast):
    top = branch(cast.town_officer)
    assert [row.region.code for row in top.rows] == ["999901001"] and top.rows[0].children == 1
    below = branch(cast.duty, land["999901"])
    assert [row.region.code for row in below.rows] == ["999901001", "999901002"]
    assert [region.code for region in below.path] == ["999901"], "the way down begins at the own district"


def test_a_picker_finds_only_what_the_person_sees(land, cast):
    assert naming.find(cast.duty, "石桥") == [("999901001001", "石桥村 · 安和镇")]
    assert naming.find(cast.duty, "999901002000") == [("999901002", "民德街道 · 安和区")]
    assert naming.find(cast.other_town_officer, "石桥") == []
    assert naming.find(cast.duty, " ") == []


def test_the_drill_down_page_leads_down_and_counts(land, cast, signed_in):
    page = signed_in(cast.duty).get("/places/tree/").content.decode()
    assert "安和区" in page and "邻区" not in page and f"/places/{land['999901'].pk}/" in page
    assert signed_in(cast.manager).get("/places/tree/").status_code == 403


def test_a_region_is_added_below_one_that_exists_and_recorded(land, cast):
    region = save_region(cast.system_administrator, Region(code="999901002001000", name="向阳社区", kind="community"))
    assert (region.code, region.level, region.parent.code) == ("999901002001", 12, "999901002")
    assert region.initials == "xysq"
    region.name = "朝阳社区"
    save_region(cast.system_administrator, region)
    steps = history(f"region:{region.pk}", Region)
    assert [(step.action, step.changes[:1]) for step in steps] == [
        ("places.change", (Change("名称", "向阳社区", "朝阳社区"),)),
        ("places.add", ()),
    ]


def test_whoever_may_not_is_refused(land, cast):
    for person in (cast.duty, cast.town_officer, cast.manager, cast.stranger):
        with pytest.raises(Refused):
            save_region(person, Region(code="999901003", name="新镇"))
    assert not Region.objects.filter(code="999901003").exists()


def test_a_code_without_a_region_above_or_of_no_level_is_refused(land, cast):
    for code in ("97010100", "1", "99990100x"):
        with pytest.raises(ValidationError):
            save_region(cast.system_administrator, Region(code=code, name="乱码"))


def test_the_code_of_a_region_never_changes(land, cast):
    region = land["999902"]
    region.code = "999903"
    with pytest.raises(ValidationError, match="不能修改"):
        save_region(cast.system_administrator, region)


def test_a_region_with_divisions_below_cannot_end(land, cast, django_user_model):
    from datetime import date

    with pytest.raises(ValidationError, match="下级"):
        end_region(cast.system_administrator, land["999901001"], date(2026, 1, 1))
    end_region(cast.system_administrator, land["999902"], date(2026, 1, 1))
    assert RegionField(required=False).codes("邻区") == []


def test_a_form_takes_a_code_or_a_whole_name(land):
    field = RegionField()
    assert field.clean("999901002000") == field.clean("民德街道") == "999901002"
    with pytest.raises(ValidationError, match="没有代码或名称"):
        field.clean("不存在")
