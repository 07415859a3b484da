"""Sector templates as packs declare them in `templates.yaml`; docs/packs.md explains every word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.wording import title
from anlan.standards.risk_grading.methods import METHODS


@dataclass(frozen=True, kw_only=True)
class Post:
    name: str
    level: str
    duties: str
    standard: str


@dataclass(frozen=True, kw_only=True)
class Control:
    kind: str
    text: str
    check: str
    level: str
    post: str
    every: int
    clause: str


@dataclass(frozen=True, kw_only=True)
class Event:
    unit: str
    way: str
    name: str
    factors: tuple[str, ...]
    types: tuple[str, ...]
    consequence: str
    scores: Mapping[str, float]
    controls: tuple[Control, ...]

    @property
    def level(self) -> int:
        """What the proposed scores amount to."""
        return int(METHODS["lec"].evaluate(self.scores, "").value)


@dataclass(frozen=True, kw_only=True)
class Point:
    code: str
    kind: str
    name: str
    post: str
    level: str
    handling: tuple[str, ...]
    events: tuple[Event, ...]

    @property
    def gravest(self) -> int:
        return min(event.level for event in self.events)

    @property
    def controls(self) -> list[Control]:
        return [control for event in self.events for control in event.controls]


@dataclass(frozen=True, kw_only=True)
class Template:
    code: str
    title: Any
    about: Any
    source: str
    status: str
    edition: str
    order: int
    categories: tuple[str, ...]
    posts: tuple[Post, ...]
    points: tuple[Point, ...]

    def posts_of(self, codes: Iterable[str]) -> list[Post]:
        """The posts that the chosen points need, and those who answer for the whole."""
        chosen = [point for point in self.points if point.code in set(codes)]
        needed = {point.post for point in chosen} | {c.post for point in chosen for c in point.controls}
        return [post for post in self.posts if post.name in needed or post.level == "company"]


@cache
def templates() -> dict[str, Template]:
    """All templates in order. Errors: PackError for a post nobody describes, or a code that stands twice."""
    found = {code: _template(code, entry) for code, entry in packs.section("templates").items()}
    if wrong := [fault for one in found.values() for fault in faults(one)]:
        raise packs.PackError("templates.yaml: " + "; ".join(wrong))
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def faults(template: Template) -> list[str]:
    """What a schema cannot see, in sentences."""
    posts, codes = {post.name for post in template.posts}, [point.code for point in template.points]
    found = [f"point '{code}' stands twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    for point in template.points:
        asked = {point.post} | {control.post for control in point.controls}
        found += [f"point '{point.code}' names the post '{post}', which is not described" for post in asked - posts]
    return [f"'{template.code}': {fault}" for fault in found]


def _template(code: str, entry: Mapping) -> Template:
    return Template(
        code=code,
        title=title(entry),
        about=title(entry, "about"),
        source=entry["source"],
        status=entry["status"],
        edition=entry.get("edition", ""),
        order=entry.get("order", 100),
        categories=tuple(entry.get("categories", ())),
        posts=tuple(Post(**post) for post in entry["posts"]),
        points=tuple(_point(point) for point in entry["points"]),
    )


def _point(entry: Mapping) -> Point:
    return Point(
        code=entry["code"],
        kind=entry["kind"],
        name=entry["name"],
        post=entry["post"],
        level=entry["level"],
        handling=tuple(entry.get("handling", ())),
        events=tuple(_event(event) for event in entry["events"]),
    )


def _event(entry: Mapping) -> Event:
    return Event(
        unit=entry["unit"],
        way=entry.get("way", "checklist"),
        name=entry["name"],
        factors=tuple(entry.get("factors", ())),
        types=tuple(entry["types"]),
        consequence=entry.get("consequence", ""),
        scores=dict(zip("LEC", entry["lec"], strict=True)),
        controls=tuple(Control(**({"clause": ""} | control)) for control in entry["controls"]),
    )
