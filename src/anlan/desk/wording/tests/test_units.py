import pytest
from django.utils.translation import override

from anlan.desk.wording.units import shown


@pytest.mark.parametrize(
    "code, sign",
    [
        ("Cel", "℃"),
        ("%{LEL}", "%LEL"),
        ("[ppm]", "ppm"),
        ("mg/m3", "mg/m³"),
        ("ug/m3", "µg/m³"),
        ("m2", "m²"),
        ("MPa", "MPa"),
        ("kN", "kN"),
        ("mm/h", "mm/h"),
        ("1", ""),
        ("", ""),
        ("km²", "km²"),
        ("10*4.m3", "10*4.m³"),
    ],
)
def test_a_code_is_shown_as_its_sign(code, sign):
    assert str(shown(code)) == sign


def test_a_unit_that_is_a_word_is_said_in_the_readers_language():
    unit = shown("{person}")
    with override("zh-hans"):
        assert str(unit) == "人"
    with override("en"):
        assert str(unit) == "people"
