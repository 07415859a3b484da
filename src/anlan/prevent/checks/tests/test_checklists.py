import textwrap
from datetime import date

import pytest
from django.urls import reverse

from anlan import packs
from anlan.know.law.declare import citations
from anlan.packs import PackError
from anlan.prevent.checks import sheets
from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.models import Sheet
from anlan.standards.citing import STATUS_TITLES

HEAD = "name: ours\ntitle: 本县\ntitle_en: Ours\nversion: '1'\nabout: x\n"
TWO = """
exits:
  title: 疏散排查表
  title_en: Ways out
  kind: fire
  editions:
    - number: '2024'
      from: '2024-01-01'
      groups:
        - {title: 出口, title_en: Exits, items: [
            {code: width, text: 出口净宽不小于规定值的80%, text_en: Exits are wide enough, instrument: GB 35181-2017,
             article: '6.5', status: found}]}
    - number: '2026'
      from: '2025-11-01'
      groups:
        - {title: 出口, title_en: Exits, items: [
            {code: width, text: 出口数量和净宽符合现行规则, text_en: Exits agree with the rule in force,
             instrument: GB 35181-2025, status: partial}]}
"""


@pytest.fixture
def ours(tmp_path, monkeypatch):
    def _write(text: str):
        (tmp_path / "pack.yaml").write_text(HEAD, encoding="utf-8")
        (tmp_path / "checklists.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
        monkeypatch.setenv("ANLAN_PACKS", str(tmp_path))
        _forget()
        return checklists

    yield _write
    monkeypatch.undo()
    _forget()


def _forget():
    packs.section.cache_clear()
    checklists.cache_clear()


@pytest.mark.django_db
def test_a_superseded_article_flags_the_item_and_a_later_inspection_shows_the_new_version_the_old_keeps_the_old(ours):
    """S11: Given a checklist item bound to an article, when the article is superseded, then the item is flagged for
    revision and an inspection opened afterwards shows the new version while the old inspection keeps the old one."""
    exits = ours(TWO)()["exits"]
    before, after = date(2025, 10, 31), date(2025, 11, 1)
    old_edition = exits.editions[0]
    assert old_edition.to_revise(before) == []
    assert [by for _question, by in old_edition.to_revise(after)] == ["GB 35181-2025"]

    old, new = sheets.of_checklist("exits", before), sheets.of_checklist("exits", after)
    assert (old.edition, new.edition) == ("2024", "2026")
    kept = Sheet.objects.get(pk=old.pk)
    assert kept.items[0]["text"] == "出口净宽不小于规定值的80%"
    assert kept.items[0]["clause"]["zh"] == "GB 35181-2017 6.5"
    assert new.items[0]["clause"]["zh"].startswith("GB 35181-2025")


@pytest.mark.django_db
def test_the_same_checklist_is_frozen_once(ours):
    ours(TWO)
    assert sheets.of_checklist("exits", date(2026, 1, 1)) == sheets.of_checklist("exits", date(2026, 6, 1))
    assert Sheet.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        TWO.replace("'2025-11-01'", "'2023-11-01'"),
        TWO.replace("status: found", "status: sure"),
        TWO.replace("kind: fire", "kind: whim"),
        TWO.replace("article: '6.5'", "reading: {unit: m}"),
        TWO.replace("{code: width, text: 出口净宽", "{code: 宽, text: 出口净宽"),
    ],
)
def test_a_wrong_checklist_stops_the_start_with_a_sentence(ours, wrong):
    with pytest.raises(PackError) as fault:
        ours(wrong)()
    assert "checklists" in str(fault.value) or "exits" in str(fault.value)


def test_a_code_that_stands_twice_is_refused(ours):
    doubled = TWO.replace("status: found}]}", "status: found}, {code: width, text: 再来, text_en: again, "
                          "instrument: GB 35181-2017, status: found}]}")  # fmt: skip
    with pytest.raises(PackError, match="width"):
        ours(doubled)()


def test_what_the_library_does_not_know_is_said_to_be_recalled(ours):
    exits = ours(TWO.replace("GB 35181-2017", "某县第3号通知"))()["exits"]
    bound = exits.editions[0].questions[0].bound
    assert (bound.known, bound.status) == (None, "recalled")
    assert bound.replaced(date(2030, 1, 1)) == ""


def test_every_shipped_item_is_bound_to_a_clause_and_says_how_sure_we_are():
    shipped = checklists()
    assert len(shipped) >= 8
    for code in ("hazchem_storage", "ammonia_refrigeration", "dust_explosion", "confined_space", "fire_small_place",
                 "construction_site", "gas_restaurant", "ebike_charging"):  # fmt: skip
        assert code in shipped
    for one in shipped.values():
        for question in one.editions[-1].questions:
            assert question.bound.cited
            assert question.bound.status in STATUS_TITLES
            assert question.item.text_en
            assert question.item.clause["zh"].startswith(question.bound.cited)


def test_the_construction_list_says_that_its_criteria_were_replaced():
    flagged = checklists()["construction_site"].editions[-1].to_revise(date(2026, 11, 24))
    assert {by for _question, by in flagged} == {"建质规〔2024〕5号"}


@pytest.mark.django_db
def test_the_library_is_found_by_words_of_its_items_and_by_the_law_it_cites(signed_in, cast):
    page = signed_in(cast.worker).get(reverse("checks.library"), {"q": "锁气卸灰"}).text
    assert "粉尘涉爆" in page
    assert "餐饮" not in page
    bound = next(one for one in citations() if one.name == "checklists").bound(
        cast.worker, "工贸企业有限空间作业安全规定"
    )
    assert len(list(bound)) >= 8
