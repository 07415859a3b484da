from datetime import date

import pytest

from anlan.desk.obligations.declare import rules
from anlan.desk.obligations.generating import generate_rule
from anlan.desk.obligations.models import Obligation
from anlan.desk.registers import actions
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from tests.cast import ENTERPRISE_A, TOWN

pytestmark = pytest.mark.django_db
REVIEW = rules()["standardisation_review"]


def certificate(user, issued, ends):
    values = {"number": "BZ-0001", "grade": "level_2", "issued_on": issued}
    entry = Entry(values=values, region=TOWN, organisation=ENTERPRISE_A, valid_from=issued, valid_to=ends)
    return actions.add(user, record_types()["standardisation_certificates"], entry)


def test_a_standardisation_certificate_near_its_end_raises_a_re_review_reminder(cast):
    certificate(cast.manager, date(2024, 1, 10), date(2027, 1, 9))
    assert generate_rule(REVIEW, date(2026, 6, 1)) == 0, "more than half a year is no time to remind"
    assert generate_rule(REVIEW, date(2026, 11, 24)) == 1 and generate_rule(REVIEW, date(2026, 11, 25)) == 0
    due = Obligation.objects.get()
    assert (due.due_on, due.organisation) == (date(2027, 1, 10), ENTERPRISE_A)
