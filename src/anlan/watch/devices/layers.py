from django.db.models import Case, CharField, Value, When
from django.utils.translation import gettext_lazy as _

from anlan import packs
from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.desk.wording import title
from anlan.watch.devices import gates
from anlan.watch.devices.models import Device
from anlan.watch.devices.profiles import all_profiles, title_of

# There are more profiles than anybody tells apart; a mark says the class, the filter and the panel the profile.
LOOKS = {
    "process": ("teal", "circle"),
    "structure": ("brown", "diamond"),
    "water": ("blue", "hexagon"),
    "battery": ("green", "square"),
    "fire": ("red", "triangle"),
    "machine": ("purple", "pentagon"),
    "mobile": ("orange", "star"),
    "camera": ("pink", "cross"),
    "link": ("cyan", "down"),
}
CLASSES = {code: title(entry) for code, entry in packs.section("device_classes").items()}


def _class() -> Case:
    """The class of a device, by its profile."""
    of_class: dict[str, list[str]] = {}
    for code, profile in packs.section("profiles").items():
        of_class.setdefault(profile.get("class") or "", []).append(code)
    cases = [When(profile__in=codes, then=Value(name)) for name, codes in of_class.items() if name]
    return Case(*cases, default=Value(""), output_field=CharField())


def _legend() -> tuple[Mark, ...]:
    """One mark a class; a class a pack added itself is black, each with a shape of its own."""
    free = iter(("circle", "square", "triangle", "pentagon", "hexagon", "star", "cross", "down", "diamond"))
    looks = {name: LOOKS.get(name) or ("black", next(free)) for name in CLASSES}
    return tuple(Mark(name, *looks[name], CLASSES[name]) for name in CLASSES)


LAYERS = [
    Layer(
        name="devices",
        title=_("监测设备"),
        group=_("监测预警"),
        permission="devices.see",
        queryset=gates.seen_by,
        symbol="class",
        legend=_legend(),
        columns={
            "class": Column(_class(), _("类型"), words=CLASSES),
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
