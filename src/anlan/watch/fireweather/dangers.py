"""What the classes of danger are called and look like, from the least up: those of standards.fire_weather."""

from anlan.desk.wording import both
from anlan.standards.fire_weather import fwi

TITLES = {one.code: both(one.zh, one.en) for one in fwi.classes()}
LOOKS = {
    "low": ("green", "circle"),
    "moderate": ("blue", "square"),
    "high": ("yellow", "diamond"),
    "very_high": ("orange", "triangle"),
    "extreme": ("red", "star"),
}
