"""The region and the public: distribution and white paper, notices, joint control, places threatened by nature."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.standing import Refused
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.facilities.models import Facility
from anlan.prevent.risks import counting, gates
from anlan.prevent.risks.disasters import missing_words, papers, route_faults, save_disaster_point
from anlan.prevent.risks.disclosing import plan, publish
from anlan.prevent.risks.joining import save_agreement
from anlan.prevent.risks.models import Agreement, DisasterPoint, Disclosure, Point
from anlan.prevent.risks.rules import has_room, six_documents
from anlan.prevent.risks.whitepaper import distribution
from tests.cast import DISTRICT, OTHER_TOWN, TOWN


@pytest.fixture
def spread(enterprise):
    """Three towns with risks of four colours, of two sectors."""
    for n, (region, levels) in enumerate([(TOWN, (1, 2, 3, 4)), (OTHER_TOWN, (3, 4)), ("999901003", (1, 1, 4))]):
        owner = Enterprise.objects.create(code=f"9199990{n}MAA000000X", name=f"第{n}厂", region=region)
        RegulatedAs.objects.create(enterprise=owner, code="dust" if n else "ammonia")
        Point.objects.bulk_create(
            Point(
                enterprise=owner,
                organisation=owner.code,
                region=f"{region}001",
                kind="area",
                code=f"P{i}",
                name=f"点{i}",
                level=level,
                dynamic_level=level,
                registered_level=level,
                responsible_level="company",
            )
            for i, level in enumerate(levels)
        )


def test_three_towns_with_four_colours_are_counted_by_town_and_sector_as_the_database_has_them_and_so_is_the_paper(
    spread, cast, signed_in
):
    """S52: Given 3 towns with risks of 4 colours, when the map is shown by town and by sector, then counts match the
    database; when the white paper is generated, its tables carry the same numbers."""
    found = distribution(cast.inspector, "", "town")
    by_town = {row["code"]: dict(row["counts"]) for row in found["places"]}
    assert by_town == {
        TOWN: {1: 1, 2: 1, 3: 1, 4: 1},
        OTHER_TOWN: {1: 0, 2: 0, 3: 1, 4: 1},
        "999901003": {1: 2, 2: 0, 3: 0, 4: 1},
    }
    by_sector = {row["code"]: row["graded"] for row in found["categories"]}
    assert by_sector == {"ammonia": 4, "dust": 5}
    assert found["total"]["graded"] == Point.objects.count() == sum(row["graded"] for row in found["places"])
    page = signed_in(cast.inspector).get("/risks/region/").content.decode()
    assert "白皮书" in page


def test_a_town_officer_counts_his_own_town_only(spread, cast):
    found = distribution(cast.town_officer, "", "town")
    assert [row["code"] for row in found["places"]] == [TOWN]


def test_counting_reads_no_row_more_than_once(spread, cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        counting.by_place(gates.seen_by(cast.inspector), 9)
        counting.by_kind(gates.seen_by(cast.inspector))


def test_four_major_risks_are_disclosed_on_their_day_with_control_status_and_an_unpublished_one_is_overdue(
    spread, cast, client, signed_in
):
    """S61: Given a sector with 4 major risks, when the disclosure date comes, then a public list with control status is
    published and an unpublished one is overdue."""
    Point.objects.filter(dynamic_level=2).update(registered_level=1)
    assert plan(datetime(2026, 3, 20, tzinfo=UTC)) == 1
    assert plan(datetime(2026, 3, 20, tzinfo=UTC)) == 0
    disclosure = Disclosure.objects.get()
    assert (disclosure.region, disclosure.due_on) == (DISTRICT, date(2026, 4, 10))
    Disclosure.objects.update(due_on=date(2026, 1, 10))
    late = signed_in(cast.leader).get("/risk-disclosures/?overdue=1").content.decode()
    assert disclosure.title in late
    client.logout()
    assert client.get(f"/public/risks/{disclosure.pk}/").status_code == 404
    publish(cast.leader, [disclosure])
    disclosure.refresh_from_db()
    assert len(disclosure.content) == 4
    assert {row["status"] for row in disclosure.content} == {"held"}
    page = client.get("/public/risks/").content.decode()
    assert "第2厂" in page and "受控" in page
    with pytest.raises(ValidationError, match="已公布"):
        publish(cast.leader, [disclosure])


def test_what_is_published_stays_as_it_was_and_names_no_person(spread, cast):
    plan(datetime(2026, 3, 20, tzinfo=UTC))
    disclosure = Disclosure.objects.get()
    publish(cast.leader, [disclosure])
    Point.objects.update(registered_level=4)
    disclosure.refresh_from_db()
    assert len(disclosure.content) == 3
    assert not {"responsible", "phone"} & set(disclosure.content[0])


def test_an_enterprise_publishes_nothing(spread, cast):
    plan(datetime(2026, 3, 20, tzinfo=UTC))
    with pytest.raises(Refused):
        publish(cast.manager, [Disclosure.objects.get()])


def test_an_agreement_needs_a_partner(cast):
    with pytest.raises(ValidationError, match="两个地区"):
        save_agreement(cast.inspector, Agreement(title="x", region=DISTRICT, regions=[], since=date(2026, 1, 1)))


PERSON = [{"person": "周杰", "phone": "13900000000", "duty": "巡查"}]
ZONE = {"type": "Polygon", "coordinates": [[[115.8, 28.7], [115.801, 28.7], [115.801, 28.701], [115.8, 28.7]]]}
ROUTE = {"type": "LineString", "coordinates": [[115.8005, 28.7005], [115.81, 28.71]]}


@pytest.fixture
def slope(cast) -> DisasterPoint:
    cast.all()
    shelter = Facility.objects.create(
        organisation="TOWN1",
        region=TOWN,
        kind="shelter",
        code="S-1",
        name="镇中学",
        lon=115.81,
        lat=28.71,
        attributes={"capacity": 300},
    )
    return save_disaster_point(
        cast.town_officer,
        DisasterPoint(
            name="后山滑坡",
            kind="滑坡",
            level=2,
            region=TOWN,
            households=12,
            persons=41,
            signs="裂缝扩大、掉块",
            zone=ZONE,
            route=ROUTE,
            shelter=shelter,
            control_list=PERSON,
            evacuation_list=PERSON,
        ),
    )


def test_a_slope_with_five_of_six_documents_names_the_missing_one_and_with_all_a_pack_is_printed_that_ends_at_a_shelter(
    slope, cast, signed_in
):
    """S63: Given a slope point with only 5 of 6 documents, when completeness is checked, then the missing one is named;
    when all are present, a printable pack is produced and the route ends at a shelter with room."""
    assert missing_words(slope) == "灾后救助责任清单"
    client = signed_in(cast.town_officer)
    refused = client.get(f"/disaster-points/{slope.pk}/pack/", follow=True).content.decode()
    assert "灾后救助责任清单" in refused
    slope.relief_list = PERSON
    save_disaster_point(cast.town_officer, slope)
    assert all(paper.complete for paper in papers(slope)) and route_faults(slope) == []
    pack = client.get(f"/disaster-points/{slope.pk}/pack/").content.decode()
    assert "镇中学" in pack and "避险转移路线图" in pack and "灾后救助责任清单" in pack


def test_a_shelter_too_small_or_a_route_that_ends_elsewhere_is_said(slope):
    slope.persons = 500
    slope.route = {"type": "LineString", "coordinates": [[115.80, 28.70], [115.85, 28.75]]}
    assert len(route_faults(slope)) == 2


def test_whether_there_is_room_is_unknown_without_a_capacity():
    assert has_room(None, 5) is None and has_room("many", 5) is None
    assert has_room(5, 5) is True and has_room(4, 5) is False


def test_an_empty_place_misses_all_six():
    assert [paper.complete for paper in six_documents({})] == [False] * 6


def test_only_those_of_the_place_keep_it(slope, cast):
    for part in ("other_town_officer", "manager", "grid_worker"):
        with pytest.raises(Refused):
            save_disaster_point(getattr(cast, part), slope)
