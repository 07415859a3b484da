from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from anlan.prevent.hazards.criteria import SECTORS, candidates_for, criteria
from anlan.standards.citing import instrument


def test_a_described_danger_finds_its_criterion_with_clause_and_reason():
    found = candidates_for(["hazchem_producer"], "现场电工特种作业无证上岗")
    assert found[0]["id"] == "HG-02" and found[0]["strong"]
    assert "特种作业无证" in found[0]["why"] and "安监总管三〔2017〕121号" in found[0]["clause"]


def test_only_the_lists_of_the_sector_are_looked_at():
    sectors = {each["id"][:2] for each in candidates_for(["petrol_station"], "进入筒型库作业没有隔断措施")}
    assert "GM" not in sectors


def test_a_list_that_no_longer_holds_is_left_out():
    words = " ".join(each.words for each in criteria() if each.instrument == "GB 35181-2017")
    before = {each["clause"][:13] for each in candidates_for([], words, date(2024, 1, 1))}
    after = {each["clause"][:13] for each in candidates_for([], words, date(2026, 1, 1))}
    assert "GB 35181-2017" in before and "GB 35181-2017" not in after


def test_what_nobody_speaks_of_has_no_candidate():
    assert candidates_for(["dust"], "茶水间杯子没有洗") == []


def test_every_criterion_cites_a_known_instrument_and_every_sector_has_criteria():
    assert all(instrument(each.instrument) for each in criteria())
    there = {each.sector for each in criteria()}
    assert {sector for sectors in SECTORS.values() for sector in sectors} <= there


@given(st.text(max_size=80))
def test_whatever_is_written_there_is_an_answer(words):
    for each in candidates_for(list(SECTORS), words):
        assert 0 < each["share"] <= 1
