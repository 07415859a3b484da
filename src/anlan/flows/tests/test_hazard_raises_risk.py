from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from anlan.desk.cases.actions import take
from anlan.desk.cases.models import Case
from anlan.desk.documents.actions import add
from anlan.flows.hazard_raises_risk import weigh_on_the_point
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.hazards.actions import register
from anlan.prevent.risks.models import Influence, Point
from tests.cast import ENTERPRISE_A, TOWN


@pytest.fixture
def point(db):
    enterprise = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工有限公司", region=TOWN)
    return Point.objects.create(
        enterprise=enterprise, region=TOWN, organisation=ENTERPRISE_A, kind="equipment", code="P1", name="泵房",
        level=4, dynamic_level=4,
    )  # fmt: skip


def test_an_open_danger_makes_its_point_worse_until_it_is_cancelled(cast, point, settings, tmp_path):
    settings.DOCUMENTS = tmp_path
    hazard = register(cast.worker, enterprise=point.enterprise, found_by="self", title="接地脱落", point=point)
    case = lambda: Case.objects.get(pk=hazard.pk)  # noqa: E731
    level = lambda: Point.objects.get(pk=point.pk).dynamic_level  # noqa: E731
    assert level() == 4  # nobody has judged it yet
    take(case(), "grade", cast.manager, words="按标准", values={"grade": "general", "criterion": "none"})
    assert level() == 3
    weigh_on_the_point(case())  # twice is once
    assert Influence.objects.filter(source=f"hazard:{hazard.pk}").count() == 1
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    five = {"measure": "接线", "responsible": "马超", "funds": 0.1, "deadline": day, "plan": "断电"}
    take(case(), "settle", cast.manager, values=five)
    photo = add(
        cast.team_leader, SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        region=TOWN, organisation=ENTERPRISE_A,
    )  # fmt: skip
    take(case(), "rectify", cast.team_leader, words="已接", documents=[photo])
    take(case(), "verify", cast.manager, words="合格")
    assert level() == 3
    take(case(), "cancel", cast.manager)
    assert level() == 4
