"""Strict readers of ANLAN_* environment variables. A wrong value stops the start with its name, value and a hint."""

import os
import secrets
from pathlib import Path

MISCONFIGURED = 78  # exit code, EX_CONFIG of sysexits.h: starting again would not help


class EnvironmentProblem(SystemExit):
    """The platform cannot start with this environment; the text says which variable and what it may be."""

    def __init__(self, name: str, value: str, hint: str):
        super().__init__(f"{name}={value!r} cannot be used: {hint}")


def text(name: str, default: str) -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentProblem(name, value, "write 'yes' or 'no'")


def number(name: str, default: int, low: int, high: int) -> int:
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.isdecimal() or not low <= int(value) <= high:
        raise EnvironmentProblem(name, value, f"write a whole number from {low} to {high}")
    return int(value)


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def home() -> Path:
    """The folder that holds everything the platform writes."""
    path = Path(os.environ.get("ANLAN_HOME", "var")).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret(file: Path) -> str:
    """A secret made on first use and kept in a file only its owner may read."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
