"""The verbs of video: register a camera, keep what was found, lay a picture or a clip to a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import Refused, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.cases.actions import attach
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.documents import store
from anlan.desk.documents.actions import add
from anlan.desk.documents.models import Document
from anlan.desk.documents.types import JPEG
from anlan.telemetry.cameras import settings as camera_settings
from anlan.telemetry.sealed import seal
from anlan.watch.devices.models import Device, Point
from anlan.watch.video import gates
from anlan.watch.video.looking import look
from anlan.watch.video.models import Camera, Picture
from anlan.watch.video.words import plain

MOST_FORGOTTEN = 2_000


@transaction.atomic
def save_camera(user, camera: Camera, login: str | None = None) -> Camera:
    """Registers how a device is seen through, or changes it. `login` is "name:password"; None keeps what there is."""
    device = camera.device
    require(user, "video.change", device)
    if login is not None:
        camera.sealed_login = seal(login, settings.SECRET_KEY) if login else ""
    camera.full_clean()
    told = _told(camera)
    camera.save()
    device.settings = {**device.settings, "camera": told} if told else _without(device.settings)
    device.save(update_fields=["settings", "changed_at"])
    append(
        Act(
            action="video.camera",
            subject=f"device:{device.pk}",
            region=device.region,
            organisation=device.organisation,
            words=device.name,
            data={
                "transport": camera.transport,
                "url": camera.url,
                "detect": sorted(camera.detect),
                "login": bool(login),
            },
        )
    )
    return camera


def _told(camera: Camera) -> dict:
    """What the process that watches is told; nothing for a camera whose stream a media server takes."""
    if not camera.url:
        if camera.detect:
            raise ValidationError({"url": _("要识别，须有可读的视频流地址（RTSP 或 HLS）。")})
        return {}
    told = {
        "url": camera.url,
        "every": camera.every,
        "login": camera.sealed_login,
        "model": camera.model,
        "detect": camera.detect,
    }
    try:
        camera_settings.read(told)
        zones_of(camera)
    except ValueError as problem:
        raise ValidationError(plain(str(problem))) from problem
    return told


def zones_of(camera: Camera) -> dict:
    """Errors: ValueError when a zone encloses nothing."""
    from anlan.vision.zones import Zone  # OpenCV is loaded where zones are judged, not with every page

    return {key: Zone((each or {}).get("zone", ())) for key, each in camera.detect.items()}


def _without(given: dict) -> dict:
    return {name: value for name, value in given.items() if name != "camera"}


@transaction.atomic
def keep_pictures(messages: Sequence[tuple[dict, bytes]]) -> int:
    """Pictures of the pipeline become documents and rows; one that came before is known by its instant. How many were
    new."""
    found = [Arrived.of(said, body) for said, body in messages if body]
    devices = Device.objects.in_bulk({one.device for one in found})
    points = set(Point.objects.filter(pk__in={one.point for one in found}).values_list("pk", flat=True))
    there = set(
        Picture.objects.filter(device__in=devices, at__in={one.at for one in found}).values_list(
            "device", "point", "at"
        )
    )
    new = {one.key: one for one in found if one.device in devices and one.point in points and one.key not in there}
    documents = Document.objects.bulk_create(one.document(devices[one.device]) for one in new.values())
    Picture.objects.bulk_create(
        Picture(device_id=one.device, point_id=one.point, at=one.at, value=one.value, seen=one.seen, document=document)
        for one, document in zip(new.values(), documents, strict=True)
    )
    return len(new)


@dataclass(frozen=True)
class Arrived:
    device: int
    point: int
    at: datetime
    value: float
    seen: list
    body: bytes

    @classmethod
    def of(cls, said: dict, body: bytes) -> "Arrived":
        at = datetime.fromtimestamp(_number(said, "Anlan-At") / 1e6, UTC)
        seen, value = orjson.loads(said.get("Anlan-Seen") or "[]"), float(said.get("Anlan-Value") or 0)
        return cls(_number(said, "Anlan-Device"), _number(said, "Anlan-Point"), at, value, seen, body)

    @property
    def key(self) -> tuple[int, int, datetime]:
        return self.device, self.point, self.at

    def document(self, device: Device) -> Document:
        digest, size = store.keep([self.body], settings.DOCUMENT_BYTES)
        return Document(
            name=f"{device.name} {timezone.localtime(self.at):%Y-%m-%d %H-%M-%S}.jpg",
            media_type=JPEG.media_type,
            size=size,
            digest=digest,
            region=device.region,
            organisation=device.organisation,
        )


def _number(said: dict, name: str) -> int:
    value = said.get(name, "")
    return int(value) if value.isdecimal() else 0


def lay_picture_to_case(user, picture: Picture, case: Case) -> Case:
    """A picture in which something was found, as evidence of a case."""
    if not gates.pictures(user).filter(pk=picture.pk).exists():
        raise Refused(_("您的岗位看不到这台摄像机。"))
    return attach(case, user, [picture.document], _("识别画面：%(camera)s") % {"camera": picture.device.name})


def lay_to_case(user, camera: Camera, case: Case, *, clip: bool) -> Case:
    """What the camera sees now, or its last seconds, as evidence of a case."""
    if not gates.seen_by(user).filter(pk=camera.pk).exists():
        raise Refused(_("您的岗位看不到这台摄像机。"))
    sight = look(camera.pk, clip)
    if not sight.body:
        raise ValidationError(_("摄像机没有画面：%(state)s。") % {"state": plain(sight.state)})
    now = timezone.localtime()
    name = f"{camera.device.name} {now:%Y-%m-%d %H-%M-%S}.{'webm' if clip else 'jpg'}"
    with transaction.atomic():
        file = ContentFile(sight.body, name=name)
        document = add(user, file, region=case.region, organisation=case.organisation)
        words = _("视频截图：%(camera)s") if not clip else _("视频片段：%(camera)s")
        return attach(case, user, [document], words % {"camera": camera.device.name})


@transaction.atomic
def forget_old(now: datetime) -> int:
    """Pictures older than the configured days go, but those that were laid to a case."""
    old = Picture.objects.filter(at__lt=now - settings.PICTURE_TERM).exclude(
        document__in=CaseStep.documents.through.objects.values("document")
    )
    documents = list(old.values_list("document", flat=True)[:MOST_FORGOTTEN])
    Picture.objects.filter(document__in=documents).delete()
    Document.objects.filter(pk__in=documents).delete()
    return len(documents)
