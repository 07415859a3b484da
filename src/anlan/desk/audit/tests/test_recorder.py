from anlan.desk.access.actions import create_account
from anlan.desk.audit.models import Entry


def test_what_access_does_is_written_down_within_the_same_transaction(cast):
    create_account(cast.system_administrator, username="new.one", name="新人")
    entry = Entry.objects.get(action="access.open")
    assert entry.actor == "system_administrator" and "new.one" in entry.data


def test_a_sign_in_and_its_failure_are_written_down(cast, client):
    cast.duty.set_password("A-good-Pass-2026")
    cast.duty.save()
    for password in ("wrong", "A-good-Pass-2026"):
        client.post("/sign-in/", {"username": "duty", "password": password}, REMOTE_ADDR="198.51.100.7")
    entries = {entry.action: entry for entry in Entry.objects.filter(actor="duty")}
    assert set(entries) == {"access.sign-in-failed", "access.sign-in"}
    assert entries["access.sign-in"].address == "198.51.100.7"
