"""SMS through the operator's HTTP gateway, described by a YAML file (ANLAN_SMS_GATEWAY), because no two are alike:

    method: POST
    url: https://sms.example/send
    headers: {Authorization: "Bearer ${SMS_KEY}"}
    json: {mobile: "{phone}", content: "{text}", id: "{number}"}     # or `form:` for form fields
    success: {path: code, equals: "0"}       # without it, any 2xx answer is success
    busy: ["42", "63"]                       # values at that path that mean "try again"
    receipt: data.id                         # where the gateway's own number stands

`${NAME}` is taken from the environment, so that the key is not in the file. `{phone}`, `{text}`, `{number}` are filled
in per message, as values, after the document has been parsed: a text cannot change the request's form.
"""

import os
import re
from functools import lru_cache
from pathlib import Path

import jsonschema
import yaml
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.notices.channels import Message, Passing, Permanent
from anlan.desk.notices.channels.answers import ask, at_path

NAME = "sms"
TITLE = gettext_lazy("短信")
LONGEST = 300
PHONE = re.compile(r"\+?[0-9]{5,15}")
SCHEMA = {
    "type": "object",
    "required": ["url"],
    "additionalProperties": False,
    "properties": {
        "method": {"enum": ["POST", "PUT", "GET"]},
        "url": {"type": "string", "pattern": "^https?://"},
        "headers": {"type": "object", "additionalProperties": {"type": "string"}},
        "json": {"type": "object"},
        "form": {"type": "object"},
        "success": {"type": "object", "required": ["path", "equals"]},
        "busy": {"type": "array"},
        "receipt": {"type": "string"},
    },
}


class GatewayProblem(ValueError):
    """The gateway's description cannot be used; the text says what to change."""


def ready() -> bool:
    return bool(settings.SMS_GATEWAY)


def address_of(user) -> str:
    phone = user.phone.replace(" ", "").replace("-", "")
    return phone if PHONE.fullmatch(phone) else ""


@lru_cache(maxsize=2)
def gateway(path: str, stamp: int) -> dict:
    """The description, read again when the file changes. Errors: GatewayProblem."""
    try:
        found = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        jsonschema.validate(found, SCHEMA)
    except jsonschema.ValidationError as error:
        raise GatewayProblem(
            f"{path}: at {'/'.join(map(str, error.absolute_path)) or 'top'}: {error.message}"
        ) from None
    except (OSError, yaml.YAMLError) as error:
        raise GatewayProblem(f"{path}: not readable as YAML: {type(error).__name__}") from None
    return found


def filled(value, names: dict[str, str]):
    """The description with `${NAME}` and `{name}` replaced inside its strings."""
    if isinstance(value, dict):
        return {key: filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if not isinstance(value, str):
        return value
    return re.sub(r"\$\{(\w+)\}|\{(phone|text|number)\}", lambda found: _named(found, names), value)


def _named(found: re.Match, names: dict[str, str]) -> str:
    if found[2]:
        return names[found[2]]
    if found[1] not in os.environ:
        raise GatewayProblem(f"the SMS gateway's description asks for the environment variable {found[1]}; set it")
    return os.environ[found[1]]


def send(message: Message) -> str:
    try:
        path = settings.SMS_GATEWAY
        described = gateway(path, Path(path).stat().st_mtime_ns)
        text = f"{message.title} {message.body}".strip()[:LONGEST]
        made = filled(described, {"phone": message.address, "text": text, "number": str(message.number)})
    except (GatewayProblem, OSError) as problem:
        raise Permanent(str(problem)[:250]) from None
    request = {"headers": made.get("headers", {})}
    if "json" in made:
        request["json"] = made["json"]
    if "form" in made:
        request["data" if made.get("method", "POST") != "GET" else "params"] = made["form"]
    answer = ask(made.get("method", "POST"), made["url"], **request)
    return _receipt(described, answer)


def _receipt(described: dict, answer) -> str:
    if "success" not in described and "receipt" not in described:
        return ""
    try:
        data = answer.json()
    except ValueError:
        raise Passing(_("网关的应答不是 JSON")) from None
    if success := described.get("success"):
        value = str(at_path(data, success["path"]))
        if value != str(success["equals"]):
            kind = Passing if value in map(str, described.get("busy", ())) else Permanent
            raise kind(_("网关拒绝：%(value)s") % {"value": value[:40]})
    return str(at_path(data, described["receipt"]) or "")[:120] if "receipt" in described else ""
