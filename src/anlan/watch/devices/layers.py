from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.watch.devices import gates
from anlan.watch.devices.models import Device
from anlan.watch.devices.profiles import all_profiles, title_of

PALETTE = ("teal", "cyan", "purple", "brown", "green", "pink", "blue", "orange", "red", "yellow", "grey", "black")


def _legend() -> tuple[Mark, ...]:
    """One mark a profile: its own shape, and the first colour that no other profile of that shape has."""
    taken: dict[str, int] = {}
    marks = []
    for code, profile in all_profiles().items():
        place = taken[profile.shape] = taken.get(profile.shape, -1) + 1
        marks.append(Mark(code, PALETTE[place % len(PALETTE)], profile.shape, profile.title_zh))
    return tuple(marks)


LAYERS = [
    Layer(
        name="devices",
        title=_("监测设备"),
        group=_("监测预警"),
        permission="devices.see",
        queryset=gates.seen_by,
        symbol="profile",
        legend=_legend(),
        columns={
            "profile": Column("profile", _("类型"), words={code: p.title_zh for code, p in all_profiles().items()}),
            "status": Column("status", _("状态"), words=dict(Device.Status.choices)),
        },
        filters=("profile", "status"),
        search=("name", "code", "initials"),
        facts=(
            (_("编号"), "code"),
            (_("类型"), lambda device: title_of(device.profile)),
            (_("状态"), lambda device: device.get_status_display()),
            (_("最近上报"), "seen_at"),
        ),
        detail="devices.item",
        size=3.5,
        min_zoom=11,
        order=60,
        changed="changed_at",
    )
]
