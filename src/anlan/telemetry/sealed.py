"""Secrets that must be used, not only compared, on their way through the broker: sealed under the installation's key.

A camera's or a plant server's password stands sealed in the device's settings, so that neither the database nor the
broker's files show it; who holds the installation's key opens it.
"""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken


class Unsealable(ValueError):
    """The seal is not of this installation's key, or it is none."""


def seal(secret: str, key: str) -> str:
    """The secret sealed under ``key``, as a text for a settings field."""
    return _box(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, key: str) -> str:
    """What was sealed. Errors: Unsealable."""
    try:
        return _box(key).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError, ValueError) as problem:
        raise Unsealable("the password was sealed under another key: enter it again") from problem


def installation_key(environment: Mapping[str, str], home: Path) -> str:
    """The key of this installation: ANLAN_SECRET_KEY, else the file its start made; empty where there is neither."""
    given = environment.get("ANLAN_SECRET_KEY", "")
    file = home / "secret-key"
    return given or (file.read_text().strip() if file.exists() else "")


def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"anlan sealed settings\n" + key.encode()).digest()))
