from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import Layer, Mark
from anlan.watch.devices import gates as device_gates
from anlan.watch.video import gates


def _placed(user):
    """Cameras stand where their devices do."""
    return device_gates.seen_by(user).filter(camera__in=gates.seen_by(user))


LAYERS = [
    Layer(
        name="cameras",
        title=_("摄像机"),
        group=_("监测预警"),
        permission="video.see",
        queryset=_placed,
        legend=(Mark("", "purple", "star", _("摄像机")),),
        search=("name", "code", "initials"),
        facts=(
            (_("编号"), "code"),
            (_("监视范围"), lambda device: device.camera.covers),
            (_("最近上报"), "seen_at"),
        ),
        detail="cameras.item",
        size=4,
        min_zoom=11,
        order=62,
        changed="changed_at",
    )
]
