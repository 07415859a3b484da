from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Filter, List, Menu
from anlan.watch.video import gates

LISTS = [
    List(
        name="cameras",
        title=_("摄像机"),
        gate=gates.seen_by,
        permission="video.see",
        columns=[
            Column("name", _("名称"), value=lambda camera: camera.device.name, link=True),
            Column("covers", _("监视范围"), sort=""),
            Column("transport", _("接入方式"), kind="choice"),
            Column("gb_id", _("国标编码"), kind="code"),
            Column("online", _("在线"), kind="flag", value=lambda camera: camera.device.online),
            Column("seen_at", _("最近上报"), kind="time", value=lambda camera: camera.device.seen_at),
            Column("organisation", _("单位"), kind="organisation", value=lambda camera: camera.device.organisation),
            Column("region", _("辖区"), kind="region", value=lambda camera: camera.device.region, default=False),
        ],
        filters=[
            Filter("transport", _("接入方式")),
            Filter("region", _("辖区"), kind="region", field="device__region"),
            Filter("organisation", _("单位"), kind="organisation", field="device__organisation"),
        ],
        search=("device__name", "device__code__startswith", "gb_id__startswith", "covers"),
        order=("device__code",),
        related=("device",),
        menu=Menu(group="sensing", order=35, icon="video"),
        empty=_("还没有摄像机。先登记“视频分析”类的设备，再登记它的视频流。"),
    ),
    List(
        name="camera-pictures",
        title=_("识别画面"),
        gate=gates.pictures,
        permission="video.see",
        columns=[
            Column("at", _("时间"), kind="time", link=True),
            Column("device", _("摄像机"), sort=""),
            Column("point", _("识别"), sort=""),
            Column("surest", _("置信度（%）"), kind="number", sort=""),
        ],
        filters=[
            Filter("at", _("时间"), kind="dates"),
            Filter("organisation", _("单位"), kind="organisation", field="device__organisation"),
        ],
        order=("-at", "-pk"),
        related=("device", "point"),
        menu=Menu(group="sensing", order=36, icon="photo"),
        empty=_("还没有识别出什么。摄像机看到侵入、脱岗、火焰或烟雾时，画面留在这里。"),
    ),
]
