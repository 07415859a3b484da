import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.desk.cases.actions import take
from anlan.desk.documents.actions import add
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.prevent.hazards.actions import register
from anlan.prevent.hazards.models import Hazard
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.DOCUMENTS = tmp_path


@pytest.fixture
def enterprise(db):
    made = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工有限公司", region=TOWN, lon=115.8, lat=28.7)
    RegulatedAs.objects.create(enterprise=made, code="hazchem_producer")
    return made


@pytest.fixture
def other_enterprise(db):
    return Enterprise.objects.create(code=ENTERPRISE_B, name="另一企业", region=OTHER_TOWN)


@pytest.fixture
def photo(enterprise):
    """`photo(user)` adds a picture in that person's name."""
    return lambda user: add(
        user, SimpleUploadedFile("现场.png", PICTURE), region=enterprise.region, organisation=enterprise.code
    )


@pytest.fixture
def danger(cast, enterprise):
    """`danger()` is one that a worker has found."""

    def make(**more) -> Hazard:
        given = {"found_by": "self", "title": "3号泵接地线脱落", "kind": "electric", "place": "泵房"} | more
        return register(given.pop("by", cast.worker), enterprise=given.pop("enterprise", enterprise), **given)

    return make


class Hands:
    """Takes steps: `hands(danger).grade(cast.manager, "general")` …; each reads the danger anew."""

    FIVE = {"measure": "重新接线", "responsible": "马超", "funds": 0.5, "plan": "断电、设围挡、专人看护"}

    def __init__(self, cast, photo):
        self.cast, self.photo = cast, photo

    def take(self, hazard, action, by, words="说明", **values):
        documents = values.pop("documents", ())
        case = type(hazard.case).objects.get(pk=hazard.pk)
        take(case, action, by, words=words, documents=documents, values=values)
        hazard.refresh_from_db()
        return hazard

    def grade(self, hazard, grade="general", by=None, criterion="none"):
        return self.take(hazard, "grade", by or self.cast.manager, "按判定标准", grade=grade, criterion=criterion)

    def settle(self, hazard, day, by=None):
        return self.take(hazard, "settle", by or self.cast.manager, deadline=day.isoformat(), **self.FIVE)

    def rectify(self, hazard, by=None):
        by = by or self.cast.team_leader
        return self.take(hazard, "rectify", by, "已重新接好", documents=[self.photo(by)])

    def report_twice(self, hazard):
        for receiver, by in (("department", self.cast.inspector), ("congress", self.cast.delegate)):
            self.take(hazard, f"report_{receiver}", self.cast.manager, "现状、危害程度、治理方案")
            self.take(hazard, f"receive_{receiver}", by)
        return hazard


@pytest.fixture
def hands(cast, photo):
    return Hands(cast, photo)
