import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.access.standing import Refused
from anlan.desk.measures import assessing
from anlan.desk.measures.models import Assessment
from anlan.desk.measures.scorecards import NO, NOT_APPLICABLE, YES, faults, judge, scorecards
from anlan.desk.subjects.declare import Subject
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

KEY, GRADED = scorecards()["key_items"], scorecards()["standardisation"]
SELF = Subject(f"enterprise:{ENTERPRISE_A}", TOWN, ENTERPRISE_A, {"categories": []}, "松塘化工", "/enterprises/1/")
OTHER = Subject(f"enterprise:{ENTERPRISE_B}", OTHER_TOWN, ENTERPRISE_B, {"categories": []}, "别的企业")


def answers(no=0, na=0):
    given = {}
    for number, item in enumerate(KEY.items):
        answer = NO if number < no else NOT_APPLICABLE if number < no + na else YES
        given[item.code] = {"answer": answer, "words": "文件 2026-1 号" if answer != NO else ""}
    return given


def full(**changed):
    given = {item.code: {"points": item.points} for item in GRADED.items}
    return given | {code: {"points": points} for code, points in changed.items()}


@pytest.fixture
def draft(cast):
    return assessing.begin(cast.manager, KEY, SELF)


def test_the_key_item_list_has_20_items_in_five_places():
    assert len(KEY.items) == 20 and len({str(item.group) for item in KEY.items}) == 5


def test_yes_without_evidence_and_an_item_without_answer_are_refused_by_name(cast, draft):
    given = answers()
    given["i03"] = {"answer": "yes", "words": " "}
    del given["i07"]
    assessing.answer(cast.manager, draft, given)
    with pytest.raises(ValidationError) as refused:
        assessing.submit(cast.manager, draft)
    assert len(refused.value.messages) == 2 and "佐证" in refused.value.messages[0]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_draft_keeps_every_answer_by_itself(cast, draft):
    assessing.answer(cast.manager, draft, {"i01": {"answer": "yes", "words": "甲"}})
    row = assessing.answer(cast.manager, draft, {"i02": {"answer": "no"}, "unknown": {"answer": "yes"}})
    assert set(row.answers) == {"i01", "i02"}


def test_who_submits_does_not_confirm_and_who_may_not_does_nothing(cast, draft):
    for part in ("inspector", "team_leader", "other_manager", "stranger", "duty"):
        with pytest.raises(Refused):
            assessing.answer(getattr(cast, part), draft, answers())
    assessing.answer(cast.manager, draft, answers())
    row = assessing.submit(cast.manager, draft)
    for part in ("manager", "other_manager", "neighbour_duty", "other_town_officer"):
        with pytest.raises(Refused):
            assessing.confirm(getattr(cast, part), row)
    assert assessing.confirm(cast.town_officer, row).state == "confirmed"
    with pytest.raises(ValidationError):
        assessing.answer(cast.manager, row, {"i01": {"answer": "no"}})


def test_nobody_begins_for_an_enterprise_he_does_not_reach_and_a_second_begin_opens_the_first(cast, draft):
    with pytest.raises(Refused):
        assessing.begin(cast.manager, KEY, OTHER)
    assert assessing.begin(cast.manager, KEY, SELF).pk == draft.pk and Assessment.objects.count() == 1


def test_a_veto_item_that_is_not_met_leaves_no_grade_whatever_the_score():
    result = judge(GRADED, full(no_death=0))
    assert result.score > 99 and result.grade is None and [line.item.code for line in result.vetoed] == ["no_death"]


@pytest.mark.parametrize(("site", "grade"), [(26, "达到一级"), (15, "达到二级"), (0, "达到三级")])
def test_the_grade_follows_the_share_of_the_full_score(site, grade):
    assert str(judge(GRADED, full(site=site, emergency=10 if site else 4)).grade) == grade


def test_points_beyond_the_full_score_are_refused():
    assert set(faults(GRADED, full(site=27, goals=-1))) == {"site", "goals"}
    assert faults(GRADED, full()) == {}


@given(st.lists(st.sampled_from([YES, NO, NOT_APPLICABLE]), min_size=20, max_size=20))
def test_the_score_is_the_share_of_what_applies_and_gaps_are_the_noes(chosen):
    given = {item.code: {"answer": answer} for item, answer in zip(KEY.items, chosen, strict=True)}
    result = judge(KEY, given)
    applies = [answer for answer in chosen if answer != NOT_APPLICABLE]
    assert len(result.gaps) == chosen.count(NO)
    assert result.score == (round(100 * chosen.count(YES) / len(applies), 2) if applies else None)


def test_the_pages_open_for_those_who_assess_and_every_change_is_saved_by_itself(cast, signed_in, draft):
    client = signed_in(cast.manager)
    url = f"/assessments/{draft.pk}/answer/"
    page = client.get(url)
    assert page.status_code == 200 and page.text.count("<fieldset") == 20
    told = client.post(url, {"i01": "yes", "i01.words": "文件"}, headers={"HX-Request": "true"}).text
    assert "1 / 20" in told and client.get("/assessments/cards/").status_code == 200
    assert "还没有回答" in client.post(url, {"then": "submit"}, follow=True).text
    assert client.get(f"/assessments/{draft.pk}/").status_code == 200
    assert signed_in(cast.other_manager).get(url).status_code == 404
    assert signed_in(cast.stranger).get("/assessments/cards/").status_code == 403
