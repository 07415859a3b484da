from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.figures.declare import figures
from anlan.desk.registers import actions, advancing, coverage
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.coverage import cover, coverages, span
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record
from anlan.desk.subjects.declare import Subject
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, TOWN

pytestmark = pytest.mark.django_db
TOPICS = ("duties", "management", "investment", "risks", "dangers")
PROMISE = {"name": "松塘化工", "day": "2026-11-24", "signer": "孙丽"} | dict.fromkeys(TOPICS, "已落实")
DAY = date(2026, 11, 24)


def kept(user, code, values, organisation=ENTERPRISE_A, **head):
    kind = record_types()[code]
    return actions.add(user, kind, Entry(values=values, region=TOWN, organisation=organisation, **head))


@pytest.fixture
def firms(monkeypatch):
    """`firms(n)`: so many invented enterprises are those whom every coverage of enterprises means."""

    def make(count):
        subjects = [
            Subject(f"enterprise:E{n:05d}", TOWN, f"E{n:05d}", {}, f"企业{n}", f"/enterprises/{n}/")
            for n in range(count)
        ]
        monkeypatch.setattr(coverage, "select", lambda chosen: subjects)
        return [subject.organisation for subject in subjects]

    return make


def held(code, organisations, **data):
    kind = record_types()[code]
    records = [
        Record(type=code, region=TOWN, organisation=o, title=o, data=data, key=f"{code}{o}") for o in organisations
    ]
    actions.add_many(None, kind, records)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_commitment_lacking_one_of_the_five_topics_is_refused(cast, topic):
    with pytest.raises(ValidationError) as refused:
        kept(cast.manager, "safety_commitments", PROMISE | {topic: " "})
    assert list(refused.value.message_dict) == [topic] and not Record.objects.exists()


def test_a_complete_commitment_is_public_and_dated_and_only_what_the_pack_publishes_is_shown(cast, client):
    kept(cast.manager, "safety_commitments", PROMISE)
    page = client.get("/published/safety_commitments/")
    assert page.status_code == 200 and "2026-11-24" in page.text and "已落实" in page.text
    assert ENTERPRISE_A not in page.text
    assert client.get("/published/certificates/").status_code == 404
    assert client.get("/published/nothing/").status_code == 404


def test_the_public_page_turns_and_takes_no_nonsense(client):
    held("safety_commitments", [f"E{n}" for n in range(60)], name="x", day="2026-11-24")
    assert client.get("/published/safety_commitments/").text.count("<article") == 50
    assert client.get("/published/safety_commitments/?page=2").text.count("<article") == 10
    for page in ("0", "-1", "x", "99999999", "²"):
        assert client.get("/published/safety_commitments/", {"page": page}).status_code == 200, page
    assert client.get("/published/safety_commitments/?organisation=E7").text.count("<article") == 1


def test_a_second_commitment_of_the_same_day_is_refused(cast):
    kept(cast.manager, "safety_commitments", PROMISE)
    with pytest.raises(ValidationError, match="已在台账中"):
        kept(cast.manager, "safety_commitments", PROMISE)


def test_who_made_no_commitment_today_is_named(firms):
    organisations = firms(3)
    held("safety_commitments", organisations[:2], day="2026-11-24")
    held("safety_commitments", organisations[2:], day="2026-11-23")
    covered = cover(coverages()["commitment_today"], DAY)
    assert (covered.met, [subject.title for subject in covered.missing]) == (2, ["企业2"])


def test_of_30_posts_28_signed_coverage_is_933_per_cent_and_the_two_missing_are_named(cast):
    for number in range(30):
        values = {"post": f"岗位{number:02d}", "person": "某人", "duties": "负责", "standard": "考核"}
        kept(cast.manager, "responsibility_posts", values | ({"signed_on": "2026-11-01"} if number < 28 else {}))
    covered = cover(coverages()["responsibility_signed"], DAY, cast.manager)
    assert round(covered.rate, 1) == 93.3
    assert [subject.title for subject in covered.missing] == ["岗位28 某人", "岗位29 某人"]
    assert cover(coverages()["responsibility_signed"], DAY, cast.other_manager).all == 0


def test_2000_of_2613_enterprises_with_both_tables_this_month_show_765_per_cent(firms):
    organisations = firms(2613)
    held("table_one", organisations[:2100], day="2026-11-02")
    held("table_two", organisations[:2000], day="2026-11-20")
    held("table_two", organisations[2000:], day="2026-10-31")
    covered = cover(coverages()["two_tables"], DAY)
    assert (covered.met, round(covered.rate, 1), covered.lacking) == (2000, 76.5, 613)


