from datetime import date, timedelta

import pytest
from django.utils import timezone

from anlan.desk.registers.actions import Entry, add_many, fill
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record
from anlan.prevent.admission.models import Contractor, Staff
from tests.cast import ENTERPRISE_A, TOWN


@pytest.fixture
def certificate(db):
    """`certificate("T-100001", "welding", until)` puts one into the ledger of special-operation certificates."""

    def make(number: str, kind: str, until: date, issued: date | None = None) -> Record:
        ledger = record_types()["certificates"]
        values = {
            "holder": "持证人",
            "number": number,
            "kind": kind,
            "issued_on": (issued or until - timedelta(days=700)).isoformat(),
        }
        record = Record(type="certificates")
        fill(record, ledger, (Entry(values=values, region=TOWN, organisation="OUTSIDE", valid_to=until), values))
        add_many(None, ledger, [record])
        return record

    return make


@pytest.fixture
def contractor(db) -> Contractor:
    year = timezone.localdate() + timedelta(days=365)
    return Contractor.objects.create(
        region=TOWN,
        organisation=ENTERPRISE_A,
        code="91999901MAB0000091",
        name="恒安检修有限公司",
        scope="设备检修、防腐",
        qualification_until=year,
        agreement_until=year,
    )


@pytest.fixture
def welder(contractor) -> Staff:
    return Staff.objects.create(
        region=TOWN,
        organisation=ENTERPRISE_A,
        contractor=contractor,
        name="沈师傅",
        job="焊工",
        certificate="T-100001",
        trained_until=timezone.localdate() + timedelta(days=100),
    )
