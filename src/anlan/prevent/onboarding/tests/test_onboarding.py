import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.prevent.checks.actions import Given, answer_all
from anlan.prevent.checks.models import Plan, Task
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.onboarding import actions
from anlan.prevent.onboarding.declare import templates
from anlan.prevent.onboarding.models import Adoption
from anlan.prevent.onboarding.progress import steps
from anlan.prevent.risks.models import Control, Point
from tests.cast import ENTERPRISE_A, TOWN

pytestmark = pytest.mark.django_db
GAS = templates()["restaurant_gas"]
ALL = [point.code for point in GAS.points]
PEOPLE = {"主要负责人": "孙总", "安全管理员": "孙丽", "厨师长": "老马"}


@pytest.fixture
def firm(db):
    made = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘饭店", region=TOWN, lon=115.8, lat=28.7)
    RegulatedAs.objects.create(enterprise=made, code="crowded_place")
    return made


def test_a_template_makes_points_events_controls_posts_plans_and_todays_tasks(cast, firm):
    adoption = actions.adopt(cast.manager, firm, GAS, ALL, PEOPLE)
    points = Point.objects.filter(enterprise=firm)
    assert {point.code for point in points} == set(ALL) and all(point.level and point.lon for point in points)
    assert Control.objects.filter(point__enterprise=firm).count() == sum(len(point.controls) for point in GAS.points)
    assert points.get(code="CF").responsible == "老马" and points.get(code="CF").level == GAS.points[0].gravest
    posts = Record.objects.filter(type="responsibility_posts", organisation=firm.code)
    assert {record.data["person"] for record in posts} == {"孙总", "孙丽", "老马"}
    assert Plan.objects.filter(enterprise=firm, in_use=True).exists()
    assert Task.objects.filter(enterprise=firm, state="open").exists()
    assert len(adoption.points) == len(ALL) and list(verify()) == []


def test_from_the_template_to_the_first_finished_check_and_a_danger_from_the_failed_control(cast, firm):
    actions.adopt(cast.manager, firm, GAS, ALL, PEOPLE)
    task = Task.objects.filter(enterprise=firm, state="open").order_by("pk").first()
    items = [item["key"] for item in task.sheet.items]
    given = [Given(item=key, verdict="ok" if n else "not", note="" if n else "未关阀") for n, key in enumerate(items)]
    done = answer_all(cast.manager, task, given)
    assert done.state == "done" and Hazard.objects.filter(enterprise=firm).count() == 1
    told = {str(step.title): step.done for step in steps(firm)}
    assert told["建立风险点"] and told["生成排查计划"] and told["完成第一次排查"]
    assert not told["公告今天的安全承诺"]


def test_only_what_is_chosen_is_made_and_nothing_chosen_is_refused(cast, firm):
    actions.adopt(cast.manager, firm, GAS, ["CF", "no such point"], {})
    assert list(Point.objects.values_list("code", flat=True)) == ["CF"] and not Record.objects.exists()
    with pytest.raises(ValidationError, match="至少选择"):
        actions.adopt(cast.manager, firm, templates()["hazchem_storage"], [], {})


def test_adopting_twice_is_refused_and_changes_nothing(cast, firm):
    actions.adopt(cast.manager, firm, GAS, ["CF"], PEOPLE)
    for template in (GAS,):
        with pytest.raises(ValidationError, match="已经采用"):
            actions.adopt(cast.manager, firm, template, ALL, PEOPLE)
    other = templates()["ammonia_refrigeration"]
    actions.adopt(cast.manager, firm, other, ["JF", "DQ"], {})
    with pytest.raises(ValidationError, match="DQ"):
        actions.adopt(cast.manager, firm, templates()["machinery_works"], ["DQ"], {})
    assert Adoption.objects.count() == 2 and Point.objects.count() == 3


def test_taken_back_the_points_rest_and_it_can_be_adopted_again_under_new_codes(cast, firm):
    adoption = actions.adopt(cast.manager, firm, GAS, ["CF"], PEOPLE)
    actions.undo(cast.manager, adoption)
    assert not Point.objects.filter(in_use=True).exists()
    assert not Plan.objects.filter(in_use=True).exists() and not Task.objects.filter(state="open").exists()
    assert not Record.objects.filter(status="in_force").exists()
    with pytest.raises(ValidationError, match="已经撤回"):
        actions.undo(cast.manager, adoption)
    actions.adopt(cast.manager, firm, GAS, ["CF"], {})
    assert Point.objects.get(in_use=True).code == "CF-2"


@pytest.mark.parametrize("part", ["team_leader", "other_manager", "duty", "grid_worker", "neighbour_duty", "stranger"])
def test_whoever_may_not_adopts_and_takes_back_nothing(cast, firm, part):
    with pytest.raises(Refused):
        actions.adopt(getattr(cast, part), firm, GAS, ["CF"], {})
    adoption = actions.adopt(cast.manager, firm, GAS, ["CF"], {})
    with pytest.raises(Refused):
        actions.undo(getattr(cast, part), adoption)
    assert Point.objects.filter(in_use=True).count() == 1


def test_the_wizard_goes_from_the_menu_to_the_finished_loop(cast, firm, signed_in):
    client = signed_in(cast.manager)
    page = client.get("/onboarding/", follow=True)
    assert "适合本企业" in page.text and page.request["PATH_INFO"] == f"/onboarding/{firm.pk}/"
    preview = client.get(f"/onboarding/{firm.pk}/restaurant_gas/").text
    assert preview.count('name="point"') == len(GAS.points)
    posted = {"point": ["CF", "CT"], "post-0": "孙总", "post-1": "孙丽", "post-2": "老马"}
    done = client.post(f"/onboarding/{firm.pk}/restaurant_gas/adopt/", posted, follow=True).text
    assert "已建立 2 个风险点" in done and "撤回" in done
    adoption = Adoption.objects.get()
    assert signed_in(cast.other_manager).post(f"/onboarding/adoptions/{adoption.pk}/undo/").status_code == 404
    assert signed_in(cast.other_manager).get(f"/onboarding/{firm.pk}/").status_code == 404
    assert signed_in(cast.stranger).get("/onboarding/").status_code == 403
    assert "已撤回" in signed_in(cast.manager).post(f"/onboarding/adoptions/{adoption.pk}/undo/", follow=True).text
