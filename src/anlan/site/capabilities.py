"""Which capabilities there are: every folder of a storey is found, none is wired by hand."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
STOREYS = ("desk", "know", "prevent", "watch", "respond", "review", "engage")
WHOLE = ("flows", "onemap", "api", "demo")


def installed() -> list[str]:
    """Dotted names of all Django apps of the house, lower storeys first."""
    found = [
        f"anlan.{storey}.{folder.name}"
        for storey in STOREYS
        for folder in sorted((ROOT / storey).glob("[a-z]*"))
        if (folder / "__init__.py").exists() and folder.name != "tests"
    ]
    return found + [f"anlan.{name}" for name in WHOLE if (ROOT / name / "__init__.py").exists()] + ["anlan.site"]
