"""Sparkplug B on the MQTT listener: the edge node is the device whose token opened the connection, the devices behind
it are its children by name, metrics are points by their names.

A node is known from its birth on and as long as this process lives; after a restart its first message makes the host
ask for the birth again. The request goes down the node's own connection, at most once in so many seconds.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

import orjson

from anlan.wire.sparkplug.session import Node, Said, rebirth_request
from anlan.wire.sparkplug.topics import COMMANDS, PREFIX, Topic, read_topic, state_asked, write_topic
from anlan.wire.thingsboard.payload import Unreadable

REBIRTH_EVERY = 10_000_000
"""Microseconds between two requests to one node: a node with thousands of metrics needs its time for a birth."""
MOST_NODES = 20_000
HOST = "anlan"
"""Under this name the host says that it is there, for nodes that wait for their primary host."""


@dataclass(slots=True)
class Session:
    name: tuple[str, str]
    """Group and edge node."""
    node: Node = field(default_factory=Node)
    asked: int = 0


class Sessions:
    """The nodes by the id of the device that speaks for each. The longest unheard is forgotten first."""

    def __init__(self) -> None:
        self._of_device: OrderedDict[int, Session] = OrderedDict()

    def hear(self, device: int, topic: str, payload: bytes) -> Said:
        """What a message says. Raises Unreadable for a topic or payload that says nothing."""
        parts = _parts(topic)
        return self._session(device, parts).node.hear(parts, payload)

    def read_again(self, device: int, topic: str, payload: bytes) -> Said:
        """The same for a message of earlier, leaving the session as it is."""
        parts = _parts(topic)
        return self._session(device, parts).node.read_again(parts, payload)

    def request(self, device: int, topic: str, now: int) -> tuple[str, bytes] | None:
        """Topic and payload that ask the node for its birth; None when it was asked lately."""
        parts = _parts(topic)
        session = self._session(device, parts)
        if 0 <= now - session.asked < REBIRTH_EVERY:
            return None
        session.asked = now
        asked, body = rebirth_request(parts, now // 1000)
        return write_topic(asked), body

    def _session(self, device: int, topic: Topic) -> Session:
        name = topic.group, topic.node
        session = self._of_device.get(device)
        if session is None or session.name != name:
            session = self._of_device[device] = Session(name)
            if len(self._of_device) > MOST_NODES:
                self._of_device.popitem(last=False)
        self._of_device.move_to_end(device)
        return session


def _parts(topic: str) -> Topic:
    parts = read_topic(topic)
    if parts is None:
        raise Unreadable("expected spBv1.0/<group>/<NBIRTH, NDATA, DBIRTH …>/<edge node>[/<device>]")
    if parts.verb in COMMANDS:
        raise Unreadable("commands go from the host to the node")
    return parts


def serves(topic: str) -> bool:
    """Whether a topic of the MQTT listener belongs to Sparkplug."""
    return topic.startswith(PREFIX)


def host_state(topic_filter: str, now: int) -> tuple[str, bytes] | None:
    """What a node that subscribes to the state of its primary host is told at once; ``now`` in microseconds."""
    host = state_asked(topic_filter)
    if host is None:
        return None
    name = HOST if host == "+" else host
    if topic_filter.startswith("STATE/"):  # as it was before version 3
        return f"STATE/{name}", b"ONLINE"
    return f"{PREFIX}STATE/{name}", orjson.dumps({"online": True, "timestamp": now // 1000})