def test_8_of_10_above_scale_enterprises_certified_is_80_per_cent_and_the_two_others_are_listed(firms):
    organisations = firms(10)
    held("standardisation_certificates", organisations[:8], number="x", grade="level_2", issued_on="2025-01-01")
    Record.objects.filter(organisation=organisations[0]).update(valid_to=DAY)
    covered = cover(coverages()["standardised"], DAY)
    assert (covered.rate, [s.title for s in covered.missing]) == (80, ["企业8", "企业9"])
    assert cover(coverages()["standardised"], date(2026, 11, 25)).met == 7


def test_the_rate_of_elimination_is_under_100_when_the_day_passes_without_acceptance(cast):
    values = {"measure": "automate", "due_on": "2022-12-31", "basis": "规划004"}
    kept(cast.manager, "elimination_items", values | {"object": "甲"})
    assert cover(coverages()["eliminated"], date(2022, 12, 30)).all == 0
    assert cover(coverages()["eliminated"], date(2023, 1, 1)).rate == 0


def test_a_hazard_is_filed_only_by_a_record_of_its_own_code(monkeypatch, cast):
    facts = {"hazard_level": 2}
    hazards = [
        Subject(f"facility:{n}", TOWN, ENTERPRISE_A, facts | {"code": code}, code)
        for n, code in enumerate(("U-1", "U-2"))
    ]
    monkeypatch.setattr(coverage, "select", lambda chosen: hazards)
    values = {"code": "U-1", "name": "液氨罐区", "grade": "2", "r_value": 60, "keeper": "李明"}
    record = kept(cast.manager, "hazard_filings", values)
    assert cover(coverages()["hazards_filed"], DAY, cast.inspector).met == 0
    advancing.advance(cast.manager, record, "submitted")
    with pytest.raises(ValidationError, match="备案日期"):
        advancing.advance(cast.inspector, record, "filed")
    record.refresh_from_db()
    entry = Entry(values=values | {"filed_on": "2026-11-20"}, region=TOWN, organisation=ENTERPRISE_A)
    actions.change(cast.inspector, record, record.version, entry)
    advancing.advance(cast.inspector, record, "filed")
    covered = cover(coverages()["hazards_filed"], DAY, cast.inspector)
    assert (covered.met, [s.title for s in covered.missing]) == (1, ["U-2"])


def test_the_pages_open_for_readers_and_for_nobody_else(cast, signed_in):
    client = signed_in(cast.inspector)
    assert client.get("/coverage/").status_code == 200
    for code in coverages():
        assert client.get(f"/coverage/{code}/?day=2026-11-24").status_code == 200, code
    assert signed_in(cast.stranger).get("/coverage/").status_code == 403
    assert signed_in(cast.other_manager).get("/coverage/two_tables/").status_code == 200


def test_measures_may_use_how_many_are_meant_and_how_many_have_it(firms):
    organisations = firms(4)
    held("table_one", organisations, day=f"{timezone.localdate():%Y-%m-%d}")
    chosen = figures()["coverage_two_tables_all"]
    assert chosen.compute(date(2026, 1, 1), date(2027, 1, 1), TOWN) == 4
    assert figures()["coverage_two_tables_met"].compute(date(2026, 1, 1), date(2027, 1, 1), TOWN) == 0


def test_a_month_has_its_last_day_in_leap_years_too():
    assert span("month", date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert span("year", DAY) == (date(2026, 1, 1), date(2026, 12, 31)) and span("day", DAY) == (DAY, DAY)


def test_an_enterprise_of_another_name_reads_no_other_coverage(cast):
    values = {"post": "甲", "person": "乙", "duties": "丙", "standard": "丁"}
    kept(cast.manager, "responsibility_posts", values)
    assert cover(coverages()["responsibility_signed"], DAY, cast.inspector, organisation=ENTERPRISE_B).all == 0


def test_what_one_enterprise_lacks_is_told_without_looking_at_the_others():
    one = Subject(f"enterprise:{ENTERPRISE_A}", TOWN, ENTERPRISE_A, {"categories": ["above_scale"]}, "甲")
    lacking = {found.code for found in coverage.lacking_of("enterprises", one, DAY)}
    assert {"two_tables", "standardised"} <= lacking and "commitment_today" not in lacking
    held("table_one", [ENTERPRISE_A], day="2026-11-02")
    held("table_two", [ENTERPRISE_A], day="2026-11-03")
    held("standardisation_certificates", [ENTERPRISE_A], number="x", grade="level_2", issued_on="2025-01-01")
    lacking = {found.code for found in coverage.lacking_of("enterprises", one, DAY)}
    assert not {"two_tables", "standardised"} & lacking
