"""A camera is registered, tells what it found, and what it sees is laid to a case. The process that watches is real."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.documents.models import Document
from anlan.telemetry import publish
from anlan.telemetry.cameras.tests.streaming import StreamingCamera, intruder
from anlan.telemetry.sealed import unseal
from anlan.telemetry.tests.conftest import pipeline  # noqa: F401 - a fixture
from anlan.vision.pictures import jpeg
from anlan.vision.tests.scenes import yard
from anlan.watch.alarms.models import Alarm
from anlan.watch.devices import published
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.models import Device
from anlan.watch.video import gates
from anlan.watch.video.actions import forget_old, keep_pictures, lay_picture_to_case, lay_to_case, save_camera
from anlan.watch.video.models import Camera, Picture
from tests.cast import ENTERPRISE_A, TOWN

ZONE = [[0.5, 0.3], [1, 0.3], [1, 1], [0.5, 1]]
AT = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)


@pytest.fixture
def device(cast):
    place = {"region": TOWN, "organisation": ENTERPRISE_A, "lon": 115.8, "lat": 28.7}
    made = Device(code="CAM-1", name="罐区南侧", profile="watching_camera", **place)
    return save_device(cast.system_administrator, made)


def camera(device, **more) -> Camera:
    given = {"url": "rtsp://10.0.0.7:554/1", "detect": {"intrusion": {"zone": ZONE}}, **more}
    return Camera(device=device, **given)


def arrived(device, at=AT, key="intrusion"):
    import numpy as np

    point = device.points.get(key=key)
    said = {
        "Anlan-Device": str(device.pk),
        "Anlan-Point": str(point.pk),
        "Anlan-At": str(int(at.timestamp() * 1e6)),
        "Anlan-Value": "0.9",
        "Anlan-Seen": '[["person", 0.9, 0.5, 0.4, 0.1, 0.3]]',
    }
    return said, jpeg(yard(np.random.default_rng(1)))


def warning(cast):
    return open_case(
        NewCase(kind="warnings.warning", title="越界侵入", region=TOWN, organisation=ENTERPRISE_A, level=3, key="w")
    )[0]


def test_a_registered_camera_is_told_to_the_pipeline_and_its_login_stands_nowhere_in_the_open(cast, device, settings):
    save_camera(cast.system_administrator, camera(device), "admin:p@ss")
    told = published.devices(Device.objects.filter(pk=device.pk))[0].settings["camera"]
    assert told["url"] == "rtsp://10.0.0.7:554/1" and told["detect"]["intrusion"]["zone"] == ZONE
    assert unseal(told["login"], settings.SECRET_KEY) == "admin:p@ss"
    assert "p@ss" not in str(list(Entry.objects.values_list("data", "words"))) and "p@ss" not in str(told)
    save_camera(cast.system_administrator, Camera.objects.get())  # a change without a login keeps the one there is
    assert Camera.objects.get().sealed_login == told["login"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "file:///etc/passwd"},
        {"url": "rtsp://admin:secret@10.0.0.7/1"},
        {"url": ""},
        {"gb_id": "360403"},
        {"gb_id": "36040300001180000017"},
        {"transport": "gb28181"},
        {"detect": {"intrusion": {"zone": [[0, 0], [1, 1]]}}},
        {"every": 0.01},
    ],
)
def test_what_cannot_be_watched_is_refused_and_nothing_is_changed(cast, device, wrong):
    with pytest.raises(ValidationError):
        save_camera(cast.system_administrator, camera(device, **wrong))
    device.refresh_from_db()
    assert "camera" not in device.settings and not Camera.objects.exists()


def test_a_camera_of_the_national_standard_needs_no_address_as_long_as_it_detects_nothing(cast, device):
    kept = camera(device, url="", detect={}, transport="gb28181", gb_id="36040300001320000017")
    save_camera(cast.system_administrator, kept)
    device.refresh_from_db()
    assert "camera" not in device.settings


@pytest.mark.parametrize("part", ["duty", "manager", "worker", "other_manager", "stranger", "audit_administrator"])
def test_only_who_runs_devices_registers_cameras(cast, device, part):
    with pytest.raises(Refused):
        save_camera(getattr(cast, part), camera(device))


def test_cameras_and_pictures_are_seen_by_place_and_post(cast, device):
    save_camera(cast.system_administrator, camera(device))
    keep_pictures([arrived(device)])
    seers = {"duty", "town_officer", "manager"}
    for part in (*sorted(seers), "other_town_officer", "other_manager", "neighbour_duty", "stranger"):
        seen = int(part in seers)
        user = getattr(cast, part)
        assert (gates.seen_by(user).count(), gates.pictures(user).count()) == (seen, seen), part


def test_a_picture_is_kept_once_and_shown_with_the_alarm_of_its_time(cast, device, signed_in):
    save_camera(cast.system_administrator, camera(device))
    late = arrived(device, AT + timedelta(hours=1))
    unknown = ({**arrived(device)[0], "Anlan-Device": "999999"}, b"\xff\xd8\xff")
    assert keep_pictures([arrived(device), late, unknown]) == 2
    assert keep_pictures([arrived(device)]) == 0
    point = device.points.get(key="intrusion")
    alarm = Alarm.objects.create(
        episode="0" * 32, point=point, device=device, rule=1, kind="H", level=3, title="越界侵入", region=TOWN,
        organisation=ENTERPRISE_A, raised_at=AT + timedelta(seconds=3), received_at=AT,
        cleared_at=AT + timedelta(minutes=1),
        active=False,
    )  # fmt: skip
    assert [picture.at for picture in gates.of_alarm(cast.duty, alarm)] == [AT]
    page = signed_in(cast.duty).get(reverse("alarms.item", args=[alarm.pk])).content.decode()
    assert reverse("documents.preview", args=[Picture.objects.get(at=AT).document_id]) in page
    assert (
        signed_in(cast.manager)
        .get(reverse("documents.preview", args=[Picture.objects.first().document_id]))
        .status_code
        == 200
    )
    assert (
        signed_in(cast.other_manager)
        .get(reverse("documents.preview", args=[Picture.objects.first().document_id]))
        .status_code
        == 404
    )


def test_old_pictures_go_and_those_laid_to_a_case_stay(cast, device):
    save_camera(cast.system_administrator, camera(device))
    keep_pictures([arrived(device), arrived(device, AT + timedelta(seconds=40))])
    kept = Picture.objects.order_by("at").first()
    lay_picture_to_case(cast.duty, kept, warning(cast))
    assert forget_old(AT + timedelta(days=91)) == 1
    assert list(Picture.objects.all()) == [kept] and Document.objects.count() == 1


def test_what_others_see_cannot_be_laid_to_a_case(cast, device):
    save_camera(cast.system_administrator, camera(device))
    keep_pictures([arrived(device)])
    case = warning(cast)
    with pytest.raises(Refused):
        lay_picture_to_case(cast.other_manager, Picture.objects.get(), case)
    with pytest.raises(Refused):
        lay_to_case(cast.other_manager, Camera.objects.get(), case, clip=False)
    assert case.steps.filter(action="attach").count() == 0


def test_a_camera_that_nobody_watches_says_so_and_lays_nothing_to_a_case(cast, device, settings, signed_in):
    settings.NATS_URL = "nats://127.0.0.1:9"
    save_camera(cast.system_administrator, camera(device))
    from anlan.watch.video import looking

    looking.WAIT_SECONDS, before = 0.2, looking.WAIT_SECONDS
    try:
        with pytest.raises(ValidationError, match="视频进程没有应答"):
            lay_to_case(cast.duty, Camera.objects.get(), warning(cast), clip=False)
        answer = signed_in(cast.duty).get(reverse("cameras.now", args=[device.pk]))
        assert answer.status_code == 503 and "没有应答" in answer.content.decode()
    finally:
        looking.WAIT_SECONDS = before


@pytest.mark.pipeline
@pytest.mark.django_db(transaction=True)
def test_what_a_camera_sees_now_and_its_last_seconds_become_evidence(cast, device, settings, signed_in, pipeline):  # noqa: F811
    streaming = StreamingCamera(intruder(), login="admin:p@ss")
    try:
        pipeline.environment["ANLAN_SECRET_KEY"] = settings.SECRET_KEY
        settings.NATS_URL = pipeline.url
        save_camera(cast.system_administrator, camera(device, url=streaming.url, every=0.2), "admin:p@ss")
        pipeline.start("cameras", "cameras")
        told = published.devices(Device.objects.all())
        publish.run(pipeline.url, lambda client: publish.put_devices(client, told))
        client, now = signed_in(cast.duty), reverse("cameras.now", args=[device.pk])
        limit = timezone.now() + timedelta(seconds=40)
        while (answer := client.get(now)).status_code != 200 and timezone.now() < limit:
            pass
        assert answer["Content-Type"] == "image/jpeg" and answer.content[:3] == b"\xff\xd8\xff"
        case = warning(cast)
        for what in ("picture", "clip"):
            client.post(reverse("cameras.to_case", args=[device.pk, case.pk, what]))
        laid = [
            document for step in case.steps.filter(action="attach").order_by("pk") for document in step.documents.all()
        ]
        assert [document.media_type for document in laid] == ["image/jpeg", "video/webm"]
        assert signed_in(cast.other_manager).get(now).status_code == 404
    finally:
        streaming.close()


def test_a_zone_is_drawn_by_who_may_and_read_back(cast, device, signed_in):
    save_camera(cast.system_administrator, camera(device))
    address = reverse("cameras.zone", args=[device.pk])
    refused = signed_in(cast.duty).post(address, {"corners": "[[0,0],[1,0],[1,1]]"})
    assert refused.status_code == 403
    client = signed_in(cast.system_administrator)
    for wrong in ("[[0,0],[1,1]]", "{", "[[0,0],[1,0],[2,1]]"):
        assert client.post(address, {"corners": wrong}).status_code == 400
    assert Camera.objects.get().detect["intrusion"]["zone"] == ZONE
    assert client.post(address, {"corners": "[[0,0],[1,0],[1,1]]"}).json() == {"saved": True}
    assert Camera.objects.get().detect["intrusion"]["zone"] == [[0, 0], [1, 0], [1, 1]]
