import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.audit import seals
from anlan.desk.audit.chain import FIELDS, FIRST, Act, append, breaks, canonical, seal, verify
from anlan.desk.audit.context import acting
from anlan.desk.audit.models import Entry, Head
from anlan.desk.audit.verification import all_breaks, command


@pytest.fixture(autouse=True)
def outside(settings, tmp_path):
    settings.AUDIT_SEALS = tmp_path / "seals.log"
    return settings.AUDIT_SEALS


@pytest.fixture
def ten(db):
    """Ten entries; the file of seals remembers the fifth and the tenth."""
    append(*(Act(action="test.act", subject=f"thing:{number}") for number in range(5)))
    seals.write(timezone.now())
    append(*(Act(action="test.act", subject=f"thing:{number}") for number in range(5, 10)))
    seals.write(timezone.now())


def places() -> list[int]:
    return [fault.position for fault in all_breaks()]


def test_a_chain_as_it_was_written_is_whole(ten, capsys):
    assert places() == [] and command() == 0
    assert "whole" in capsys.readouterr().out


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in ("position", "at", "data")])
def test_an_edit_of_any_field_is_found_where_it_is(ten, field):
    Entry.objects.filter(position=4).update(**{field: "other"})
    assert places() == [4]


def test_an_edit_of_time_or_content_is_found(ten):
    Entry.objects.filter(position=4).update(at=timezone.now() - timedelta(days=1))
    Entry.objects.filter(position=7).update(data='{"level":4}')
    assert places() == [4, 7]


def test_a_removed_entry_is_found(ten, capsys):
    Entry.objects.filter(position=4).delete()
    assert places() == [4] and command() == 1
    assert "entry 4 is missing" in capsys.readouterr().out


def test_a_removed_stretch_is_one_break_that_names_both_ends(ten):
    Entry.objects.filter(position__in=[3, 4, 5, 6]).delete()
    (fault,) = list(all_breaks())
    assert (fault.position, fault.reason) == (3, "entries 3 to 6 are missing")


def test_two_entries_exchanged_are_found(ten):
    third, fourth = Entry.objects.get(pk=3), Entry.objects.get(pk=4)
    Entry.objects.filter(pk=3).update(subject=fourth.subject, seal=fourth.seal)
    Entry.objects.filter(pk=4).update(subject=third.subject, seal=third.seal)
    assert places()[:2] == [3, 4]


def test_an_inserted_entry_is_found(ten):
    Entry.objects.create(position=11, at=timezone.now(), action="test.forged", seal="0" * 64)
    assert places()


def test_an_inserted_entry_with_the_head_moved_is_found(ten):
    Entry.objects.create(position=11, at=timezone.now(), action="test.forged", seal="0" * 64)
    Head.objects.update(position=11, seal="0" * 64)
    assert places() == [11]


def test_a_cut_tail_is_found(ten):
    Entry.objects.filter(position__gt=7).delete()
    assert places()[0] == 8


def test_a_cut_tail_with_its_head_row_is_found_by_the_file_outside(ten):
    Entry.objects.filter(position__gt=7).delete()
    Head.objects.update(position=7, seal=Entry.objects.get(pk=7).seal)
    assert list(verify()) == []
    assert places() == [8]


def test_an_emptied_table_is_found_by_the_file_outside(ten):
    Entry.objects.all().delete()
    Head.objects.all().delete()
    assert places() == [1]


def test_a_chain_written_anew_with_the_key_is_found_by_the_file_outside(ten):
    Entry.objects.all().delete()
    Head.objects.all().delete()
    append(*(Act(action="test.act", subject=f"other:{number}") for number in range(12)))
    assert list(verify()) == []
    assert places() == [5, 10]


