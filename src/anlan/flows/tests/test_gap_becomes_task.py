import pytest

from anlan.desk.audit.chain import verify
from anlan.desk.measures import assessing
from anlan.desk.measures.scorecards import scorecards
from anlan.desk.obligations.models import Obligation
from anlan.desk.subjects.declare import Subject
from tests.cast import ENTERPRISE_A, TOWN

KEY = scorecards()["key_items"]
SELF = Subject(f"enterprise:{ENTERPRISE_A}", TOWN, ENTERPRISE_A, {"categories": []}, "松塘化工", "/enterprises/1/")


def answers(no):
    return {
        item.code: {"answer": "no"} if number < no else {"answer": "yes", "words": "文件 2026-1 号"}
        for number, item in enumerate(KEY.items)
    }


@pytest.fixture
def draft(cast):
    return assessing.begin(cast.manager, KEY, SELF)


def test_an_enterprise_answers_18_yes_with_evidence_and_2_gaps_become_rectification_tasks(cast, draft):
    assessing.answer(cast.manager, draft, answers(no=2))
    row = assessing.submit(cast.manager, draft)
    assert (row.score, row.gaps, row.state) == (90, 2, "submitted")
    tasks = Obligation.objects.filter(rule="scorecard_gap").order_by("title")
    assert [task.organisation for task in tasks] == [ENTERPRISE_A] * 2
    assert KEY.items[0].title_zh in tasks[0].title and tasks[0].by.verify
    assert list(verify()) == []


def test_sent_back_and_submitted_again_makes_no_task_twice(cast, draft):
    assessing.answer(cast.manager, draft, answers(no=2))
    row = assessing.submit(cast.manager, draft)
    row = assessing.send_back(cast.inspector, row, "补充佐证")
    assessing.submit(cast.manager, row)
    assert Obligation.objects.filter(rule="scorecard_gap").count() == 2
