"""What the settings of a camera may be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

SCHEMES = {"rtsp", "rtsps", "http", "https"}
LEAST_EVERY, MOST_EVERY, USUAL_EVERY = 0.2, 60.0, 0.5
PICTURE_AT = {"intrusion": 0.5, "fire": 0.5, "smoke": 0.5, "absence": 120.0}
"""From which value on a finding is worth a picture, where the settings say nothing: configured."""


@dataclass(frozen=True, slots=True)
class Camera:
    """``url`` without name and password; ``every`` seconds between two frames that are looked at."""

    url: str
    every: float = USUAL_EVERY
    login: str = field(default="", repr=False)
    """Name and password, sealed."""
    model: str = ""
    detect: Mapping = field(default_factory=dict)

    def picture_at(self, key: str) -> float:
        return float((self.detect.get(key) or {}).get("picture_at", PICTURE_AT.get(key, 1.0)))


def read(given: Mapping) -> Camera:
    """Errors: ValueError, for a person, when this is no camera that can be looked at."""
    url = str(given.get("url", "")).strip()
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError(f"the address of a stream begins with {', '.join(sorted(SCHEMES))} and names a host")
    if parts.username or parts.password:
        raise ValueError("name and password do not belong in the address: enter them in their own field")
    try:
        every = float(given.get("every", USUAL_EVERY))
    except (TypeError, ValueError):
        every = 0.0
    if not LEAST_EVERY <= every <= MOST_EVERY:
        raise ValueError(f"every {given.get('every')!r}: {LEAST_EVERY} to {MOST_EVERY} seconds between two looks")
    model = str(given.get("model", ""))
    if model and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", model):
        raise ValueError("the name of a model is letters, digits, - and _")
    detect = given.get("detect") or {}
    if not isinstance(detect, Mapping):
        raise ValueError("what to detect is a table of detectors with their settings")
    return Camera(url, every, str(given.get("login", "")), model, detect)


def address(camera: Camera, login: str) -> str:
    """The address to open, with name and password in it: never to be logged."""
    if not login:
        return camera.url
    name, _, password = login.partition(":")
    parts = urlsplit(camera.url)
    return urlunsplit(parts._replace(netloc=f"{quote(name, safe='')}:{quote(password, safe='')}@{parts.netloc}"))
