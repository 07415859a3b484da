import pytest

from anlan.desk.layers.initials import initials


@pytest.mark.parametrize(
    ("text", "expected"),
    [("安澜化工", "alhg"), ("3号储罐 (T-101)", "3hcgt101"), ("", ""), ("重庆路", "cql"), ("Gate 5", "gate5")],
)
def test_initials_of_a_name(text, expected):
    assert initials(text) == expected
