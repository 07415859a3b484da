"""UCUM codes as people read them. Inside and between systems a unit is its code; on a page it is a sign or a word."""

import re
from collections.abc import Mapping

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from anlan.desk.wording import title

SIGNS = {
    "1": "",
    "Cel": "℃",
    "deg": "°",
    "[ppm]": "ppm",
    "[ppb]": "ppb",
    "[ppth]": "‰",
    "10*-6": "10⁻⁶",
    "dB[SPL]": "dB",
    "dB[mW]": "dBm",
    "har": "ha",
    "[kn_i]": "kn",
}
WORDS = {
    "{person}": _("人"),
    "{count}": _("次"),
    "{household}": _("户"),
    "10*4.CNY": _("万元"),
    "10*8.CNY": _("亿元"),
    "CNY": _("元"),
    "d": _("天"),
    "a": _("年"),
    "min": _("分钟"),
    "h": _("小时"),
}
NOTE = re.compile(r"\{([^{}]*)\}")
EXPONENT = re.compile(r"(?<=[A-Za-z])[23](?![0-9])")
RAISED = {"2": "²", "3": "³"}


def _shown(unit: object) -> str:
    # What a declaration says may be a text that decides when it is shown.
    code = str(unit)
    if code in SIGNS:
        return SIGNS[code]
    if code in WORDS:
        return str(WORDS[code])
    plain = NOTE.sub(lambda found: str(WORDS.get(found[0], found[1])), code)
    if plain.startswith("ug"):
        plain = f"µ{plain[1:]}"
    return EXPONENT.sub(lambda found: RAISED[found[0]], plain)


shown = lazy(_shown, str)
"""`shown("mg/m3")` is mg/m³, `shown("{person}")` 人 or people; what it does not know stays as it is."""


def unit_title(entry: Mapping):
    """What a pack calls the unit of its entry, or else the sign of it."""
    return title(entry, "unit_title") if "unit_title" in entry else shown(entry.get("unit", ""))
