"""Topics of Sparkplug B: ``spBv1.0/<group>/<verb>/<edge node>[/<device>]``, and the state of the host."""

from typing import NamedTuple

PREFIX = "spBv1.0/"
NODE_VERBS = ("NBIRTH", "NDEATH", "NDATA", "NCMD")
DEVICE_VERBS = ("DBIRTH", "DDEATH", "DDATA", "DCMD")
COMMANDS = ("NCMD", "DCMD")


class Topic(NamedTuple):
    group: str
    verb: str
    node: str
    device: str
    """Empty when the node speaks of itself."""


def read_topic(topic: str) -> Topic | None:
    """The parts of a topic of a node or device; None for any other."""
    parts = topic.split("/")
    if len(parts) not in (4, 5) or parts[0] != "spBv1.0" or not all(parts):
        return None
    group, verb, node, device = (*parts[1:], "")[:4]
    return Topic(group, verb, node, device) if verb in (DEVICE_VERBS if device else NODE_VERBS) else None


def write_topic(topic: Topic) -> str:
    """The topic as text, ``spBv1.0/group/verb/node`` and the device where there is one."""
    return PREFIX + "/".join(part for part in topic if part)


def state_asked(topic_filter: str) -> str | None:
    """Which host's state a subscription asks for ("+" for any); None when it asks for none."""
    head, _, host = topic_filter.rpartition("/")
    return host if head in ("spBv1.0/STATE", "STATE") and host else None
