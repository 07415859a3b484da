from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.video import gates
from anlan.watch.video.forms import KINDS

MOST_CAMERAS, MOST_PICTURES = 8, 12


def _live(user, camera) -> dict:
    device = camera.device
    return {
        "camera": camera,
        "watched": bool(camera.url),
        "zones": [{"title": KINDS[key], "corners": each.get("zone") or []} for key, each in camera.detect.items()],
        "may_change": may_row(user, "video.change", device),
    }


def _pictures_of_camera(user, camera) -> dict | None:
    return _shown(gates.pictures(user).filter(device=camera.device).order_by("-at"))


def _pictures_of_alarm(user, alarm) -> dict | None:
    return _shown(gates.of_alarm(user, alarm))


def _of_case(user, case) -> dict | None:
    """Cameras of the place the case is about, to look and to lay what is seen to it."""
    cameras = list(gates.near(user, case).select_related("device").order_by("device__code")[:MOST_CAMERAS])
    return {"case": case, "cameras": cameras} if cameras else None


def _shown(pictures) -> dict | None:
    found = list(pictures.select_related("document", "point")[:MOST_PICTURES])
    return {"pictures": found} if found else None


def _of_facility(user, facility):
    return "cameras", gates.seen_by(user).filter(device__facility=facility)


def _of_enterprise(user, enterprise):
    return "cameras", gates.seen_by(user).filter(device__organisation=enterprise.code)


def _of_device(user, device):
    return "cameras", gates.seen_by(user).filter(device=device)


def _picture(user, picture) -> dict:
    return {"pictures": [picture], "whole": True}


PANELS = [
    Panel(
        name="live",
        on="cameras",
        title=_("实时画面"),
        order=10,
        permission="video.see",
        template="video/live.html",
        context=_live,
    ),
    Panel(
        name="head",
        on="cameras",
        title=_("摄像机"),
        order=20,
        permission="video.see",
        attributes=[
            Attribute("device", _("设备")),
            Attribute("covers", _("监视范围")),
            Attribute("transport", _("接入方式"), kind="choice"),
            Attribute("url", _("视频流地址"), kind="code"),
            Attribute("login", _("已存登录名和密码"), kind="flag", value=lambda camera: bool(camera.sealed_login)),
            Attribute("gb_id", _("国标编码"), kind="code"),
            Attribute("parent_gb_id", _("上级设备国标编码"), kind="code"),
            Attribute("maker", _("厂商")),
            Attribute("ptz", _("可控云台"), kind="flag"),
            Attribute("retention_days", _("录像保存天数"), kind="number"),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="pictures",
        on="cameras",
        title=_("识别画面"),
        order=30,
        permission="video.see",
        template="video/pictures.html",
        context=_pictures_of_camera,
    ),
    Panel(
        name="pictures",
        on="alarms",
        title=_("识别画面"),
        order=15,
        permission="video.see",
        template="video/pictures.html",
        context=_pictures_of_alarm,
    ),
    Panel(
        name="video",
        on="warnings",
        title=_("现场视频"),
        order=25,
        permission="video.see",
        template="video/of_case.html",
        context=_of_case,
    ),
    Panel(name="cameras", on="facilities", title=_("摄像机"), order=42, permission="video.see", rows=_of_facility),
    Panel(name="cameras", on="enterprises", title=_("摄像机"), order=46, permission="video.see", rows=_of_enterprise),
    Panel(name="cameras", on="devices", title=_("视频"), order=15, permission="video.see", rows=_of_device),
    Panel(
        name="head",
        on="camera-pictures",
        title=_("识别画面"),
        order=10,
        permission="video.see",
        template="video/pictures.html",
        context=_picture,
    ),
]
