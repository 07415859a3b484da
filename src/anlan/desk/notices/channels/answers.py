"""What an HTTP answer means for a delivery. Pure but for the request itself."""

import logging

import httpx
from django.utils.translation import gettext as _

from anlan.desk.notices.channels import Passing, Permanent

SECONDS = 10.0
PASSING = {408, 409, 425, 429}

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes addresses, and with them keys in queries


def ask(method: str, url: str, **request) -> httpx.Response:
    """One request without following redirects. Errors: Passing, Permanent, neither with any part of the address."""
    try:
        answer = httpx.request(method, url, timeout=SECONDS, follow_redirects=False, **request)
    except httpx.TimeoutException:
        raise Passing(_("%(seconds)d 秒内没有应答") % {"seconds": SECONDS}) from None
    except httpx.InvalidURL:
        raise Permanent(_("配置的地址不是网址")) from None
    except httpx.HTTPError as error:
        raise Passing(_("连接不上：%(error)s") % {"error": type(error).__name__}) from None
    if answer.is_success:
        return answer
    kind = Passing if answer.status_code in PASSING or answer.status_code >= 500 else Permanent
    raise kind(_("对方应答 %(status)d") % {"status": answer.status_code})


def at_path(data, path: str):
    """The value at `a.b.0` in decoded JSON; None when there is none."""
    for part in path.split("."):
        if isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, dict):
            data = data.get(part)
        else:
            return None
    return data
