"""What packs may say of calendars and of computed points, and the sentences that refuse the rest."""

import pytest
import yaml

from anlan import packs
from anlan.packs import calendars, profiles, silences

NIGHT = {"title": "夜间", "title_en": "Night", "hours": ["22:00", "06:00"], "source": "ours", "status": "configured"}
T1 = {"title": "测温一", "title_en": "T1"}


@pytest.fixture
def ours(tmp_path, monkeypatch):
    """A pack of one's own with these sections, read from its files."""

    def section(name: str, **written) -> dict:
        (tmp_path / "pack.yaml").write_text("name: ours\ntitle: 本县\ntitle_en: Ours\nversion: '1'\nabout: x\n")
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(written, allow_unicode=True), encoding="utf-8")
        monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))
        packs.section.cache_clear()
        return packs.section(name)

    yield section
    monkeypatch.undo()
    packs.section.cache_clear()


def profile(**points) -> dict:
    return {"title": "联锁", "title_en": "Trip", "points": {"t1": T1, "t2": T1, **points}}


def votes(**said) -> dict:
    return T1 | {"computed": {"how": "COUNT", "of": ["t1", "t2"], "limit": 110} | said}


def test_a_calendar_keeps_its_number_whatever_other_packs_there_are(ours):
    before = packs.section("calendars")["noise_night"]["number"]
    found = ours("calendars", ours_night=NIGHT)
    assert found["noise_night"]["number"] == before
    assert 0 < found["ours_night"]["number"] < 2**32


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"hours": [1320, 360]}, "not of type 'string'"),  # what YAML makes of 22:00 without quotes
        ({"hours": ["22:00", "25:00"]}, "25:00"),
        ({"weekdays": [0]}, "weekdays"),
        ({"days": "holidays"}, "holidays"),
        ({"season": ["02-30", "06-01"]}, "there is no day 02-30"),
    ],
)
def test_hours_and_days_that_do_not_exist_are_refused_with_their_place(ours, wrong, words):
    with pytest.raises(packs.PackError, match=r"calendars\.yaml.*" + words):
        ours("calendars", ours_night=NIGHT | wrong)


def test_a_calendar_that_says_nothing_of_when_is_refused(ours):
    with pytest.raises(packs.PackError, match="ours_night"):
        ours("calendars", ours_night={name: value for name, value in NIGHT.items() if name != "hours"})


def test_two_codes_of_one_number_are_refused():
    with pytest.raises(ValueError, match="'buckeroo' has the number of 'plumless'; choose another code"):
        calendars.numbered({"plumless": NIGHT, "buckeroo": NIGHT})
    with pytest.raises(ValueError, match="no calendar"):
        calendars.numbered({"": NIGHT})


@pytest.mark.parametrize(
    "points, words",
    [
        ({"votes": votes(of=["t1", "t9"])}, "'trip', point votes: .*t9, which the device does not have"),
        ({"votes": votes(of=["t1", "votes"])}, "votes, which is computed itself"),
        ({"votes": votes(), "mean": votes(of=["t1", "votes"])}, "point mean: .*votes, which is computed itself"),
        ({"votes": votes() | {"usual": {"base": 0}}}, "no `usual`"),
        ({"t1": T1 | {"rules": [{"kind": "H", "limit": 1, "calendar": "never"}]}}, "no pack has the calendar 'never'"),
        ({"t1": T1 | {"rules": [{"kind": "H", "of": "DIFFERENCE", "other": "t9"}]}}, "compared with t9"),
    ],
)
def test_what_is_not_there_cannot_be_named(points, words):
    with pytest.raises(ValueError, match=words):
        profiles.check({"trip": profile(**points)}, {"night": NIGHT})


@pytest.mark.parametrize("wrong", [{"how": "MEDIAN"}, {"of": []}, {"of": ["t1", "t1"]}, {"fresh": 30}, {"every": -1}])
def test_a_computed_point_is_checked_by_the_schema_too(ours, wrong):
    with pytest.raises(packs.PackError, match=r"profiles\.yaml: at trip"):
        ours("profiles", trip=profile(votes=votes(**wrong)))
    without = votes()
    del without["computed"]["limit"]
    with pytest.raises(packs.PackError, match="'limit' is a required property"):
        ours("profiles", trip=profile(votes=without))


def test_the_silence_of_a_class_is_of_a_point_that_is_reported():
    classes = {"process": {"every": 5, "silence": 300, "level": 4, "source": "ours", "checked": "configured"}}
    points = {"votes": votes(), "battery": T1 | {"health": True}, "t1": T1}
    found = silences.complete({"trip": {"class": "process", "points": points}}, classes)["trip"]["points"]
    assert [key for key, point in found.items() if "rules" in point] == ["t1"]
    del points["t1"]
    found = silences.complete({"trip": {"class": "process", "points": points}}, classes)["trip"]["points"]
    assert [key for key, point in found.items() if "rules" in point] == ["battery"]
    with pytest.raises(ValueError, match="device class 'proces'"):
        silences.complete({"trip": {"class": "proces", "points": points}}, classes)
