"""Hours of training and validity of certificates."""

from datetime import date

import pytest

from anlan.standards.tables import OutsideTable
from anlan.standards.training import hours


@pytest.mark.parametrize(
    ("person", "high_risk", "first", "yearly"),
    [
        ("head", False, 32, 12),
        ("manager", True, 48, 16),
        ("worker", True, 72, 20),
        ("worker", False, 24, None),
    ],
)
def test_hours_by_person_and_risk(person, high_risk, first, yearly):
    assert hours.required(person, high_risk).value == first
    assert hours.required(person, high_risk, again=True).value == yearly
    assert hours.enough(person, high_risk, first).value is True
    assert hours.enough(person, high_risk, first - 0.5).value is False


def test_a_special_operation_certificate_is_rechecked_after_three_and_ends_after_six_years():
    assert hours.holds_until("special_recheck", date(2024, 2, 29)).value == date(2027, 2, 28)
    assert hours.holds_until("special_valid", date(2020, 11, 24)).value == date(2026, 11, 24)


def test_what_no_table_holds_is_refused():
    with pytest.raises(OutsideTable):
        hours.required("visitor", True)
    with pytest.raises(OutsideTable):
        hours.enough("worker", True, -1)
    with pytest.raises(OutsideTable):
        hours.holds_until("driving", date(2026, 1, 1))
