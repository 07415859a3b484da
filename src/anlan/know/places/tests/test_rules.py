import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.know.places.models import DIGITS, Region
from anlan.know.places.rules import ancestors, kind_of, level_of, parent_of, short_name

Kind, Level = Region.Kind, Region.Level


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("江西省", Level.PROVINCE, Kind.PROVINCE),
        ("南昌市", Level.CITY, Kind.PREFECTURE),
        ("义乌市", Level.COUNTY, Kind.COUNTY_CITY),
        ("青山湖区", Level.COUNTY, Kind.DISTRICT),
        ("鄂温克族自治旗", Level.COUNTY, Kind.COUNTY),
        ("安和镇", Level.TOWN, Kind.TOWN),
        ("民德街道", Level.TOWN, Kind.SUBDISTRICT),
        ("经济开发区", Level.TOWN, Kind.ZONE),
        ("八一农场", Level.TOWN, Kind.FARM),
        ("向阳社区居民委员会", Level.VILLAGE, Kind.COMMUNITY),
        ("石桥村民委员会", Level.VILLAGE, Kind.VILLAGE),
        ("第一网格", Level.GRID, Kind.GRID),
        ("平房地区", Level.TOWN, Kind.OTHER),
    ],
)
def test_a_name_tells_its_kind(name, level, kind):
    assert kind_of(name, level) == kind


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("江西省", Level.PROVINCE, "江西"),
        ("广西壮族自治区", Level.PROVINCE, "广西"),
        ("南昌市", Level.CITY, "南昌"),
        ("向阳社区居民委员会", Level.VILLAGE, "向阳社区"),
        ("石桥村民委员会", Level.VILLAGE, "石桥村"),
        ("石桥村村民委员会", Level.VILLAGE, "石桥村"),
        ("民德街道办事处", Level.TOWN, "民德街道"),
        ("安和镇", Level.TOWN, "安和镇"),
    ],
)
def test_a_name_is_shortened_as_people_say_it(name, level, short):
    assert short_name(name, level) == short


@given(st.sampled_from(DIGITS).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)))
def test_every_ancestor_is_a_beginning_of_the_code_and_of_a_higher_level(code):
    for above in ancestors(code):
        assert code.startswith(above) and level_of(above) < level_of(code)


@pytest.mark.parametrize("code", ["", "1", "36010", "36010800a", "3601080010001234", "３６"])
def test_what_has_no_length_of_a_level_is_no_code(code):
    with pytest.raises(ValueError, match="by level"):
        level_of(code)


def test_the_nearest_division_that_exists_is_the_parent():
    assert parent_of("110101001", {"11", "110101"}) == "110101"
    assert parent_of("110101", {"11"}) == "11"
    assert parent_of("460400100", {"46", "4604"}) == "4604"
    assert parent_of("11", {"12"}) == ""
