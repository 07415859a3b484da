"""What a browser calls itself, in words a person recognises. Pure."""

import re

BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Headless)?(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari/"),
)
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def in_words(agent: str) -> str:
    """Like "Chrome 156 · Windows"; what is not known is shown as it came, cut short."""
    browser = next((f"{name} {found[1]}" for name, form in BROWSERS if (found := re.search(form, agent))), "")
    system = next((name for name, form in SYSTEMS if re.search(form, agent)), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:60]
