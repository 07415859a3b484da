"""`anlan standard`: what is typed, what is printed."""

import json
from pathlib import Path

import pytest

from anlan.site import standard_command
from anlan.site.standard_command import run

ASKED = {"json": False, "on": "2026-11-24", "since": "", "language": "en"}

TABLE = """residents,name,kind,substance,tonnes,categories,mixture
60,光气化装置,production,光气,1.5,,
60,光气化装置,production,氯,10,,
60,光气化装置,production,甲苯,25,W5.3,
60,液氯罐区,tanks,液氯,60,,
"""


@pytest.fixture
def file(tmp_path):
    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_without_a_name_every_standard_is_listed(capsys):
    assert run("", None, **ASKED) == 0
    assert "gb18218" in capsys.readouterr().out


def test_without_a_file_examples_are_shown_that_can_be_asked_as_they_stand(file, capsys):
    assert run("gb18218", None, **ASKED) == 0
    shown = capsys.readouterr().out.split("# ")[1].partition("\n")[2]
    assert run("gb18218", file("asked.yaml", shown), **ASKED) == 0
    assert "level 1" in capsys.readouterr().out


def test_a_table_a_yaml_and_a_json_file_are_the_same_question(file, capsys):
    from anlan.standards.major_hazards.asking import PHOSGENATION

    assert run("gb18218", file("units.csv", TABLE), **ASKED | {"json": True}) == 0
    from_table = json.loads(capsys.readouterr().out)
    assert run("gb18218", file("units.json", json.dumps(PHOSGENATION)), **ASKED | {"json": True}) == 0
    assert json.loads(capsys.readouterr().out) == from_table
    assert [unit["value"] for unit in from_table["because"]] == [1, 2]


def test_a_table_of_a_question_without_lists_asks_once_a_row(file, capsys):
    table = "deaths,serious_injuries,loss_yuan\n3,0,0\n0,0,9999999\n"
    assert run("accident-class", file("accidents.csv", table), **ASKED) == 0
    printed = capsys.readouterr().out
    assert "considerable accident" in printed and "general accident" in printed


def test_a_group_of_fields_is_columns_too(file, capsys):
    assert run("risk-lec", file("risks.csv", "L,E,C\n3,6,15\n1,1,1\n"), **ASKED | {"json": True}) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("a.yaml", "residents: -1\nunits: []\n", 1, "units"),
        ("a.yaml", "residents: 1\nunits: [{items: [{substance: 水, tonnes: 1}]}]\n", 1, "not in table 1"),
        ("a.yaml", "residents: [", 2, "a.yaml"),
        ("a.csv", "people\n1\n", 2, "no column people"),
    ],
)
def test_what_is_no_question_or_has_no_answer_is_said(file, capsys, name, text, code, said):
    assert run("gb18218", file(name, text), **ASKED) == code
    assert said in capsys.readouterr().err


def test_an_unknown_standard_and_a_missing_file_are_said(tmp_path, capsys):
    assert run("gb0", None, **ASKED) == 2
    assert run("gb18218", tmp_path / "none.yaml", **ASKED) == 2
    assert "gb18218" in capsys.readouterr().err


def test_a_day_before_the_first_edition_is_refused(file, capsys):
    assert run("gb18218", file("units.csv", TABLE), **ASKED | {"on": "2018-01-01"}) == 1
    assert "2019-03-01" in capsys.readouterr().err


def test_times_of_a_yaml_file_stay_as_they_are_written():
    import yaml

    assert yaml.load("a: 2026-11-24T08:00:00+08:00", Loader=standard_command._Plain)["a"].startswith("2026-11-24T08")
