"""Assessments of cities and parks, and the special list of ammonia stores: ledgers and obligations of a pack."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.obligations.generating import generate
from anlan.desk.obligations.models import Obligation
from anlan.desk.registers.actions import Entry, add
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN


def put(user, kind: str, values: dict, **more) -> Record:
    return add(user, record_types()[kind], Entry(values=values, region=more.pop("region", DISTRICT), **more))


def test_a_park_assessed_in_june_2021_is_reminded_before_june_2026_and_overdue_after_it(cast):
    """S56: Given a park assessed on 1 June 2021, when 1 June 2026 nears, then a reminder is raised; after the date it
    is overdue and the completion rate falls."""
    record = put(cast.inspector, "park_assessments", {"park": "澄汀化工园", "assessed_on": "2021-06-01", "level": "2"})
    due = Obligation.objects.filter(subject=f"record:{record.pk}", rule="park_assessment_five_years")
    generate(datetime(2025, 11, 1, tzinfo=UTC))
    assert not due.filter(due_on__year=2026).exists()
    generate(datetime(2026, 1, 15, tzinfo=UTC))
    row = due.get(due_on__year=2026)
    assert row.is_open and date(2026, 5, 31) <= row.due_on <= date(2026, 6, 1)
    assert row.by.remind == (180, 90, 30) or list(row.by.remind) == [180, 90, 30]


def test_an_assessment_round_of_forty_units_lists_the_five_major_ones_each_with_owner_and_measures(cast):
    """S53: Given an assessment round with 40 units, when 5 are rated major, then the report and the list agree and each
    has an owner and measures."""
    for number in range(40):
        put(
            cast.inspector,
            "city_assessments",
            {
                "round": "2026",
                "unit": f"单元{number}",
                "level": "1" if number < 5 else "3",
                "owner": "住建局",
                "measures": "专项整治，限期完成",
            },
        )
    rows = [row.data for row in Record.objects.filter(type="city_assessments")]
    major = [row for row in rows if row["level"] == "1"]
    assert (len(rows), len(major)) == (40, 5)
    assert all(row["owner"] and row["measures"] for row in major)


def test_a_unit_without_an_owner_is_refused(cast):
    with pytest.raises(ValidationError):
        put(cast.inspector, "city_assessments", {"round": "2026", "unit": "甲", "level": "1", "measures": "x"})


def test_an_ammonia_store_with_no_spare_tank_is_on_the_special_list_with_a_date_to_fix(cast):
    """S131: Given an ammonia store with no spare tank, when checked, then it is on the special list with a date to
    fix."""
    values = {
        "enterprise": ENTERPRISE_A,
        "enterprise_name": "甲冷链",
        "place_name": "制冷机房",
        "checked_on": "2026-03-02",
    }
    without = put(
        cast.inspector, "ammonia_stores", values | {"spare_tank": False}, region=TOWN, organisation=ENTERPRISE_A
    )
    having = put(
        cast.inspector,
        "ammonia_stores",
        values | {"place_name": "二号机房", "spare_tank": True},
        region=TOWN,
        organisation=ENTERPRISE_A,
    )
    generate(datetime(2026, 3, 3, tzinfo=UTC))
    (fix,) = Obligation.objects.filter(rule="ammonia_spare_tank")
    assert fix.subject == f"record:{without.pk}" != f"record:{having.pk}"
    assert fix.is_open and fix.due_on == date(2026, 9, 3)
