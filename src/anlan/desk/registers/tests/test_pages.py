from datetime import date

import pytest

from anlan.desk.lists.declare import lists
from anlan.desk.registers import actions
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import faults, record_types
from anlan.desk.registers.forms import form_class
from anlan.desk.registers.models import Record
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN

pytestmark = pytest.mark.django_db
HELD = {"holder": "张焊", "number": "T-000001", "kind": "welding", "issued_on": "2024-05-01"}


def certificate(user):
    entry = Entry(values=HELD, region=TOWN, organisation=ENTERPRISE_A, valid_to=date(2030, 4, 30))
    return actions.add(user, record_types()["certificates"], entry)


@pytest.mark.parametrize("code", list(record_types()))
def test_every_ledger_has_a_sound_type_a_list_and_a_form_with_all_its_fields(code):
    kind = record_types()[code]
    assert faults(kind, record_types()) == []
    assert {field.name for field in kind.entered} <= set(form_class(kind).base_fields)
    assert {field.name for field in kind.key_fields} - set(kind.label) <= set(lists()[kind.list_name].by_column)


@pytest.mark.parametrize("code", list(record_types()))
def test_every_ledger_and_its_form_open_for_the_inspector_and_for_nobody_without_a_post(code, cast, signed_in):
    client = signed_in(cast.inspector)
    assert client.get(f"/ledgers/{code}/").status_code == 200
    assert client.get(f"/ledgers/{code}/new/").status_code == 200
    assert client.get(f"/ledgers/{code}/gap/").status_code == 200
    client = signed_in(cast.stranger)
    assert {client.get(f"/ledgers/{code}/{page}").status_code for page in ("", "new/", "gap/")} == {403}


def test_a_manager_adds_a_certificate_by_the_form_in_the_name_of_the_enterprise(cast, signed_in):
    given = HELD | {"region": DISTRICT, "organisation": "SOMEBODY", "valid_to": "2030-04-30"}
    answer = signed_in(cast.manager).post("/ledgers/certificates/new/", given)
    record = Record.objects.get()
    assert answer.status_code == 302 and (record.organisation, record.region) == (ENTERPRISE_A, TOWN)


def test_the_form_names_the_wrong_field_and_keeps_what_was_typed(cast, signed_in):
    given = HELD | {"number": "?", "valid_to": "2030-04-30"}
    page = signed_in(cast.manager).post("/ledgers/certificates/new/", given)
    assert page.status_code == 200 and "格式不对" in page.text and "张焊" in page.text
    assert not Record.objects.exists()


def test_a_conflict_is_shown_at_the_field_and_saving_again_keeps_ones_own(cast, signed_in):
    record = certificate(cast.manager)
    other = Entry(values=HELD | {"holder": "张汉"}, region=TOWN, organisation=ENTERPRISE_A, valid_to=record.valid_to)
    actions.change(cast.inspector, record, 1, other)
    client, url = signed_in(cast.manager), f"/ledgers/certificates/{record.pk}/edit/"
    given = HELD | {"holder": "张翰", "region": TOWN, "organisation": ENTERPRISE_A, "valid_to": "2030-04-30"}
    page = client.post(url, given | {"version": "1"})
    assert "已被另一人改为“张汉”" in page.text and 'name="version" value="2"' in page.text
    assert client.post(url, given | {"version": "2"}).status_code == 302
    record.refresh_from_db()
    assert record.data["holder"] == "张翰" and record.version == 3


def test_the_page_of_a_record_shows_its_history_and_retires_it_with_a_reason(cast, signed_in):
    record = certificate(cast.manager)
    client, page = signed_in(cast.manager), f"/ledgers/certificates/{record.pk}/"
    assert "登记" in client.get(page).text
    client.post(f"{page}retire/", {"words": ""})
    assert Record.objects.get().status == "in_force"
    client.post(f"{page}retire/", {"words": "离职"})
    assert Record.objects.get().status == "retired" and "离职" in client.get(page).text


def test_a_record_of_another_enterprise_does_not_exist(cast, signed_in):
    record = certificate(cast.manager)
    client, page = signed_in(cast.other_manager), f"/ledgers/certificates/{record.pk}/"
    assert client.get(page).status_code == 404
    assert client.get(f"{page}edit/").status_code == 404
    assert client.post(f"{page}retire/", {"words": "x"}).status_code == 404


def test_a_record_is_not_found_under_another_ledger(cast, signed_in):
    record = certificate(cast.manager)
    assert signed_in(cast.inspector).get(f"/ledgers/shelters/{record.pk}/").status_code == 404


def test_filters_by_key_field_and_standing_narrow_the_list(cast, signed_in):
    certificate(cast.manager)
    client = signed_in(cast.inspector)
    assert "张焊" in client.get("/ledgers/certificates/?kind=welding&standing=valid").text
    assert "张焊" not in client.get("/ledgers/certificates/?kind=electric").text
    assert "张焊" not in client.get("/ledgers/certificates/?standing=expired").text
    assert "张焊" in client.get("/ledgers/certificates/?issued_on_from=2024-05-01&issued_on_to=2024-05-01").text
    assert "张焊" not in client.get("/ledgers/certificates/?issued_on_from=2024-05-02").text
