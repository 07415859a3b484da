"""Enterprise A with one risk point and three controls: two looked at daily by the post, one weekly by the workshop."""

from types import SimpleNamespace

import pytest

from anlan.know.enterprises.models import Enterprise
from anlan.prevent.risks.models import Control, Event, Point, Unit
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN


@pytest.fixture
def works(db):
    one = Enterprise.objects.create(code=ENTERPRISE_A, name="安澜化工有限公司", region=TOWN, lon=115.0, lat=28.0)
    two = Enterprise.objects.create(code=ENTERPRISE_B, name="澄江机械厂", region=OTHER_TOWN, lon=115.2, lat=28.1)
    return SimpleNamespace(a=one, b=two)


@pytest.fixture
def risk(works):
    place = {"region": TOWN, "organisation": ENTERPRISE_A, "enterprise": works.a}
    point = Point.objects.create(kind="area", code="P1", name="一号罐区", lon=115.001, lat=28.001, **place)
    unit = Unit.objects.create(point=point, name="储罐")
    event = Event.objects.create(unit=unit, point=point, name="储罐泄漏")
    keep = {"event": event, "point": point, "kind": Control.Kind.ENGINEERING}
    daily = {"responsible_level": "post", "post": "罐区操作", "every_days": 1}
    return SimpleNamespace(
        point=point,
        event=event,
        level=Control.objects.create(
            text="液位报警投用", check_text="液位报警是否投用", clause="GB 17681-2024 5.2", **daily, **keep
        ),
        valve=Control.objects.create(text="安全阀根部阀全开", order=1, **daily, **keep),
        drill=Control.objects.create(
            text="紧急切断每周试验", responsible_level="workshop", every_days=7, order=2, **keep
        ),
    )
