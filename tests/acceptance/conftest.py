"""Enterprise A with its workshop, risks, gauge and dangers: the fixtures of the capabilities, met in one place."""

import pytest

from anlan.desk.access.standing import Refused
from anlan.desk.cases.actions import take
from anlan.desk.registers import actions as registers
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from anlan.prevent.hazards.tests.conftest import _files_of_its_own, danger, hands, photo  # noqa: F401
from anlan.prevent.risks.tests.conftest import enterprise, event_of, point, workshop  # noqa: F401
from tests.cast import ENTERPRISE_A, TOWN


@pytest.fixture
def refused(cast):
    """`refused(case, "grade", "worker", …)`: the verb refuses each of these, whatever they bring."""

    def check(case, action, *parts, **brought):
        for part in parts:
            case = type(case).objects.get(pk=case.pk)
            with pytest.raises(Refused):
                take(case, action, getattr(cast, part), **brought)

    return check


@pytest.fixture
def keep():
    """`keep(user, "project_access", values)` adds a record to a ledger, in the name of enterprise A unless said."""

    def add(user, ledger, values, region=TOWN, organisation=ENTERPRISE_A, **head):
        entry = Entry(values=values, region=region, organisation=organisation, **head)
        return registers.add(user, record_types()[ledger], entry)

    return add
