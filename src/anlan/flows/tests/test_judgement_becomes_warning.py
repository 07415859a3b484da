import pytest
from django.utils import timezone

from anlan.desk.access.models import Post, User
from anlan.desk.cases.models import Case
from anlan.desk.registers import actions, advancing
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from tests.cast import DISTRICT

pytestmark = pytest.mark.django_db


def test_a_judgement_signed_by_three_departments_becomes_one_warning_of_its_level(cast):
    values = {"title_words": "汛期会商", "season": "flood", "held_on": timezone.localdate(), "weather": "连续降雨"}
    values |= {"opinions": "各部门意见", "judgement": "内涝风险较大", "level": "2", "plan": "停工检查"}
    entry = Entry(values=values, region=DISTRICT)
    record = actions.add(cast.inspector, record_types()["risk_consultations"], entry)
    advancing.advance(cast.inspector, record, "judged")
    for number in range(3):
        user = User.objects.create(username=f"dept{number}", name="某局")
        Post.objects.create(user=user, role="inspector", organisation=f"DEPT{number}", region=DISTRICT)
        assert not Case.objects.filter(kind="warnings.warning").exists()
        advancing.sign(user, record, "同意")
    advancing.advance(cast.inspector, record, "issued")
    warning = Case.objects.get(kind="warnings.warning")
    assert (warning.level, warning.region, warning.title) == (2, DISTRICT, "汛期会商")
