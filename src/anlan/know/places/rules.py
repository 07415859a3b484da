"""What a division is, told from its code and name alone.

Levels follow GB/T 2260 (province, city, county: two digits each) and the statistical codes (town, village: three each);
the grid's three digits are local practice.
"""

from collections.abc import Iterable

from anlan.know.places.models import DIGITS, Region

Kind = Region.Kind
Level = Region.Level

# Endings of names, the longer and the more telling first; what none of them fits is OTHER.
_ENDINGS: dict[Level, tuple[tuple[str, Kind], ...]] = {
    Level.PROVINCE: (("", Kind.PROVINCE),),
    Level.CITY: (("行政区划", Kind.OTHER), ("", Kind.PREFECTURE)),
    Level.COUNTY: (
        ("开发区", Kind.ZONE),
        ("园区", Kind.ZONE),
        ("新区", Kind.DISTRICT),
        ("林区", Kind.COUNTY),
        ("特区", Kind.COUNTY),
        ("矿区", Kind.DISTRICT),
        ("区", Kind.DISTRICT),
        ("市", Kind.COUNTY_CITY),
        ("县", Kind.COUNTY),
        ("旗", Kind.COUNTY),
    ),
    Level.TOWN: (
        ("街道办事处", Kind.SUBDISTRICT),
        ("街道", Kind.SUBDISTRICT),
        ("办事处", Kind.SUBDISTRICT),
        ("管理处", Kind.SUBDISTRICT),
        ("开发区", Kind.ZONE),
        ("园区", Kind.ZONE),
        ("管委会", Kind.ZONE),
        ("管理委员会", Kind.ZONE),
        ("镇", Kind.TOWN),
        ("民族苏木", Kind.TOWNSHIP),
        ("苏木", Kind.TOWNSHIP),
        ("乡", Kind.TOWNSHIP),
        ("农场", Kind.FARM),
        ("林场", Kind.FARM),
        ("牧场", Kind.FARM),
        ("渔场", Kind.FARM),
        ("种场", Kind.FARM),
        ("茶场", Kind.FARM),
        ("良种场", Kind.FARM),
        ("团场", Kind.FARM),
        ("场", Kind.FARM),
    ),
    Level.VILLAGE: (
        ("社区居民委员会", Kind.COMMUNITY),
        ("居民委员会", Kind.COMMUNITY),
        ("居委会", Kind.COMMUNITY),
        ("社区", Kind.COMMUNITY),
        ("村民委员会", Kind.VILLAGE),
        ("村委会", Kind.VILLAGE),
        ("村", Kind.VILLAGE),
        ("嘎查", Kind.VILLAGE),
    ),
    Level.GRID: (("", Kind.GRID),),
}
_CUT = {
    Level.PROVINCE: ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"),
    Level.CITY: ("地区", "市", "盟"),
    Level.TOWN: ("街道办事处",),
    Level.VILLAGE: ("社区居民委员会", "居民委员会", "居委会", "村民委员会", "村委会"),
}


def level_of(code: str) -> Level:
    """The level of a code without trailing zeros. Errors: ValueError naming the lengths a code can have."""
    if code.isdecimal() and code.isascii() and len(code) in DIGITS:
        return Level(len(code))
    raise ValueError(f"'{code}' is no division code: it has {', '.join(map(str, DIGITS))} digits, by level")


def kind_of(name: str, level: Level) -> Kind:
    """The kind a division's name tells: 安和镇 is a town, 安和街道 a sub-district."""
    return next((kind for ending, kind in _ENDINGS[level] if name.endswith(ending)), Kind.OTHER)


def short_name(name: str, level: Level) -> str:
    """The name as people say it: 江西省 -> 江西, 向阳社区居民委员会 -> 向阳社区."""
    for ending in _CUT.get(level, ()):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            rest = name.removesuffix(ending)
            if level == Level.VILLAGE:
                rest = rest.removesuffix("社区") + "社区" if "居" in ending else rest.removesuffix("村") + "村"
            elif level == Level.TOWN:
                rest += "街道"
            return rest
    return name


def ancestors(code: str) -> list[str]:
    """Codes of all divisions above this one, the nearest first, whether or not they exist."""
    return [code[:digits] for digits in reversed(DIGITS) if digits < len(code)]


def parent_of(code: str, known: Iterable[str]) -> str:
    """The nearest division above that exists, or '': a directly governed county hangs under its province."""
    return next((above for above in ancestors(code) if above in known), "")