def test_without_the_key_no_seal_can_be_made(ten, settings):
    entry = Entry.objects.get(pk=10)
    entry.words = "changed"
    settings_key = b"guessed"
    entry.seal = seal(settings_key, Entry.objects.get(pk=9).seal, canonical(*(getattr(entry, name) for name in FIELDS)))
    entry.save()
    Head.objects.update(seal=entry.seal)
    assert 10 in places()


def test_the_file_grows_only_when_the_chain_does_and_only_at_its_end(ten, outside):
    before = outside.read_bytes()
    assert not seals.write(timezone.now())
    append(Act(action="test.act"))
    assert seals.write(timezone.now())
    assert outside.read_bytes().startswith(before) and outside.stat().st_mode & 0o077 == 0


def test_a_line_of_the_file_that_was_changed_is_a_break(ten, outside):
    lines = outside.read_text().splitlines(keepends=True)
    outside.write_text(lines[0].replace("5 ", "6 ", 1) + lines[1])
    assert [fault.reason[:6] for fault in all_breaks()] == ["line 1"]


def test_a_chain_that_was_cut_and_grew_again_is_found_in_the_file_itself(ten):
    Entry.objects.filter(position__gt=7).delete()
    Head.objects.update(position=7, seal=Entry.objects.get(pk=7).seal)
    append(Act(action="test.other"))
    seals.write(timezone.now())
    assert any("goes back" in fault.reason for fault in all_breaks())


@given(st.text())
def test_any_text_is_a_file_of_seals_or_breaks_and_never_a_fault(text):
    read = seals.parse(text)
    assert not read.known and (read.broken or not text.splitlines())


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(st.lists(st.tuples(texts, texts, texts), max_size=8), st.data())
def test_a_chain_holds_and_any_one_change_breaks_it(contents, data):
    from django.conf import settings

    key, at = settings.AUDIT_KEY.encode(), timezone.now()
    rows, previous = [], FIRST
    for number, (actor, words, content) in enumerate(contents, 1):
        fields = (number, at, actor, "", "test.act", "", "", "", words, content)
        previous = seal(key, previous, canonical(*fields))
        rows.append((*fields, previous))
    head = (len(rows), previous)
    assert list(breaks(rows, head, lambda: head)) == []
    if rows:
        changed = list(rows)
        spot = data.draw(st.integers(0, len(rows) - 1))
        row = list(changed[spot])
        row[8] += "x"
        changed[spot] = tuple(row)
        assert [fault.position for fault in breaks(changed, head, lambda: head)] == [spot + 1]


def test_who_and_where_come_from_the_context(db):
    with acting("duty", "198.51.100.7"):
        (entry,) = append(Act(action="test.act"))
    assert (entry.actor, entry.address) == ("duty", "198.51.100.7")


def test_texts_no_database_keeps_are_made_keepable(db):
    append(Act(action="test.act", words="a\0b\ud800", subject="x" * 300, data={"k": "\0"}))
    assert places() == [] and Entry.objects.get().words == "ab?"


def test_a_transaction_that_fails_leaves_no_entry_and_no_gap(db):
    append(Act(action="test.act"))
    with pytest.raises(RuntimeError), transaction.atomic():
        append(Act(action="test.act"))
        raise RuntimeError
    append(Act(action="test.act"))
    assert places() == [] and Entry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_writers_at_one_moment_leave_no_gap():
    def write():
        for number in range(15):
            append(*(Act(action="test.act", subject=f"{number}:{part}") for part in range(3)))
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places() == [] and Entry.objects.count() == 4 * 15 * 3


@pytest.mark.django_db(transaction=True)
def test_what_is_appended_while_verifying_is_no_break(ten):
    found = []
    for fault in verify(count=lambda position: None):
        found.append(fault)
    entries = Entry.objects.order_by("position").values_list(*FIELDS, "seal")
    head = Head.objects.values_list("position", "seal").get()
    append(Act(action="test.act"))
    assert not found and not list(
        breaks(list(entries), head, lambda: Head.objects.values_list("position", "seal").get())
    )
