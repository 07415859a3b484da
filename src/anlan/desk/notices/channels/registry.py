"""All channels by name, read top to bottom."""

from types import ModuleType

from anlan.desk.notices.channels import email, sms, webhook

CHANNELS: dict[str, ModuleType] = {module.NAME: module for module in (sms, email, webhook)}
