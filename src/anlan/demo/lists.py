"""The menu entry of the scenarios: there only where a demo district was loaded."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Entry

PERMISSION = "demo.play"
LOADED = settings.HOME / "demo-accounts.json"

MENU = (
    [Entry(_("演示场景"), "scenarios", PERMISSION, group="system", order=95, icon="target")] if LOADED.exists() else []
)
