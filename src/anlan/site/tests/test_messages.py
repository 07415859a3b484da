"""Gathering, merging and compiling the words of the interface."""

import gettext

import pytest

from anlan.site import messages


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tiny source tree with two messages, one with a number, and a catalogue of its own."""
    source = tmp_path / "source"
    parts = tmp_path / "parts"
    for folder in (source, parts):
        folder.mkdir()
    (source / "a.py").write_text('x = _("值班")\ny = ngettext("%(n)s 条", "%(n)s 条", n)\nz = _(f"{x}")\n')
    (source / "a.html").write_text(
        '{% load i18n %}{% translate "值班" %}{% blocktranslate %}共 {{ n }} 条{% endblocktranslate %}'
    )
    monkeypatch.setattr(messages, "SOURCE", source)
    monkeypatch.setattr(messages, "ENGLISH", tmp_path / "source" / "django.po")
    monkeypatch.setattr(messages, "PARTS", parts)
    return parts


def write(parts, text: str) -> None:
    (parts / "one.po").write_text(text, encoding="utf-8")


COMPLETE = """
msgid "值班"
msgstr "On duty"

msgid "%(n)s 条"
msgid_plural "%(n)s 条"
msgstr[0] "%(n)s entry"
msgstr[1] "%(n)s entries"

msgid "共 %(n)s 条"
msgstr "%(n)s in all"
"""


def test_it_gathers_from_python_and_templates_each_message_once(tree):
    texts = {text for _name, (_context, text) in messages.sources()}
    assert texts == {"值班", ("%(n)s 条", "%(n)s 条"), "共 %(n)s 条"}


def test_it_names_what_has_no_english_and_where_it_stands(tree):
    write(tree, 'msgid "值班"\nmsgstr ""\n')
    assert any("'值班' (a.html, a.py)" in problem for problem in messages.problems())
    assert len(messages.problems()) == 3


def test_a_complete_part_leaves_no_problem_and_is_compiled(tree):
    write(tree, COMPLETE)
    assert messages.problems() == []
    assert messages.command(update=True) == 0
    with messages.ENGLISH.with_suffix(".mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert found.gettext("值班") == "On duty"
    assert found.ngettext("%(n)s 条", "%(n)s 条", 1) == "%(n)s entry"
    assert found.ngettext("%(n)s 条", "%(n)s 条", 2) == "%(n)s entries"


def test_renewing_twice_changes_nothing(tree):
    write(tree, COMPLETE)
    messages.command(update=True)
    first = messages.ENGLISH.read_bytes()
    messages.command(update=True)
    assert messages.ENGLISH.read_bytes() == first


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('msgid "没有了"\nmsgstr "gone"\n', "no source says '没有了'"),
        ('#, fuzzy\nmsgid "没有了"\nmsgstr "gone"\n', "marked fuzzy"),
    ],
)
def test_it_names_what_is_left_over_or_doubtful(tree, added, said):
    write(tree, f"{COMPLETE}\n{added}")
    assert any(said in problem for problem in messages.problems())


def test_it_names_english_that_loses_a_place_to_fill(tree):
    write(tree, COMPLETE.replace('msgstr "%(n)s in all"', 'msgstr "in all"'))
    assert any("do not hold the same places" in problem for problem in messages.problems())
