"""The library's pages, and whether what is bound to a clause is to be revised."""

import asyncio
from datetime import date

import pytest
from django.http import QueryDict

from anlan.know.law import asking, declare, library, rules
from anlan.standards.citing import Clause, instrument
from anlan.standards.questions import questions

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("id", "day", "state"),
    [
        ("GB 18218-2018", date(2019, 3, 1), "in_force"),
        ("GB 18218-2018", date(2019, 2, 28), "not_yet"),
        ("GB 6441-1986", date(2026, 7, 1), "superseded"),
        ("GB 18218-2009", date(2026, 1, 1), "superseded"),
        ("应急〔2023〕123号", DAY, "unknown"),
    ],
)
def test_the_standing_of_an_instrument_follows_from_its_dates_and_its_successor(id, day, state):
    assert rules.standing(instrument(id), day).state == state


def test_what_is_bound_to_a_superseded_article_is_to_be_revised_and_names_what_holds_instead():
    found = rules.to_revise(Clause("GB 6441-1986"), DAY)
    assert found.must_revise and found.successor.id == "GB 6441-2025"
    assert rules.to_revise(Clause("GB 6441-1986"), date(2026, 6, 30)) is None
    assert rules.to_revise(Clause("GB 30871-2022", "5.1"), DAY) is None


def test_the_library_finds_by_number_by_title_and_by_what_is_in_it():
    for words in ("18218", "重大危险源辨识", "major hazard installations", "毒性气体校正系数"):
        assert "GB 18218-2018" in {one.instrument.id for one in library.found(words, "", "", DAY)}
    assert library.found("no such words", "", "", DAY) == []
    assert all(one.instrument.kind == "law" for one in library.found("", "law", "", DAY))


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("安全生产法（2021）", "安全生产法"),
        ("生产安全事故应急条例（国务院令第708号）", "生产安全事故应急条例"),
        ("特种作业人员安全技术培训考核管理规定（安监总局令第30号）", "特种作业人员安全技术培训考核管理规定（2010）"),
        ("特种作业人员安全技术培训考核管理规定（应急管理部令第19号）", "特种作业人员安全技术培训考核管理规定"),
        ("GB 30871-2022", "GB 30871-2022"),
        ("某市“十四五”规划", None),
    ],
)
def test_what_packs_name_leads_to_the_instrument_meant(words, id):
    found = library.named(words)
    assert (found.id if found else None) == id


def test_obligations_of_the_packs_stand_on_the_page_of_the_law_they_come_from(cast, signed_in):
    page = signed_in(cast.inspector).get("/law/instruments/生产安全事故应急条例/").content.decode()
    assert "高危及人员密集单位应急演练" in page and "?rule=drill_listed_half_year" in page


def posted(**values) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return query


UNIT = {
    "residents": "60",
    "units__0__name": "罐区",
    "units__0__kind": "tanks",
    "units__0__items__0__substance": "氯",
    "units__0__items__0__tonnes": "60.5",
    "units__0__items__0__categories": [],
}


def test_a_form_is_read_into_the_input_its_schema_describes():
    question = questions()["gb18218"]
    given = asking.given(question, posted(**UNIT, units__0__items__1__categories=["J1", "J2"]))
    assert given == {
        "residents": 60,
        "units": [
            {
                "name": "罐区",
                "kind": "tanks",
                "items": [{"substance": "氯", "tonnes": 60.5}, {"categories": ["J1", "J2"]}],
            }
        ],
    }
    assert dict(question.problems(given))["units/0/items/1/tonnes"].en == "is needed"


def test_rows_are_added_and_removed_without_script_and_nonsense_changes_nothing():
    question = questions()["gb18218"]
    added = asking.given(question, posted(**UNIT, rows="+units.0.items"))
    assert len(added["units"][0]["items"]) == 2
    assert asking.given(question, posted(**UNIT, rows="-units.0"))["units"] == []
    for nonsense in ("+", "-units.9", "+residents.x", "-units.0.items.x", "+units.0.items.0.tonnes.a", "?"):
        assert asking.given(question, posted(**UNIT, rows=nonsense))["residents"] == 60


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_has_a_form_whose_fields_carry_its_examples_there_and_back(name):
    question = questions()[name]
    for example in question.examples:
        query = QueryDict(mutable=True)

        def fill(fields, query=query):
            for field in fields:
                if field.kind in ("list", "group"):
                    for row in field.rows:
                        fill(row.fields)
                elif field.kind == "some_of":
                    query.setlist(field.name, [option.value for option in field.options if option.chosen])
                elif field.kind == "choice":
                    query[field.name] = next((option.value for option in field.options if option.chosen), "")
                elif field.kind == "yes_no":
                    query[field.name] = {True: "yes", False: "no"}.get(field.value, "")
                else:
                    query[field.name] = str(field.value)

        fill(asking.fields(question, example.input, {}))
        back = asking.given(question, query)
        assert not question.problems(back), f"{name}: {question.problems(back)}"


