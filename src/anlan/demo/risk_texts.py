"""What the demo's risk points say, read from `risk_points.yaml`: by kind of facility, and by kind of site."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from anlan.packs import load_yaml

FILE = Path(__file__).with_name("risk_points.yaml")


class Told(NamedTuple):
    """One kind of risk point. `scores` are L, E and C of LEC; a control is kind, text, what is checked, days."""

    kind: str
    name: str
    unit: str
    event: str
    factors: tuple[str, ...]
    accidents: tuple[str, ...]
    consequence: str
    scores: tuple[int, int, int]
    post: str
    handling: str
    controls: tuple[tuple[str, str, str, int], ...]


@cache
def of_facility() -> dict[str, Told]:
    content = load_yaml(FILE)
    return {kind: _told(row, content["handling"]) for kind, row in content["facilities"].items()}


@cache
def of_site() -> dict[str, tuple[Told, ...]]:
    content = load_yaml(FILE)
    points = {name: _told(row, content["handling"]) for name, row in content["points"].items()}
    return {site: tuple(points[name] for name in names) for site, names in content["sites"].items()}


def _told(row: dict, handling: dict) -> Told:
    return Told(
        **row
        | {
            "factors": tuple(row["factors"]),
            "accidents": tuple(row["accidents"]),
            "scores": tuple(row["scores"]),
            "handling": "\n".join(handling[row["handling"]]),
            "controls": tuple(map(tuple, row["controls"])),
        }
    )
