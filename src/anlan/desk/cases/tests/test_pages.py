"""The page of a case, the taking of steps through it, and whose turn it is. The process is that of warnings."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.desk.cases import gates
from anlan.desk.cases.actions import NewCase, open_case, take
from anlan.desk.cases.models import Case
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

KIND = "warnings.warning"


def a_case(key: str = "one", **changes) -> Case:
    given = {
        "kind": KIND,
        "title": "1号储罐液位高",
        "region": TOWN,
        "organisation": ENTERPRISE_A,
        "level": 2,
        "key": key,
    }
    return open_case(NewCase(**given | changes))[0]


def handled(cast, case: Case) -> Case:
    take(case, "confirm", cast.duty)
    take(case, "attend", cast.manager)
    return take(case, "feedback", cast.manager, words="已降液位", values={"cause": "real"})


def test_the_page_offers_the_steps_of_this_person_with_their_keys(cast, signed_in):
    page = signed_in(cast.duty).get(f"/cases/{a_case().pk}/").content.decode()
    assert "确认并交办" in page and 'data-key="c"' in page
    assert "反馈处置结果" not in page


def test_it_offers_nothing_to_somebody_who_may_only_look(cast, signed_in):
    page = signed_in(cast.head).get(f"/cases/{a_case().pk}/").content.decode()
    assert "现在由其他岗位办理" in page
    assert "确认并交办" not in page


def test_a_case_of_elsewhere_does_not_exist(cast, signed_in):
    case = a_case()
    for part in ("neighbour_duty", "other_manager", "other_town_officer", "stranger", "system_administrator"):
        assert signed_in(getattr(cast, part)).get(f"/cases/{case.pk}/").status_code == 404
        assert signed_in(getattr(cast, part)).post(f"/cases/{case.pk}/confirm/").status_code == 404
    case.refresh_from_db()
    assert case.state == "new"


def test_a_step_is_taken_and_stands_in_the_history(cast, signed_in):
    case = a_case()
    client = signed_in(cast.duty)
    answer = client.post(
        f"/cases/{case.pk}/confirm/", {"version": case.version, "confirm-words": "已电话通知"}, follow=True
    )
    page = answer.content.decode()
    assert "已办理：确认并交办" in page
    assert "已电话通知" in page and "王刚" in page
    case.refresh_from_db()
    assert case.state == "handling"


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(cast, signed_in):
    case = a_case()
    take(case, "confirm", cast.duty)
    answer = signed_in(cast.manager).post(f"/cases/{case.pk}/feedback/", {"feedback-words": "已降液位"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "data-open-now" in page and "已降液位" in page
    assert re.search(r'class="wrong"[^>]*id="id_feedback-cause_error"', page)
    case.refresh_from_db()
    assert case.state == "handling"


def test_evidence_goes_with_the_step(cast, signed_in):
    case = a_case()
    take(case, "confirm", cast.duty)
    photo = SimpleUploadedFile("阀门.txt", "已关闭".encode(), "text/plain")
    signed_in(cast.manager).post(
        f"/cases/{case.pk}/feedback/",
        {"feedback-words": "已降液位", "feedback-cause": "real", "feedback-files": photo},
    )
    step = case.steps.get(action="feedback")
    assert [document.name for document in step.documents.all()] == ["阀门.txt"]
    assert "阀门.txt" in signed_in(cast.duty).get(f"/cases/{case.pk}/").content.decode()


def test_a_refused_step_keeps_no_file(cast, signed_in):
    from anlan.desk.documents.models import Document

    case = a_case()
    take(case, "confirm", cast.duty)
    photo = SimpleUploadedFile("阀门.txt", "已关闭".encode(), "text/plain")
    signed_in(cast.manager).post(f"/cases/{case.pk}/verify/", {"verify-files": photo}, follow=True)
    assert not Document.objects.exists()


def test_whoever_comes_second_is_told_who_was_first(cast, signed_in):
    case = a_case()
    seen = case.version
    take(case, "confirm", cast.second_duty)
    page = signed_in(cast.duty).post(f"/cases/{case.pk}/confirm/", {"version": seen}, follow=True).content.decode()
    assert "李娜 刚刚办理了“确认并交办”，事项现在是“处置中”" in page
    assert case.steps.filter(action="confirm").count() == 1


def test_nobody_verifies_his_own_work(cast, signed_in):
    case = handled(cast, a_case())
    assert case.state == "verifying"
    page = signed_in(cast.duty).get(f"/cases/{case.pk}/").content.decode()
    assert "核查通过，办结" in page
    page = signed_in(cast.manager).get(f"/cases/{case.pk}/").content.decode()
    assert "核查通过，办结" not in page


def test_steps_of_flows_and_unknown_steps_are_no_addresses(cast, signed_in):
    case = a_case()
    client = signed_in(cast.duty)
    assert client.post(f"/cases/{case.pk}/worsen/").status_code == 404
    assert client.post(f"/cases/{case.pk}/nonsense/").status_code == 404
    assert client.get(f"/cases/{case.pk}/confirm/").status_code == 405


def test_an_overdue_case_says_so_in_words(cast, signed_in):
    from datetime import timedelta

    case = a_case()
    Case.objects.filter(pk=case.pk).update(due_at=case.opened_at - timedelta(hours=2), supervised=True, escalations=1)
    page = signed_in(cast.duty).get(f"/cases/{case.pk}/").content.decode()
    assert "超期 2 小时" in page and "挂牌督办" in page and "已升级 1 次" in page


def test_it_waits_for_those_who_can_bring_it_forward_and_for_nobody_else(cast):
    case, elsewhere = a_case(), a_case("two", region=OTHER_TOWN, organisation=ENTERPRISE_B)
    assert set(gates.waiting_for(cast.duty)) == {case, elsewhere}
    assert set(gates.waiting_for(cast.town_officer)) == {case}
    assert set(gates.waiting_for(cast.manager)) == {case}
    assert not gates.waiting_for(cast.leader).exists()  # may urge and supervise, which brings nothing forward
    assert not gates.waiting_for(cast.stranger).exists()
    handled(cast, case)
    assert set(gates.waiting_for(cast.manager)) == set()
    assert set(gates.waiting_for(cast.inspector)) == {case}


def test_it_does_not_wait_for_somebody_kept_apart(cast):
    """A town officer may feed back; had an inspector fed back, he could not verify."""
    case = a_case()
    take(case, "confirm", cast.duty)
    take(case, "feedback", cast.inspector, words="现场已处理", values={"cause": "real"})
    assert not gates.waiting_for(cast.inspector).exists()
    assert set(gates.waiting_for(cast.duty)) == {case}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"one", "two"}),
        ("?mine=1", {"one", "two"}),
        ("?level=1", {"two"}),
        ("?q=储罐", {"one"}),
        ("?overdue=1", set()),
    ],
)
def test_the_list_of_my_work_filters(cast, signed_in, query, found):
    made = {"one": a_case(), "two": a_case("two", title="可燃气体超限", level=1)}
    page = signed_in(cast.duty).get(f"/cases/{query}").content.decode()
    assert {key for key, case in made.items() if f"/cases/{case.pk}/" in page} == found


def test_the_page_says_who_handles_it_and_whose_turn_it_is(cast, signed_in):
    case = a_case()
    page = signed_in(cast.leader).get(f"/cases/{case.pk}/").content.decode()
    assert "待谁办理" in page and "值班员" in page
    take(case, "confirm", cast.duty)
    page = signed_in(cast.leader).get(f"/cases/{case.pk}/").content.decode()
    assert "企业安全管理人员" in page.split("待谁办理")[1][:200]
    assert "王刚" in page.split("经办人")[1][:60]
