from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.audit.models import Entry as AuditEntry
from anlan.desk.registers import actions, gates, keys, words
from anlan.desk.registers.actions import Conflict, Entry
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record, RecordKey
from tests.cast import DISTRICT, ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db
CERTIFICATES, TEAMS = record_types()["certificates"], record_types()["rescue_teams"]
HELD = {"holder": "张焊", "number": "T360100199001010001", "kind": "welding", "issued_on": "2024-05-01"}


def certificate(user, organisation=ENTERPRISE_A, region=TOWN, until=date(2030, 4, 30), **values):
    return actions.add(
        user,
        CERTIFICATES,
        Entry(values=HELD | values, region=region, organisation=organisation, valid_to=until),
    )


def changed(record, **values):
    return Entry(
        values=record.data | values,
        region=record.region,
        organisation=record.organisation,
        valid_to=record.valid_to,
    )


def test_a_record_is_kept_with_its_keys_its_version_and_a_sealed_entry(cast):
    record = certificate(cast.manager)
    assert (record.title, record.initials, record.key) == (
        "张焊 T360100199001010001",
        "zht360100199001010001",
        HELD["number"],
    )
    assert RecordKey.objects.get(record=record, field="issued_on").day == date(2024, 5, 1)
    version = record.versions.get()
    assert version.state["data"]["kind"] == "welding"
    assert AuditEntry.objects.get(position=version.position).action == "registers.add"
    assert list(verify()) == []


def test_an_enterprise_keeps_records_only_in_its_own_name_and_town(cast):
    with pytest.raises(Refused):
        certificate(cast.manager, organisation=ENTERPRISE_B)
    with pytest.raises(Refused):
        certificate(cast.manager, region=OTHER_TOWN)
    with pytest.raises(Refused):
        certificate(cast.manager, organisation="")


@pytest.mark.parametrize("part", ["team_leader", "duty", "grid_worker", "stranger", "neighbour_duty"])
def test_whoever_may_not_keep_the_ledger_writes_nothing(cast, part):
    with pytest.raises(Refused):
        certificate(getattr(cast, part))
    assert not Record.objects.exists()


def test_a_person_sees_the_ledger_of_his_own_region_or_enterprise_only(cast):
    certificate(cast.manager)
    for part, count in {
        "manager": 1,
        "town_officer": 1,
        "duty": 1,
        "other_manager": 0,
        "other_town_officer": 0,
        "neighbour_duty": 0,
        "grid_worker": 0,
        "stranger": 0,
    }.items():
        assert gates.of_type(getattr(cast, part), CERTIFICATES).count() == count, part
        assert gates.seen_by(getattr(cast, part)).count() == count, part


def test_the_same_number_is_not_registered_twice_even_by_another(cast):
    record = certificate(cast.manager)
    with pytest.raises(ValidationError, match="已在台账中，请修改原记录"):
        certificate(cast.other_manager, organisation=ENTERPRISE_B, region=OTHER_TOWN)
    actions.retire(cast.manager, record, "离职")
    with pytest.raises(ValidationError, match="恢复原记录"):
        certificate(cast.manager)


def test_the_end_of_validity_is_demanded_where_the_type_says_so(cast):
    with pytest.raises(ValidationError) as refused:
        certificate(cast.manager, until=None)
    assert "valid_to" in refused.value.message_dict


def test_a_change_keeps_the_difference_and_renews_the_keys(cast):
    record = certificate(cast.manager)
    actions.change(cast.manager, record, 1, changed(record, kind="electric_low"), "换证")
    record.refresh_from_db()
    last = record.versions.get(number=2)
    assert last.difference == {"kind": ["welding", "electric_low"]} and last.words == "换证"
    found = keys.having(Record.objects.all(), CERTIFICATES, "kind", ["electric_low"])
    assert [row.pk for row in found] == [record.pk]
    assert not keys.having(Record.objects.all(), CERTIFICATES, "kind", ["welding"]).exists()


def test_a_change_that_changes_nothing_leaves_no_version(cast):
    record = certificate(cast.manager)
    actions.change(cast.manager, record, 1, changed(record))
    assert record.versions.count() == 1


def test_the_second_of_two_writers_is_told_the_field_and_overwrites_nothing(cast):
    record = certificate(cast.manager)
    actions.change(cast.inspector, record, 1, changed(record, holder="张汉"))
    with pytest.raises(Conflict) as refused:
        actions.change(cast.manager, record, 1, changed(record, holder="张翰"))
    assert refused.value.fields == {"holder": ["张汉", "张翰"]} and refused.value.version == 2
    record.refresh_from_db()
    assert record.data["holder"] == "张汉" and record.version == 2


def test_a_stale_writer_who_would_undo_another_field_is_told_too(cast):
    record = certificate(cast.manager)
    actions.change(cast.inspector, record, 1, changed(record, holder="张汉"))
    with pytest.raises(Conflict) as refused:
        actions.change(cast.manager, record, 1, changed(record, issuer="省厅"))
    assert refused.value.fields == {"holder": ["张汉", "张焊"]}


def test_a_record_cannot_be_moved_out_of_reach(cast):
    record = certificate(cast.town_officer)
    moved = Entry(values=record.data, region=OTHER_TOWN, organisation=ENTERPRISE_B, valid_to=record.valid_to)
    with pytest.raises(Refused):
        actions.change(cast.town_officer, record, 1, moved)


def test_a_retired_record_stays_is_not_changed_and_can_be_restored_by_who_may(cast):
    record = certificate(cast.manager)
    with pytest.raises(ValidationError, match="说明"):
        actions.retire(cast.manager, record, "  ")
    actions.retire(cast.manager, record, "离职")
    with pytest.raises(ValidationError, match="恢复后才能修改"):
        actions.change(cast.manager, record, 2, changed(record, holder="某"))
    with pytest.raises(ValidationError, match="已注销"):
        actions.retire(cast.manager, record, "再次")
    with pytest.raises(Refused):
        actions.restore(cast.manager, record, "返岗")
    actions.restore(cast.inspector, record, "返岗")
    assert [v.action for v in record.versions.order_by("number")] == ["add", "retire", "restore"]


def test_half_a_place_and_a_place_beyond_the_earth_are_refused(cast):
    values = {
        "name": "队",
        "kind": "flood",
        "staffing": "semi",
        "level": "town",
        "people": 30,
        "leader": "李",
        "phone": "123456",
    }
    for lon, lat, field in [
        (115.9, None, "lat"),
        (None, 28.7, "lon"),
        (200.0, 28.7, "lon"),
        (115.9, float("nan"), "lat"),
    ]:
        with pytest.raises(ValidationError) as refused:
            actions.add(cast.inspector, TEAMS, Entry(values=values, region=DISTRICT, lon=lon, lat=lat))
        assert field in refused.value.message_dict


def test_status_and_validity_are_one_word_in_lists_and_filters(cast):
    today = timezone.localdate()
    ends = {"expired": -1, "soon": 10, "valid": 400}
    for number, (_word, days) in enumerate(ends.items()):
        certificate(cast.manager, until=today + timedelta(days=days), number=f"N-00000{number}")
    actions.retire(cast.manager, certificate(cast.manager, number="N-000009"), "注销")
    for word in words.STATES:
        found = words.in_state(Record.objects.all(), CERTIFICATES, [word], today)
        assert [words.state(row, CERTIFICATES, today) for row in found] == [word]
