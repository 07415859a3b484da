"""Who may send bulletins, and which feeds are read: the file ANLAN_BULLETIN_SOURCES names.

county-met:
  title: 县气象局
  secret: ${MET_KEY}            # may POST to /bulletins/receive/county-met with `Authorization: Bearer …`
  feed: https://met.example/alerts.atom   # or a file; an index is followed to the same host only
  senders: ["36040341600000"]   # whose messages are taken; everybody's when left out
  region_codes: [LocationCode]  # further geocodes whose values are division codes
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

SHORTEST_SECRET = 16
FIELDS = {"title", "secret", "feed", "senders", "region_codes"}


class SourceProblem(ValueError):
    """The file cannot be used; the text says where and what to change, and no secret."""


@dataclass(frozen=True)
class Source:
    name: str
    title: str
    secret: str = field(default="", repr=False)
    feed: str = ""
    senders: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()


def sources() -> dict[str, Source]:
    """The declared sources by name; read again when the file has changed."""
    path = settings.BULLETIN_SOURCES
    return _loaded(path, os.stat(path).st_mtime_ns) if path else {}


@lru_cache(maxsize=2)
def _loaded(path: str, _changed: int) -> dict[str, Source]:
    return load(Path(path).read_text(encoding="utf-8"), os.environ)


def load(text: str, environment: Mapping[str, str]) -> dict[str, Source]:
    """Raises SourceProblem."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise SourceProblem(f"the bulletin sources are no YAML ({type(problem).__name__})") from None
    if not isinstance(document, dict | None):
        raise SourceProblem("write a source a name: {county-met: {title: …, secret: …}}")
    return {name: _source(name, entry, environment) for name, entry in (document or {}).items()}


def _source(name: object, entry: object, environment: Mapping[str, str]) -> Source:
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9-]{1,64}", name):
        raise SourceProblem(f"source {name!r}: its name becomes its address: small letters, digits and dashes")
    if not isinstance(entry, dict) or not entry.keys() <= FIELDS or not {"secret", "feed"} & entry.keys():
        raise SourceProblem(f"source '{name}': give title, secret or feed, and if you like senders, region_codes")
    secret = str(entry.get("secret", ""))
    if named := re.fullmatch(r"\$\{(\w+)\}", secret):
        secret = environment.get(named[1], "")
    if "secret" in entry and len(secret) < SHORTEST_SECRET:
        raise SourceProblem(f"source '{name}': a secret has at least {SHORTEST_SECRET} characters")
    lists = {key: tuple(str(one) for one in entry.get(key) or ()) for key in ("senders", "region_codes")}
    return Source(name, str(entry.get("title", name))[:64], secret, str(entry.get("feed", "")), **lists)
