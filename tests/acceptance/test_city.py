"""The city's safety platform and the old house with a sensor, by role (rows S54, S55)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.models import Post, User
from anlan.desk.access.standing import Refused
from anlan.desk.cases.actions import take
from anlan.desk.cases.models import Case
from anlan.desk.notices.models import Notice
from anlan.desk.registers import advancing
from anlan.desk.registers.coverage import cover, coverages
from anlan.desk.registers.layers import LAYERS
from anlan.know.facilities.models import Facility
from anlan.watch.alarms.actions import record
from anlan.watch.alarms.rules import Event
from anlan.watch.devices.models import Device
from anlan.watch.devices.profiles import fit
from tests.cast import TOWN

pytestmark = pytest.mark.django_db
ITEM = {"code": "ZZ-1", "item": "老旧小区消防通道占用", "level": "2", "owner": "住建局"}


def on_map(user) -> list[int]:
    (layer,) = (each for each in LAYERS if each.name == "city-rectifications")
    return list(layer.queryset(user).values_list("pk", flat=True))


def test_an_item_of_the_rectification_leaves_the_map_and_counts_as_done_when_another_person_has_closed_it(cast, keep):
    """S54: Given a rectification item created in subsystem 2, when it is on the map of subsystem 3, then closing it in
    2 closes it in 3 and counts in 4."""
    given = ITEM | {"due_on": timezone.localdate() + timedelta(days=30)}
    with pytest.raises(Refused):
        keep(cast.manager, "city_rectifications", given)
    item = keep(cast.inspector, "city_rectifications", given, TOWN, "", lon=115.8, lat=28.7)
    counted = lambda: cover(coverages()["city_rectified"], timezone.localdate(), cast.leader)  # noqa: E731
    assert on_map(cast.leader) == [item.pk] and (counted().all, counted().met) == (1, 0)
    with pytest.raises(ValidationError, match="整治结果"):
        advancing.advance(cast.second_inspector, item, "closed")
    item.data["outcome"] = "已清理，划线并设标志"
    item.save(update_fields=["data"])
    for part in ("inspector", "manager", "town_officer", "neighbour_duty"):
        with pytest.raises(Refused):
            advancing.advance(getattr(cast, part), item, "closed")
    advancing.advance(cast.second_inspector, item, "closed")
    assert on_map(cast.leader) == [] and (counted().all, counted().met) == (1, 1)


@pytest.fixture
def owner(db) -> User:
    user = User.objects.create(username="house_owner", name="房管员")
    Post.objects.create(user=user, role="safety_manager", organisation="HOUSING1", region=TOWN)
    return user


def test_the_tilt_of_an_old_building_warns_grid_worker_owner_and_department_and_stays_open_until_checked(
    cast, owner, refused
):
    """S55: Given an old building with a tilt sensor, when tilt passes the limit, then a warning on the platform goes to
    grid worker, owner and department, and stays open until checked."""
    cast.all()
    house = Facility.objects.create(
        kind="building", code="H-7", name="解放路7号老楼", organisation="HOUSING1", region=TOWN, lon=115.8, lat=28.7
    )
    gauge = Device.objects.create(
        code="TILT-7", name="倾斜仪", profile="building_tilt", region=TOWN, organisation="HOUSING1", facility=house
    )
    fit(gauge)
    rule = gauge.points.get().rules.get(kind="H")
    now = timezone.now()

    def tell(transition, value):
        record([Event(
            episode=episode, transition=transition, rule=rule.pk, point=rule.point_id, kind="H", level=rule.level,
            value=value, limit=rule.limit, at=now, raised_at=now, received_at=now, count=1,
        )])  # fmt: skip

    episode = uuid4()
    tell("raised", 4.6)
    warning = Case.objects.get(kind="warnings.warning")
    told = set(Notice.objects.filter(url=f"/cases/{warning.pk}/").values_list("user__username", flat=True))
    assert {"grid_worker", "house_owner", "duty", "town_officer"} <= told
    assert not {"manager", "other_manager", "other_town_officer", "neighbour_duty", "stranger"} & told
    take(warning, "attend", owner)
    tell("cleared", 3.1)
    warning.refresh_from_db()
    assert warning.is_open, "the sensor is calm again, but nobody has looked"
    refused(warning, "feedback", "manager", "worker", "other_town_officer", words="x", values={"cause": "real"})
    take(warning, "feedback", cast.grid_worker, words="墙体裂缝未发展，已设警戒", values={"cause": "real"})
    take(warning, "patrol", cast.town_officer, words="现场视频查看", values={"patrol": "normal"})
    refused(warning, "verify", "grid_worker", "town_officer", "manager")
    take(warning, "verify", cast.duty)
    assert not warning.is_open
