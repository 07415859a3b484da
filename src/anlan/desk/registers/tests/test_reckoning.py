import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.registers import actions
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.reckoning import rates
from anlan.desk.registers.schema import with_reckoned
from tests.cast import ENTERPRISE_A, TOWN

EXPENSES = record_types()["safety_expenses"]


def reckoned(**values):
    return with_reckoned(EXPENSES, {"sector": "hazchem"} | values)


def test_a_due_amount_of_100_and_payments_of_70_leave_a_gap_of_30():
    # 1,000 at 4.5 % is 45; the other 55 are 2.25 % of 2,444.4…
    data = reckoned(revenue=1000 + 55 / 0.0225, used=70)
    assert (round(data["due"], 6), round(data["gap"], 6)) == (100, 30)


def test_who_spent_more_than_he_must_has_no_gap_and_who_told_nothing_has_none_either():
    assert reckoned(revenue=1000, used=60)["gap"] == 0
    assert "gap" not in reckoned(revenue=1000) and "due" not in with_reckoned(EXPENSES, {"used": 1})


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.sampled_from(sorted(rates()["safety_expense"].bands)))
def test_more_revenue_never_means_less_due_and_bands_meet_without_a_jump(one, other, sector):
    low, high = sorted((one, other))
    table = rates()["safety_expense"]
    assert table.of(sector, low) <= table.of(sector, high) + 1e-9
    for edge, _share in table.bands[sector][:-1]:
        assert table.of(sector, edge) == pytest.approx(table.of(sector, edge + 1e-6), abs=1e-6)


@pytest.mark.django_db
def test_a_reckoned_field_is_typed_by_nobody_and_the_closed_year_shows_its_gap_to_both_sides(cast, signed_in):
    given = {"year": 2025, "sector": "hazchem", "revenue": 1000, "used": 20, "due": 1, "gap": 1}
    record = actions.add(cast.manager, EXPENSES, Entry(values=given, region=TOWN, organisation=ENTERPRISE_A))
    assert (record.data["due"], record.data["gap"]) == (45, 25)
    for part in ("manager", "inspector"):
        page = signed_in(getattr(cast, part)).get(f"/ledgers/safety_expenses/{record.pk}/").text
        assert "25" in page and "财资〔2022〕136号" in page and "条文待核对" in page
    assert 'name="gap"' not in signed_in(cast.manager).get("/ledgers/safety_expenses/new/").text
