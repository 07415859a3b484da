"""A wrong declaration is refused with a sentence; a right one is found."""

import pytest
from django.forms import CharField
from django.forms import Form as DjangoForm

from anlan.desk.forms.declare import Form, Part
from anlan.desk.forms.declare import faults as form_faults
from anlan.desk.lists import declare
from anlan.desk.lists.declare import Column, Filter, List, Menu, RowAction, faults
from anlan.desk.lists.rooms import WrongDeclaration, refuse
from anlan.desk.panels.declare import Attribute, Panel
from anlan.desk.panels.declare import faults as panel_faults


def a_list(**changes) -> List:
    given = {
        "name": "things",
        "title": "物",
        "gate": lambda user: None,
        "permission": "things.see",
        "columns": [Column("name", "名称", link=True)],
    }
    return List(**given | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"permission": "see"}, "not of the form"),
        ({"name": "Things!"}, "becomes its address"),
        ({"gate": "seen_by"}, "not a function"),
        ({"columns": []}, "no columns"),
        ({"columns": [Column("a", "a"), Column("a", "b")]}, "'a' stands twice"),
        ({"columns": [Column("a", "a", kind="colour")]}, "of kind 'colour'"),
        ({"filters": [Filter("a", "a", kind="slider")]}, "of kind 'slider'"),
        ({"filters": [Filter("sort", "a")]}, "the page uses itself"),
        ({"menu": Menu(group="nowhere")}, "menu group 'nowhere'"),
        ({"actions": [RowAction("do", "办", "do", lambda user, rows, words: None)]}, "'do' is not of the form"),
    ],
)
def test_it_says_what_is_wrong_with_a_list(changes, said):
    assert any(said in fault for fault in faults(a_list(**changes)))


def test_it_finds_no_fault_in_a_sound_list():
    assert faults(a_list(name="ledgers/tanks-2", menu=Menu(group="ledger"))) == []


def test_a_column_with_a_function_sorts_only_when_told_by_what():
    assert Column("a", "a").sort_field == "a"
    assert Column("a", "a", value=len).sort_field == ""
    assert Column("a", "a", value=len, sort="b__c").sort_field == "b__c"
    assert Column("a", "a", sort="").sort_field == ""


@pytest.mark.parametrize(
    ("panel", "said"),
    [
        (Panel(name="a", on="b", title="c"), "shows nothing"),
        (Panel(name="a", on="b", title="c", template="x.html", attributes=[Attribute("a", "a")]), "exactly one"),
        (Panel(name="a", on="b", title="c", attributes=[Attribute("a", "a", kind="smell")]), "of kind 'smell'"),
        (Panel(name="a", on="b", title="c", template="x.html", side="above"), "side 'above'"),
        (Panel(name="a", on="b", title="c", template="x.html", permission="all"), "not of the form"),
    ],
)
def test_it_says_what_is_wrong_with_a_panel(panel, said):
    assert any(said in fault for fault in panel_faults(panel))


class NameForm(DjangoForm):
    name = CharField()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "nobody could use it"),
        ({"add": "things.add", "form": object}, "not a Django form class"),
        ({"add": "things.add", "parts": [Part("基本", ["name", "age"])]}, "names the field 'age'"),
    ],
)
def test_it_says_what_is_wrong_with_a_form(changes, said):
    given = {"on": "things", "form": NameForm, "save": lambda user, form: None, "title": "物"}
    assert any(said in fault for fault in form_faults(Form(**given | changes)))


def test_a_fault_stops_with_the_module_and_the_sentence():
    with pytest.raises(WrongDeclaration, match=r"anlan\.x\.lists: list 'things': it has no columns"):
        refuse("anlan.x.lists", "list 'things'", ["it has no columns"])


def test_all_rooms_of_the_house_are_sound():
    assert "cases" in declare.lists()
    assert declare.entries()
