"""The loop of a permit by role: what may happen, what must not, and who is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused
from anlan.desk.cases.actions import available, take
from anlan.desk.cases.gates import waiting_for
from anlan.desk.cases.tasks import escalate_overdue
from anlan.desk.notices.models import Notice
from anlan.prevent.permits import actions, gates, judging
from anlan.prevent.permits.models import Permit
from anlan.prevent.permits.tasks import call_for_gas_tests, expire
from anlan.prevent.permits.tests.conftest import ON_SITE
from tests.cast import ENTERPRISE_A, TOWN


def again(permit: Permit) -> Permit:
    return Permit.objects.select_related("case").get(pk=permit.pk)


def second(role: str) -> User:
    """Another person of enterprise A with the same post."""
    user, _new = User.objects.get_or_create(username=f"second_{role}", defaults={"name": "另一人"})
    Post.objects.get_or_create(user=user, role=role, organisation=ENTERPRISE_A, region=TOWN)
    return user


def second_workshop_head() -> User:
    return second("workshop_head")


def test_a_hot_work_permit_goes_from_the_application_to_the_acceptance(cast, clock, welder, working):
    welder()
    permit = working()
    assert permit.state == "working" and permit.number.startswith("DH-20260302-")
    clock.passes(hours=2)
    take(permit.case, "interrupt", cast.guardian, words="吃饭")
    clock.passes(minutes=20)
    take(again(permit).case, "resume", cast.guardian)
    take(again(permit).case, "finish", cast.guardian)
    for isolation in again(permit).isolations.all():
        actions.restore(cast.team_leader, isolation)
    take(again(permit).case, "accept", cast.workshop_head)
    permit = again(permit)
    assert permit.state == "closed" and not permit.is_open and permit.ended_at


def test_given_a_hot_work_permit_valid_8_hours_when_the_time_passes_without_close_out_then_it_is_overdue_and_told(
    cast, clock, welder, working
):
    welder()
    cast.inspector, cast.manager  # noqa: B018 – they are there to be told
    permit = working(level="first", ends_at=clock.now + timedelta(hours=8))
    assert permit.case.due_at == permit.valid_until
    assert list(gates.live_seen_by(cast.inspector)) == [permit]
    clock.passes(hours=8, minutes=1)
    Notice.objects.all().delete()
    assert escalate_overdue(clock.now) == 1
    told = set(Notice.objects.filter(room="permits").values_list("user__username", flat=True))
    assert {"manager", "team_leader"} <= told, "the enterprise is told"
    assert {"inspector", "duty"} & told, "the department is told"
    assert list(gates.live_seen_by(cast.inspector)) == [permit], "it stays on the live list until it is closed"
    assert any("有效期" in reason.words.zh for reason in judging.now_against(again(permit)))


def test_signatures_come_in_order_and_as_many_as_the_level_asks(cast, clock, welder, prepared):
    welder()
    case = take(prepared(level="special").case, "submit", cast.team_leader)
    assert case.state == "sign_unit"
    with pytest.raises(ValidationError):
        take(case, "sign_chief", cast.head, values=ON_SITE)
    for state, part in (("sign_safety", "workshop_head"), ("sign_chief", "manager"), ("issued", "head")):
        case = take(case, case.state, getattr(cast, part), values=ON_SITE)
        assert case.state == state


def test_an_approval_is_refused_to_the_applicant_to_wrong_roles_and_away_from_the_place(cast, welder, prepared):
    welder()
    case = take(prepared().case, "submit", cast.workshop_head)
    for part in ("workshop_head", "team_leader", "guardian", "manager", "other_manager", "inspector", "grid_worker"):
        with pytest.raises(Refused):
            take(case, "sign_unit", getattr(cast, part), values=ON_SITE)
    case = take(case, "return_unit", second_workshop_head(), words="措施不全")
    assert case.state == "applied"
    case = take(case, "submit", cast.team_leader)
    with pytest.raises(ValidationError, match="必填"):
        take(case, "sign_unit", second_workshop_head(), values={})


def test_only_the_guardian_named_on_the_permit_begins_the_work(cast, welder, issued):
    welder()
    permit = issued()
    other = second("guardian")
    with pytest.raises(Refused, match="票面上的监护人"):
        take(permit.case, "start", other)
    assert again(permit).state == "issued"
    take(again(permit).case, "start", cast.guardian)


def test_who_began_and_finished_the_work_does_not_accept_it(cast, welder, working):
    welder()
    permit = working()
    take(permit.case, "finish", cast.guardian)
    for part in ("guardian", "team_leader", "gas_analyst", "duty"):
        with pytest.raises(Refused):
            take(again(permit).case, "accept", getattr(cast, part))
    with pytest.raises(ValidationError, match="隔离点未解除"):
        take(again(permit).case, "accept", cast.workshop_head)


def test_wrong_roles_are_refused_by_the_other_verbs(cast, welder, prepared, application):
    welder()
    permit = prepared()
    for part in ("guardian", "gas_analyst", "inspector", "other_manager", "stranger"):
        with pytest.raises(Refused):
            actions.apply(getattr(cast, part), application())
    for part in ("team_leader", "guardian", "manager", "other_manager"):
        with pytest.raises(Refused):
            actions.record_gas(getattr(cast, part), permit, place="x", readings={"oxygen": 20.9})
    for part in ("guardian", "gas_analyst", "manager"):
        with pytest.raises(Refused):
            actions.isolate(getattr(cast, part), permit, kind="blind", tag="Z", position="x")
    with pytest.raises(Refused):
        actions.confirm_measures(cast.gas_analyst, permit, set())


def test_what_was_submitted_is_never_altered(cast, welder, prepared, application):
    welder()
    permit = prepared()
    actions.change(cast.team_leader, permit, application(work="改过的内容"))
    assert again(permit).work == "改过的内容" and again(permit).case.title.endswith("改过的内容")
    take(again(permit).case, "submit", cast.team_leader)
    with pytest.raises(ValidationError, match="不得涂改"):
        actions.change(cast.team_leader, permit, application())


def test_stopped_work_goes_on_only_through_a_new_round_of_tests_measures_and_signatures(cast, clock, welder, working):
    welder()
    permit = working()
    take(permit.case, "stop", cast.inspector, words="未见灭火器")
    assert again(permit).state == "suspended"
    clock.passes(minutes=5)
    take(again(permit).case, "renew", cast.team_leader, words="已补齐")
    permit = again(permit)
    assert permit.state == "applied" and not any(measure["done"] for measure in permit.measures)
    with pytest.raises(ValidationError, match="安全措施"):
        take(permit.case, "submit", cast.team_leader)
    assert judging.last_test(permit) is None, "gas tests from before the stop count no more"


def test_a_permit_that_never_began_ends_by_itself_and_one_at_work_does_not(cast, clock, welder, prepared, working):
    welder()
    waiting = prepared(place="别处", lon=115.9, lat=28.8, guardian=second("guardian"))
    going_on = working()
    clock.passes(hours=7)
    assert expire(clock.now) == 1
    assert again(waiting).state == "cancelled" and again(going_on).state == "working"
    assert expire(clock.now) == 0


def test_people_in_a_space_are_counted_and_the_work_is_not_over_while_one_is_inside(cast, clock, space, working):
    permit = working(kind="confined_space_entry", space=space, ends_at=clock.now + timedelta(hours=6))
    worker = permit.workers.get()
    with pytest.raises(Refused):
        actions.count_in(cast.team_leader, worker, inside=True)
    actions.count_in(cast.guardian, worker, inside=True)
    with pytest.raises(ValidationError, match="仍有人在内：沈师傅"):
        take(again(permit).case, "finish", cast.guardian)
    actions.count_in(cast.guardian, worker, inside=False)
    take(again(permit).case, "finish", cast.guardian)


def test_in_a_space_gas_is_called_for_every_two_hours_once_an_interval(cast, clock, space, working):
    permit = working(kind="confined_space_entry", space=space, ends_at=clock.now + timedelta(hours=6))
    assert call_for_gas_tests(clock.now) == 0
    clock.passes(hours=2, minutes=1)
    assert call_for_gas_tests(clock.now) >= 2, "guardian and analyst are told"
    assert judging.gas_due(again(permit)) < clock.now
    assert any("复测" in reason.words.zh for reason in judging.now_against(again(permit)))
    told = Notice.objects.filter(key__startswith="permit-gas").count()
    call_for_gas_tests(clock.now)
    assert Notice.objects.filter(key__startswith="permit-gas").count() == told


def test_a_space_that_may_poison_is_the_heads_to_approve(cast, space, prepared):
    case = take(prepared(kind="confined_space_entry", space=space).case, "submit", cast.team_leader)
    case = take(case, "sign_unit", cast.workshop_head, values=ON_SITE)
    assert case.state == "sign_chief"


def test_each_side_sees_its_own_permits(cast, welder, prepared):
    welder()
    permit = prepared()
    assert list(gates.seen_by(cast.guardian)) == [permit] == list(gates.seen_by(cast.duty))
    assert not gates.seen_by(cast.other_manager).exists() and not gates.seen_by(cast.neighbour_duty).exists()
    assert not gates.seen_by(cast.other_town_officer).exists()


def test_whoever_could_only_stop_the_work_is_not_waited_for(cast, welder, working):
    welder()
    permit = working()
    assert waiting_for(cast.guardian).filter(pk=permit.pk).exists()
    for part in ("duty", "inspector", "manager", "head", "workshop_head"):
        assert not waiting_for(getattr(cast, part)).exists()
        assert "stop" in [step.action for step in available(permit.case, getattr(cast, part))]
