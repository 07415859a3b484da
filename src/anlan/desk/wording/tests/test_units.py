import pytest
from django.utils.translation import override

from anlan.desk.wording import both
from anlan.desk.wording.units import shown, unit_title


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
        ("10*-6", "10⁻⁶"),
    ],
)
def test_a_code_is_shown_as_its_sign(code, sign):
    assert str(shown(code)) == sign


def test_a_unit_that_is_a_word_is_said_in_the_readers_language():
    unit = shown("{person}")
    with override("zh-hans"):
        assert (str(unit), str(shown("{person}/m2"))) == ("人", "人/m²")
    with override("en"):
        assert str(unit) == "people"


def test_a_unit_that_is_a_text_already_stays_so():
    with override("en"):
        assert str(shown(both("米", "metres"))) == "metres"


def test_what_a_pack_calls_its_unit_goes_before_the_sign():
    assert str(unit_title({"unit": "m", "unit_title": "米"})) == "米"
    assert str(unit_title({"unit": "m2"})) == "m²" and str(unit_title({})) == ""
