from datetime import date, timedelta

import pytest
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.notices.models import Notice
from anlan.know.enterprises.models import RegulatedAs
from anlan.prevent.hazards import fire
from anlan.prevent.hazards.actions import promise, self_checked, set_terms
from anlan.prevent.hazards.models import FirePromise, Hazard, SelfCheck
from anlan.prevent.hazards.statistics import seasons_between
from tests.cast import DISTRICT, TOWN


def soon(days=5) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("address", ["/hazards/", "/hazards/statistics/", "/hazards/analysis/", "/listings/",
                                     "/unchecked/", "/fire-units/", "/hazards/new/"])  # fmt: skip
@pytest.mark.parametrize("part", ["manager", "town_officer", "inspector"])
def test_the_pages_open_for_whom_they_are(cast, signed_in, danger, address, part):
    danger()
    assert signed_in(getattr(cast, part)).get(address).status_code == 200


def test_the_pages_are_closed_to_whoever_has_no_post(cast, signed_in, danger):
    hazard = danger()
    client = signed_in(cast.stranger)
    for address in ("/hazards/", "/hazards/statistics/", "/hazards/analysis/"):
        assert client.get(address).status_code == 403
    assert client.get(f"/hazards/{hazard.pk}/file/").status_code == 404


def test_another_enterprise_sees_neither_the_danger_nor_its_numbers(cast, signed_in, danger, other_enterprise):
    hazard = danger(title="本企业的秘密")
    client = signed_in(cast.other_manager)
    assert "本企业的秘密" not in client.get("/hazards/").content.decode()
    assert client.get(f"/hazards/{hazard.pk}/file/").status_code == 404
    assert client.get(f"/cases/{hazard.pk}/").status_code == 404
    assert client.get("/hazards/statistics/").context["whole"].found == 0


def test_city_and_enterprise_count_the_same_dangers(cast, signed_in, danger):
    danger()
    danger(kind="fire")
    for part in ("manager", "town_officer", "inspector"):
        assert signed_in(getattr(cast, part)).get("/hazards/statistics/").context["whole"].found == 2
    assert signed_in(cast.other_town_officer).get("/hazards/statistics/").context["whole"].found == 0


def test_every_number_of_the_statistics_leads_to_its_records(cast, signed_in, danger):
    hazard = danger(kind="fire")
    client = signed_in(cast.inspector)
    tables = client.get("/hazards/statistics/").context["tables"]
    (row,) = next(table["rows"] for table in tables if any(r["url"] and "kind=fire" in r["url"] for r in table["rows"]))
    assert hazard.title in client.get(row["url"]).content.decode()


def test_the_statistics_count_by_season_and_lead_to_the_records_of_each(cast, signed_in, danger):
    hazard = danger(kind="fire")
    client = signed_in(cast.inspector)
    (row,) = client.get("/hazards/statistics/").context["tables"][0]["rows"]
    assert row["count"].found == 1 and "季" in row["title"]
    assert hazard.title in client.get(row["url"]).content.decode()


def test_a_winter_begins_in_december_and_ends_in_the_next_year():
    seasons = seasons_between(date(2025, 1, 1), date(2026, 3, 1))
    assert [(year, season, len(months)) for year, season, months in seasons] == [
        (2026, 0, 1), (2025, 3, 3), (2025, 2, 3), (2025, 1, 3), (2025, 0, 3), (2024, 3, 2),
    ]  # fmt: skip


def test_statistics_ask_the_database_a_constant_number_of_times(cast, signed_in, danger, django_assert_max_num_queries):
    client = signed_in(cast.inspector)
    for kind in ("fire", "electric", "gas", "height"):
        danger(kind=kind)
    client.get("/hazards/statistics/")
    with django_assert_max_num_queries(16):
        client.get("/hazards/statistics/")


def test_registering_by_hand_with_photos(cast, signed_in, enterprise):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(cast.worker)
    form = {"title": "安全阀铅封脱落", "kind": "equipment", "cause": "thing", "found_by": "self", "place": "罐区",
            "found_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"), "words": ""}  # fmt: skip
    pictures = [SimpleUploadedFile(f"{n}.png", b"\x89PNG\r\n\x1a\n" + bytes(60 + n)) for n in (1, 2)]
    answer = client.post("/hazards/new/", form | {"photos": pictures})
    hazard = Hazard.objects.get()
    assert answer.status_code == 302 and answer.url == f"/cases/{hazard.pk}/"
    assert hazard.case.steps.get(action="open").documents.count() == 2
    page = client.get(answer.url).content.decode()
    assert "安全阀铅封脱落" in page and "完整档案" in page


def test_an_officer_names_an_enterprise_of_his_own_town(cast, signed_in, enterprise, other_enterprise):
    form = {"title": "堵塞消防通道", "kind": "fire", "cause": "management", "found_by": "inspection",
            "found_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")}  # fmt: skip
    client = signed_in(cast.town_officer)
    assert "辖区" in client.post("/hazards/new/", form | {"organisation": other_enterprise.code}).content.decode()
    assert not Hazard.objects.exists()
    assert client.post("/hazards/new/", form | {"organisation": enterprise.code}).status_code == 302


