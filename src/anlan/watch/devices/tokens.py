"""Device tokens: shown once, kept only as a digest."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(18)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
