"""Who a device says it is in a protocol without tokens: how each protocol writes it, and which know a password."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SEPARATOR = ":"


@dataclass(frozen=True)
class Protocol:
    """`shape`: what stands after the colon, once `written` has put it into the form the gateway looks for."""

    example: str
    shape: str
    password: bool = False
    written: Callable[[str], str] = str


PROTOCOLS = {
    "gb26875": Protocol("gb26875:0000A1B2C3D4", r"[0-9A-F]{12}", written=lambda said: said.upper().zfill(12)),
    "jt808": Protocol("jt808:13970010203", r"[1-9][0-9]{0,19}", password=True, written=lambda said: said.lstrip("0")),
    "hj212": Protocol("hj212:3604000A1B2C3D", r"[^\s;&]{1,64}", password=True),
    "ctwing": Protocol("ctwing:10083920", r"\S+"),
    "huawei": Protocol("huawei:5f3c9e", r"\S+"),
    "onenet": Protocol("onenet:60293011", r"\S+"),
    "imei": Protocol("imei:861234050000017", r"[0-9]{14,16}"),
}


def written(identity: str) -> str:
    """The identity as the gateway looks for it; "" for none. Errors: ValueError with a sentence for the page."""
    identity = identity.strip()
    if not identity:
        return ""
    name, _separator, said = identity.partition(SEPARATOR)
    name = name.strip().lower()
    protocol = PROTOCOLS.get(name)
    if protocol is None:
        raise ValueError(_("前面要写协议，后接冒号。认得的协议：%(known)s。") % {"known": "、".join(PROTOCOLS)})
    said = protocol.written(said.strip())
    if not re.fullmatch(protocol.shape, said):
        raise ValueError(
            _("%(protocol)s 的标识写成这样：%(example)s。") % {"protocol": name, "example": protocol.example}
        )
    return f"{name}{SEPARATOR}{said}"


def knows_password(identity: str) -> bool:
    protocol = PROTOCOLS.get(identity.partition(SEPARATOR)[0])
    return bool(protocol and protocol.password)
