"""A device's settings under ``opcua``, and what a status code says of a value. Pure.

    {"url": "opc.tcp://192.0.2.3:4840/path", "interval": 1000,
     "security": "Basic256Sha256,SignAndEncrypt,client.der,client.pem", "user": "reader", "password": "${PLC_PASSWORD}",
     "tags": [{"key": "level", "node": "nsu=urn:plant:tanks;s=T101.Level", "deadband": 0.1, "scale": 1, "offset": 0}]}

A namespace is named by its URI (``nsu=``), for its index (``ns=``) may change whenever the server starts. A password is
taken from the environment, so that it is in no database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from anlan.columns.readings import Quality
from anlan.wire.modbus.tags import number, whole

MOST_TAGS = 5_000
NODE = re.compile(r"(nsu=(?P<uri>[^;\s]{1,255});|ns=(?P<index>\d{1,5});)?(?P<kind>[isgb])=(?P<id>[^\s]{1,500})")
URL = re.compile(r"opc\.tcp://[^\s/:@]{1,255}(:\d{1,5})?(/[^\s]*)?")
FROM_ENVIRONMENT = re.compile(r"\$\{(\w{1,100})\}")
GOOD, SUBSTITUTED = Quality.GOOD.value, Quality.SUBSTITUTED.value


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    uri: str
    """Of the namespace; empty when ``node`` holds the index."""
    node: str
    """``s=T101.Level``, with ``ns=2;`` before it when the index is known."""
    deadband: float = 0.0
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Source:
    url: str
    interval: int
    """Milliseconds between two publications."""
    tags: tuple[Tag, ...]
    security: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    """``${NAME}`` of the environment."""


def read_settings(said: object) -> Source:
    """The source that a device's settings describe. Raises ValueError with the place and what may stand there."""
    if not isinstance(said, Mapping):
        raise ValueError("opcua: an object with url and tags is expected")
    strange = said.keys() - {"url", "interval", "security", "user", "password", "tags"}
    if strange:
        raise ValueError(f"opcua: {', '.join(map(repr, sorted(map(str, strange))))} is not known")
    url = said.get("url")
    if not isinstance(url, str) or not URL.fullmatch(url):
        raise ValueError("opcua: url is opc.tcp://host:port/path, without user and password in it")
    tags = said.get("tags")
    if not isinstance(tags, list) or not 0 < len(tags) <= MOST_TAGS:
        raise ValueError(f"opcua: tags are a list of 1 to {MOST_TAGS}")
    read = tuple(_tag(entry, f"opcua: tags[{place}]") for place, entry in enumerate(tags))
    if len({tag.key for tag in read}) != len(read):
        raise ValueError("opcua: a key stands in two tags")
    words = {name: said.get(name, "") for name in ("security", "user", "password")}
    if not all(isinstance(value, str) and len(value) <= 1_000 for value in words.values()):
        raise ValueError("opcua: security, user and password are texts")
    if words["password"] and not FROM_ENVIRONMENT.fullmatch(words["password"]):
        raise ValueError("opcua: password is written ${NAME} and taken from the environment")
    if words["security"] and len(words["security"].split(",")) < 4:
        raise ValueError("opcua: security is policy,mode,certificate,key")
    return Source(url, whole(said, "opcua", "interval", 1_000, 50, 3_600_000), read, **words)


def _tag(entry: object, where: str) -> Tag:
    if not isinstance(entry, Mapping) or entry.keys() - {"key", "node", "deadband", "scale", "offset"}:
        raise ValueError(f"{where}: key, node and, if you like, deadband, scale and offset")
    key, node = entry.get("key"), entry.get("node")
    if not isinstance(key, str) or not 0 < len(key) <= 64:
        raise ValueError(f"{where}: key is the key of a point")
    found = NODE.fullmatch(node) if isinstance(node, str) else None
    if found is None:
        raise ValueError(f"{where}: node is nsu=<namespace>;s=<name>, or with ns=<index>, and i=, g= or b=")
    name = f"{found['kind']}={found['id']}"
    return Tag(
        key,
        found["uri"] or "",
        f"ns={found['index']};{name}" if found["index"] else name,
        number(entry, where, "deadband", 0.0, 0.0, 1e12),
        number(entry, where, "scale", 1.0, -1e12, 1e12),
        number(entry, where, "offset", 0.0, -1e12, 1e12),
    )


def quality_of(status: int) -> int | None:
    """Quality of a value by its status code: its two highest bits are 00 good, 01 uncertain, 10 bad. None: no value."""
    return {0: GOOD, 1: SUBSTITUTED}.get(status >> 30 & 3)