def test_the_file_of_one_danger_names_everybody_and_what_is_missing(cast, signed_in, danger, hands):
    hazard = hands.settle(hands.grade(danger()), soon())
    client = signed_in(cast.manager)
    page = client.get(f"/hazards/{hazard.pk}/file/").content.decode()
    assert "档案还缺" in page and str(cast.worker) in page and "马超" in page
    hands.rectify(hazard)
    hands.take(hazard, "verify", cast.manager)
    hands.take(hazard, "cancel", cast.town_officer)
    assert "档案完整" in client.get(f"/hazards/{hazard.pk}/file/").content.decode()


def test_the_public_reads_what_was_published_and_nothing_else(client, cast, danger, hands):
    shown = hands.settle(hands.grade(danger(title="罐区防火堤破损"), "major", by=cast.inspector), soon())
    hidden = hands.settle(hands.grade(danger(title="不公开的隐患"), "major", by=cast.inspector), soon())
    values = {"rank": "county", "supervisor": "区应急管理局", "listed_until": soon().isoformat()}
    for hazard in (shown, hidden):
        hands.take(hazard, "list", cast.inspector, **values)
    hands.take(shown, "publish", cast.inspector)
    page = client.get("/public/hazards/").content.decode()
    assert "罐区防火堤破损" in page and "不公开的隐患" not in page


def test_an_enterprise_without_a_self_check_for_15_days_is_listed(cast, enterprise):
    """S67, L03: listed when the fifteenth day is over, gone when it has checked."""
    now = timezone.now()
    assert list(fire.unchecked(cast.town_officer)) == [enterprise]
    self_checked(None, enterprise, at=now - timedelta(days=15))
    assert not fire.unchecked(cast.town_officer).exists()
    SelfCheck.objects.update(at=now - timedelta(days=16))
    assert list(fire.unchecked(cast.town_officer)) == [enterprise]
    set_terms(cast.inspector, TOWN, self_check_days=30)
    assert not fire.unchecked(cast.town_officer).exists()
    assert not fire.unchecked(cast.other_town_officer).exists()


def test_periods_are_set_by_whoever_may_and_for_his_own_region(cast):
    with pytest.raises(Refused):
        set_terms(cast.town_officer, TOWN, cancel_days=30)
    with pytest.raises(Refused):
        set_terms(cast.inspector, "", cancel_days=30)
    assert set_terms(cast.inspector, DISTRICT, cancel_days=20).cancel_days == 20


def test_telling_a_self_check_twice_a_day_is_one(cast, signed_in, enterprise):
    client = signed_in(cast.manager)
    for _ in range(2):
        assert client.post(f"/hazards/self-check/{enterprise.pk}/").status_code == 302
    assert SelfCheck.objects.count() == 1
    assert signed_in(cast.worker).post(f"/hazards/self-check/{enterprise.pk}/").status_code == 404


def test_a_care_home_without_its_promise_is_on_the_grid_workers_list(cast, enterprise, monkeypatch):
    """S71: when the yearly date has passed, and not before."""
    from datetime import UTC, datetime

    RegulatedAs.objects.create(enterprise=enterprise, code="crowded_place")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 31, 4, tzinfo=UTC))
    assert not fire.fire_units(cast.grid_worker).filter(late=True).exists()
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 4, 1, 4, tzinfo=UTC))
    assert [unit.pk for unit in fire.fire_units(cast.grid_worker).filter(late=True)] == [enterprise.pk]
    with pytest.raises(Refused):
        promise(cast.worker, enterprise, risks="厨房用火", words="按时清洗烟道")
    promise(cast.manager, enterprise, risks="厨房用火", words="按时清洗烟道")
    assert not fire.fire_units(cast.grid_worker).filter(late=True).exists()
    assert FirePromise.objects.get().year == 2026


def test_whoever_must_act_next_is_told_and_a_half_report_names_the_missing(cast, danger, hands):
    cast.all()
    hazard = hands.settle(hands.grade(danger(), "major", by=cast.inspector), soon())
    told = lambda user: Notice.objects.filter(user=user, url=f"/cases/{hazard.pk}/").count()  # noqa: E731
    assert told(cast.manager) and told(cast.team_leader) and not told(cast.other_manager) and not told(cast.stranger)
    before = told(cast.delegate)
    hands.take(hazard, "report_department", cast.manager)
    hands.take(hazard, "receive_department", cast.inspector)
    assert told(cast.delegate) == before + 1


def test_the_analysis_names_sector_months_and_size_of_a_planted_rise_and_links_to_the_records(cast, signed_in):
    """S09."""
    from anlan.prevent.hazards.models import Tally
    from anlan.prevent.hazards.statistics import months_between

    rows = [
        Tally(month=month, region=TOWN, grade="general", dimension="sector", value=sector, found=found)
        for month in months_between(date(2024, 7, 1), date(2026, 6, 1))
        for sector, found in (("dust", 80 if month.month in (7, 8) else 40), ("gas_supplier", 40))
    ]
    Tally.objects.bulk_create(rows)
    answer = signed_in(cast.inspector).get("/hazards/analysis/?from=2024-07&to=2026-06")
    (rise,) = answer.context["changes"].seasons
    assert str(rise.what) == "粉尘涉爆" and "7、8" in rise.words and "2.0" in rise.words
    assert len(rise.links) == 2
    assert "sector=dust" in rise.links[0][1] and "found_at_from=2024-07-01&found_at_to=2024-08-31" in rise.links[0][1]
