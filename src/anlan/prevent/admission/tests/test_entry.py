from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry as Sealed
from anlan.prevent.admission import actions, gates
from anlan.prevent.admission.models import Entry, Violation


def asked(contractor, *staff, kind="hot_work", days=2) -> actions.Asking:
    today = timezone.localdate()
    return actions.Asking(
        contractor=contractor,
        staff=staff,
        work="更换管段",
        kind=kind,
        starts_on=today,
        ends_on=today + timedelta(days=days),
    )


def words(entry) -> str:
    return "；".join(
        f"{r['about']} {r['words']['zh']} {r['clause']['said']['zh'] if r['clause'] else ''}" for r in entry.reasons
    )


def test_a_contractor_whose_certificate_expired_yesterday_is_refused_with_the_reason(
    cast, contractor, welder, certificate
):
    yesterday = timezone.localdate() - timedelta(days=1)
    certificate("T-100001", "welding", yesterday)
    entry = actions.ask(cast.manager, asked(contractor, welder))
    assert entry.state == Entry.State.REFUSED
    assert f"T-100001 已于 {yesterday} 到期" in words(entry) and "沈师傅" in words(entry)
    assert "安全生产法 第30条" in words(entry)


def test_good_papers_wait_for_another_person_and_are_admitted_by_him(cast, contractor, welder, certificate):
    certificate("T-100001", "welding", timezone.localdate() + timedelta(days=300))
    entry = actions.ask(cast.manager, asked(contractor, welder))
    assert entry.state == Entry.State.ASKED and entry.reasons == []
    with pytest.raises(Refused):
        actions.decide(cast.manager, entry, admit=True)
    entry = actions.decide(cast.head, entry, admit=True)
    assert entry.state == Entry.State.ADMITTED
    assert actions.admitted(contractor, ["沈师傅"], timezone.localdate()) == ()
    assert actions.admitted(contractor, ["生面孔"], timezone.localdate())[0].about == "生面孔"
    assert Sealed.objects.filter(subject=f"entry:{entry.pk}").count() == 2


def test_nobody_admits_his_own_asking(cast, contractor, welder, certificate):
    certificate("T-100001", "welding", timezone.localdate() + timedelta(days=300))
    entry = actions.ask(cast.head, asked(contractor, welder))
    with pytest.raises(Refused, match="另一人"):
        actions.decide(cast.head, entry, admit=True)


def test_papers_that_lapse_between_asking_and_deciding_refuse_the_entry(cast, contractor, welder, certificate):
    record = certificate("T-100001", "welding", timezone.localdate() + timedelta(days=300))
    entry = actions.ask(cast.manager, asked(contractor, welder))
    record.status = record.Status.RETIRED
    record.save()
    entry = actions.decide(cast.head, entry, admit=True)
    assert entry.state == Entry.State.REFUSED and "已注销" in words(entry)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agreement_until": None}, "没有签订安全生产管理协议"),
        ({"barred": "隐瞒事故"}, "已列入禁入：隐瞒事故"),
        ({"points": 12}, "违章记分 12"),
    ],
)
def test_what_speaks_against_the_company_refuses_everybody_of_it(cast, contractor, welder, certificate, change, said):
    certificate("T-100001", "welding", timezone.localdate() + timedelta(days=300))
    for name, value in change.items():
        setattr(contractor, name, value)
    contractor.save()
    assert said in words(actions.ask(cast.manager, asked(contractor, welder)))


def test_a_paper_that_ends_during_the_entry_refuses_it_though_it_holds_today(cast, contractor, welder, certificate):
    certificate("T-100001", "welding", timezone.localdate() + timedelta(days=1))
    assert actions.ask(cast.manager, asked(contractor, welder, days=0)).state == Entry.State.ASKED
    assert actions.ask(cast.manager, asked(contractor, welder, days=5)).state == Entry.State.REFUSED


def test_a_certificate_for_other_work_and_one_nobody_knows_are_told_apart(cast, contractor, welder, certificate):
    assert "不在特种作业证台账中" in words(actions.ask(cast.manager, asked(contractor, welder)))
    certificate("T-100001", "electric_low", timezone.localdate() + timedelta(days=300))
    assert "不适用于本作业" in words(actions.ask(cast.manager, asked(contractor, welder)))
    assert actions.ask(cast.manager, asked(contractor, welder, kind="temporary_power")).state == Entry.State.ASKED


def test_violations_add_up_and_twelve_points_close_the_gate(cast, contractor):
    for _ in range(2):
        actions.record_violation(
            cast.team_leader, Violation(contractor=contractor, on=timezone.localdate(), words="未系安全带", points=6)
        )
    contractor.refresh_from_db()
    assert contractor.points == 12
    old = Violation(contractor=contractor, on=timezone.localdate() - timedelta(days=400), words="旧账", points=6)
    actions.record_violation(cast.team_leader, old)
    contractor.refresh_from_db()
    assert contractor.points == 12, "what lies more than a year back counts no more"


def test_an_admission_is_taken_back_with_a_reason_and_covers_nobody_after(cast, contractor, welder, certificate):
    certificate("T-100001", "welding", timezone.localdate() + timedelta(days=300))
    entry = actions.decide(cast.head, actions.ask(cast.manager, asked(contractor, welder)), admit=True)
    with pytest.raises(ValidationError):
        actions.withdraw(cast.head, entry, " ")
    actions.withdraw(cast.head, entry, "酒后作业")
    assert actions.admitted(contractor, ["沈师傅"], timezone.localdate())


def test_wrong_roles_are_refused_by_the_verbs(cast, contractor, welder):
    for user in (cast.team_leader, cast.other_manager, cast.grid_worker, cast.stranger, cast.guardian):
        with pytest.raises(Refused):
            actions.ask(user, asked(contractor, welder))
    with pytest.raises(Refused):
        actions.bar(cast.manager, contractor, "x")
    with pytest.raises(Refused):
        actions.save_contractor(cast.duty, contractor)


def test_each_side_sees_its_own_contractors(cast, contractor):
    assert list(gates.seen_by(cast.manager)) == [contractor]
    assert list(gates.seen_by(cast.inspector)) == [contractor]
    assert not gates.seen_by(cast.other_manager).exists()
    assert not gates.seen_by(cast.neighbour_duty).exists()
