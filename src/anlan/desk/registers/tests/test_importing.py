from datetime import date

import pytest

from anlan.desk.audit.chain import verify
from anlan.desk.exchange.declare import Row, imports
from anlan.desk.registers import actions
from anlan.desk.registers.models import Record, RecordKey, RecordVersion
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db
CERTIFICATES = imports()["ledgers/certificates"]
HELD = {"holder": "张焊", "number": "T-000001", "kind": "welding", "issued_on": date(2024, 5, 1)}
HELD["valid_to"] = date(2030, 4, 30)


def rows(*changes):
    return [Row(number, HELD | change) for number, change in enumerate(changes, 2)]


def states(user, given):
    return [verdict.state for verdict in CERTIFICATES.check(user, given)]


def test_new_rows_come_into_the_ledger_with_history_and_keys(cast):
    given = rows({}, {"number": "T-000002"})
    assert states(cast.manager, given) == ["new", "new"]
    assert [verdict.state for verdict in CERTIFICATES.save(cast.manager, given)] == ["new", "new"]
    first = Record.objects.get(key="T-000001")
    assert (first.region, first.organisation, first.valid_to) == (TOWN, ENTERPRISE_A, date(2030, 4, 30))
    assert RecordVersion.objects.filter(position__isnull=False).count() == 2
    assert RecordKey.objects.filter(field="kind", text="welding").count() == 2
    assert list(verify()) == []


def test_a_second_time_nothing_changes_and_a_changed_cell_is_a_change(cast):
    CERTIFICATES.save(cast.manager, rows({}))
    assert states(cast.manager, rows({}, {"holder": "张汉"})) == ["unchanged", "changed"]
    CERTIFICATES.save(cast.manager, rows({"holder": "张汉"}))
    record = Record.objects.get()
    assert record.data["holder"] == "张汉" and record.versions.get(number=2).difference == {"holder": ["张焊", "张汉"]}


def test_a_column_the_table_lacks_changes_nothing_and_an_empty_cell_empties(cast):
    CERTIFICATES.save(cast.manager, rows({"issuer": "省厅"}))
    assert states(cast.manager, rows({})) == ["unchanged"]
    CERTIFICATES.save(cast.manager, rows({"issuer": None}))
    assert "issuer" not in Record.objects.get().data


def test_each_bad_row_says_why_and_where(cast):
    given = rows({"number": "?"}, {"issued_on": None}, {"organisation": ENTERPRISE_B}, {"region": OTHER_TOWN})
    found = CERTIFICATES.check(cast.manager, given)
    assert [verdict.state for verdict in found] == ["bad"] * 4
    assert [verdict.field for verdict in found[:2]] == ["number", "issued_on"]
    assert "格式不对" in found[0].problem and "岗位" in found[2].problem


def test_what_another_holds_or_what_was_retired_is_not_overwritten(cast):
    CERTIFICATES.save(cast.manager, rows({}))
    (verdict,) = CERTIFICATES.check(cast.other_manager, rows({}))
    assert verdict.state == "bad" and "不能修改" in verdict.problem
    actions.retire(cast.manager, Record.objects.get(), "离职")
    (verdict,) = CERTIFICATES.check(cast.manager, rows({}))
    assert verdict.state == "bad" and "恢复" in verdict.problem


def test_every_ledger_can_be_imported():
    assert {name for name in imports() if name.startswith("ledgers/")} >= {"ledgers/rescue_teams", "ledgers/shelters"}
