"""Enterprise A with one workshop, identified, evaluated and held; ready for whatever happens to it."""

import pytest

from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.risks.actions import evaluate, save_control, save_event, save_point
from anlan.prevent.risks.models import Control, Event, Point
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

YELLOW = {"L": 3, "E": 3, "C": 15}  # 135 by LEC
ORANGE = {"L": 3, "E": 6, "C": 15}  # 270
RED = {"L": 6, "E": 6, "C": 15}  # 540
BLUE = {"L": 1, "E": 3, "C": 7}  # 21


@pytest.fixture
def enterprise(cast) -> Enterprise:
    cast.all()
    Enterprise.objects.create(code=ENTERPRISE_B, name="乙厂", region=OTHER_TOWN, lon=115.9, lat=28.7)
    return Enterprise.objects.create(
        code=ENTERPRISE_A, name="甲化工有限公司", short_name="甲化工", region=TOWN, lon=115.8, lat=28.7
    )


@pytest.fixture
def workshop(enterprise) -> Facility:
    return Facility.objects.create(
        enterprise=enterprise,
        organisation=enterprise.code,
        region=TOWN,
        kind="workshop",
        code="WS-1",
        name="1号车间",
        lon=115.801,
        lat=28.701,
    )


@pytest.fixture
def point(workshop, cast) -> Point:
    """A point nobody has evaluated yet."""
    return save_point(
        cast.manager,
        Point(
            enterprise=workshop.enterprise,
            facility=workshop,
            kind="area",
            code="R-1",
            name="1号车间反应区",
            post="反应工",
            responsible="马超",
            phone="13800000000",
            handling="切断进料\n撤离人员\n报告值班室",
        ),
    )


@pytest.fixture
def event_of(point, cast):
    """`event_of("反应失控", scores)` identifies and, with scores, evaluates an event of the point."""

    def make(name: str = "反应失控", scores: dict | None = None, unit: str = "反应釜", way: str = "checklist") -> Event:
        event = save_event(
            cast.manager,
            point,
            Event(name=name, factors=["易燃液体"], accident_types=["其他爆炸"], consequence="爆炸伤人"),
            unit=unit,
            way=way,
        )
        save_control(
            cast.manager,
            Control(
                event=event, kind="engineering", text="温度高高联锁切断进料", check_text="联锁是否投用", every_days=1
            ),
        )
        if scores:
            evaluate(cast.manager, event, method="lec", scores=scores)
        return event

    return make