def test_everybody_at_work_reads_the_library_and_administrators_of_the_system_do_not(cast, signed_in):
    for part in ("duty", "inspector", "manager", "team_leader", "grid_worker"):
        assert signed_in(getattr(cast, part)).get("/law/").status_code == 200
    for path in ("/law/", "/law/coverage/", "/law/questions/gb18218/", "/law/instruments/GB%2018218-2018/"):
        assert signed_in(cast.stranger).get(path).status_code == 403
        assert signed_in(cast.system_administrator).get(path).status_code == 403


def test_the_page_of_an_instrument_tells_dates_parts_and_what_replaced_it(cast, signed_in):
    client = signed_in(cast.inspector)
    page = client.get("/law/", {"q": "6441"}).content.decode()
    assert "GB 6441-2025" in page
    old = client.get("/law/instruments/GB%206441-1986/").content.decode()
    assert "须修订" in old and "GB 6441-2025" in old
    assert client.get("/law/instruments/GB%2FT%2013861-2022/").status_code == 200
    assert client.get("/law/instruments/unknown/").status_code == 404


def test_things_bound_to_a_superseded_instrument_stand_on_its_page_as_to_be_revised(cast, signed_in, monkeypatch):
    bound = declare.Citations(
        "items",
        "检查表条目",
        "law.see",
        lambda user, id: [declare.Bound("事故类别", "3.1", "/x/")] if "1986" in id else [],
    )
    monkeypatch.setattr("anlan.know.law.views.citations", lambda: (bound,))
    client = signed_in(cast.inspector)
    assert "检查表条目" in client.get("/law/instruments/GB%206441-1986/").content.decode()
    assert "检查表条目" not in client.get("/law/instruments/GB%206441-2025/").content.decode()


def test_a_calculator_answers_with_the_tree_of_reasons_and_cites_each(cast, signed_in):
    client = signed_in(cast.manager)
    page = client.post("/law/questions/gb18218/", posted(**UNIT).dict() | {"on": "2026-11-24"})
    text = page.content.decode()
    assert page.status_code == 200 and "重大危险源" in text
    for clause in ("表1", "表3", "表5", "表6", "4.2.1"):
        assert f"GB 18218-2018 {clause}" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"residents": "many"}, "应为整数"),
        ({"units.0.items.0.substance": "水"}, "安全技术说明书"),
        ({"units.0.items.0.substance": "硝化棉"}, "table1:41"),
        ({"on": "2018-01-01"}, "2019-03-01"),
        ({"on": "yesterday"}, "2026-11-24"),
    ],
)
def test_what_has_no_answer_says_why_and_keeps_what_was_typed(cast, signed_in, change, said):
    page = signed_in(cast.manager).post("/law/questions/gb18218/", posted(**UNIT).dict() | change)
    text = page.content.decode()
    assert page.status_code == 422 and said in text and "罐区" in text


async def whole(answer) -> bytes:
    return b"".join([piece async for piece in answer.streaming_content])


def test_examples_fill_the_form_and_the_list_is_exported(cast, signed_in):
    client = signed_in(cast.inspector)
    assert "光气化装置" in client.get("/law/questions/gb18218/?example=0").content.decode()
    assert client.get("/law/questions/gb18218/?example=99").status_code == 200
    sheet = client.get("/law/?q=18218&export=csv")
    assert "GB 18218-2018" in asyncio.run(whole(sheet)).decode("utf-8-sig")
    assert signed_in(cast.team_leader).get("/law/?export=csv").status_code == 403


def test_pages_are_in_english_for_who_reads_english(cast, signed_in):
    client = signed_in(cast.inspector)
    client.cookies["django_language"] = "en"
    text = client.get("/law/questions/gb18218/?example=0", headers={"Accept-Language": "en"}).content.decode()
    assert "permanent residents" in text
