from datetime import timedelta

import pytest
from django.urls import reverse

from anlan.prevent.permits.models import GasTest, Permit, SmallWork, Space
from tests.cast import TOWN

PANELS = ("verdict", "head", "gas", "isolation", "measures", "people")


def test_a_permit_is_applied_for_corrected_and_shown_through_the_pages(cast, signed_in, clock, tank, welder):
    welder()
    client = signed_in(cast.team_leader)
    assert client.get("/permits/new/?kind=hot_work").status_code == 200
    given = {
        "enterprise": tank.enterprise.pk, "kind_level": "work_at_height:I", "work": "更换照明", "place": "管廊",
        "facility": tank.pk, "starts_at": "2026-03-02T12:00", "ends_at": "2026-03-02T18:00",
        "leader": cast.team_leader.pk, "guardian": cast.guardian.pk, "workers": "沈师傅 T-200001\n助手",
        "hazards": "坠落", "height_m": "18", "separated": "on",
    }  # fmt: skip
    answer = client.post("/permits/new/", given)
    permit = Permit.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/cases/{permit.pk}/"
    assert (permit.level, permit.facts["separated"], permit.workers.count()) == ("III", True, 2)
    page = client.get(f"/cases/{permit.pk}/").content.decode()
    assert "现在不能作业" in page and "高处作业 Ⅲ级" in page
    edit = client.get(f"/permits/{permit.pk}/edit/").content.decode()
    assert "沈师傅 T-200001" in edit and "2026-03-02T12:00" in edit
    client.post(f"/permits/{permit.pk}/edit/", given | {"work": "更换灯具"})
    assert Permit.objects.get().work == "更换灯具"
    wrong = client.post("/permits/new/", given | {"ends_at": "2026-03-12T18:00"}).content.decode()
    assert "有效期不超过 168 小时" in wrong and "更换照明" in wrong


def test_every_panel_can_be_fetched_alone(cast, signed_in, clock, welder, prepared):
    welder()
    permit = prepared()
    client = signed_in(cast.workshop_head)
    for name in PANELS:
        answer = client.get(reverse("panel", args=["permits", name]), {"pk": permit.pk})
        assert answer.status_code == 200, name


def test_an_analysis_is_typed_in_judged_and_shown_with_its_reasons(cast, signed_in, clock, space, prepared):
    permit = prepared(kind="confined_space_entry", space=space)
    client = signed_in(cast.gas_analyst)
    given = {"place": "底部", "at": "2026-03-02T12:00", "oxygen": "18.1", "flammable": "0", "h2s": "0"}
    answer = client.post(f"/permits/{permit.pk}/gas/", given, follow=True).content.decode()
    assert "气体分析不合格" in answer and "6.4 a" in answer
    nothing = client.post(f"/permits/{permit.pk}/gas/", {"place": "底部", "at": "2026-03-02T12:00"})
    assert "至少填写一种气体" in nothing.content.decode()
    silent = client.post(f"/permits/{permit.pk}/gas/instruments/", follow=True).content.decode()
    assert "没有可取用的在线测值" in silent
    assert GasTest.objects.filter(passed=False).count() == 1


@pytest.mark.parametrize("page", ["gas/", "isolation/"])
def test_pages_of_others_work_are_refused(cast, signed_in, clock, welder, prepared, page):
    welder()
    permit = prepared()
    assert signed_in(cast.guardian).get(f"/permits/{permit.pk}/{page}").status_code == 403
    assert signed_in(cast.other_manager).get(f"/permits/{permit.pk}/{page}").status_code == 404


def test_isolation_and_measures_are_kept_through_the_pages(cast, signed_in, clock, welder, application):
    from anlan.prevent.permits import actions

    welder()
    permit = actions.apply(cast.team_leader, application())
    client = signed_in(cast.team_leader)
    point = {"kind": "blind", "tag": "MB-7", "position": "法兰"}
    assert client.post(f"/permits/{permit.pk}/isolation/", point).status_code == 302
    assert client.post(f"/permits/{permit.pk}/isolation/", point).status_code == 422, "the tag is there already"
    assert client.post(f"/permits/{permit.pk}/isolation/", {"kind": "water"}).status_code == 422
    client.post(f"/permits/{permit.pk}/measures/", {"done": ["1", "2", "x"]})
    done = [measure["no"] for measure in Permit.objects.get().measures if measure["done"]]
    assert done == [1, 2]
    assert "马超" in client.get(f"/permits/{permit.pk}/measures/").content.decode()


def test_the_printed_code_says_to_anybody_whether_the_permit_is_valid_now(
    client, signed_in, cast, clock, welder, working
):
    welder()
    permit = working()
    page = signed_in(cast.guardian).get(f"/permits/{permit.pk}/print/").content.decode()
    assert "data:image/svg+xml" in page and permit.number in page
    client.logout()
    valid = client.get(f"/permits/check/{permit.token}/").content.decode()
    assert "checked-yes" in valid and permit.number in valid
    assert "罗阳" not in valid and "沈师傅" not in valid, "no person is named to passers-by"
    clock.passes(hours=7)
    late = client.get(f"/permits/check/{permit.token}/").content.decode()
    assert "checked-yes" not in late and "（已过）" in late
    assert client.get("/permits/check/guessed/").status_code == 404


def test_a_space_is_kept_and_its_sign_printed(cast, signed_in, clock, tank):
    client = signed_in(cast.manager)
    given = {
        "enterprise": tank.enterprise.pk, "code": "YX-9", "name": "应急池", "kind": "underground", "place": "东侧",
        "factors": "硫化氢", "toxic": "on", "openings": "1", "in_use": "on", "facility": tank.pk,
    }  # fmt: skip
    assert client.post("/spaces/new/", given).status_code == 302
    space = Space.objects.get(code="YX-9")
    assert (space.region, space.lon) == (TOWN, tank.lon)
    assert "未经许可 严禁入内" in client.get(f"/spaces/{space.pk}/sign/").content.decode()
    assert signed_in(cast.other_manager).get(f"/spaces/{space.pk}/sign/").status_code == 404
    assert signed_in(cast.team_leader).post("/spaces/new/", given | {"code": "YX-10"}).status_code == 403


def test_a_grid_worker_registers_a_small_work_on_the_spot(cast, signed_in, clock):
    client = signed_in(cast.grid_worker)
    assert client.get("/small-works/new/").status_code == 200
    from anlan.know.places.models import Region

    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN)
    today = clock.now.date()
    given = {
        "kind": "pit", "title": "清化粪池", "place": "中街 8 号", "region": TOWN, "owner": "某小区",
        "phone": "13800000000",
        "workers": "2", "height": "3", "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=2)).isoformat(), "lon": "115.8", "lat": "28.7",
    }  # fmt: skip
    answer = client.post("/small-works/new/", given, follow=True)
    work = SmallWork.objects.get()
    assert (work.level, work.every_days) == (1, 1) and "清化粪池" in answer.content.decode()
    assert signed_in(cast.manager).get("/small-works/").status_code == 403


def test_the_live_list_shows_what_goes_on_and_what_is_over_time(client, cast, signed_in, clock, welder, working):
    welder()
    permit = working()
    page = signed_in(cast.inspector).get("/live-permits/").content.decode()
    assert permit.work in page
    clock.passes(hours=7)
    client.logout()  # the session has gone idle meanwhile
    assert permit.work in signed_in(cast.inspector).get("/live-permits/?overdue=1").content.decode()
    assert permit.work not in signed_in(cast.neighbour_duty).get("/live-permits/").content.decode()
