"""The second factor: time-based one-time codes (RFC 6238) and one-time recovery codes.

The secret lies encrypted in the database under a key derived from SECRET_KEY: a copy of the tables is not enough to
make codes. A code counts once: the time step it was made for is remembered, and no older one is taken again.
"""

import base64
import hashlib
import hmac
import secrets
import time

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anlan.desk.access.models import RecoveryCode, User
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import posts

STEP = 30
WINDOW = 1  # steps a phone's clock may be off
RECOVERY_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 i l, which look alike


def _derived(purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(settings.SECRET_KEY.encode())


def encrypt(secret: str) -> str:
    return Fernet(base64.urlsafe_b64encode(_derived(b"anlan second factor"))).encrypt(secret.encode()).decode()


def decrypt(token: str) -> str | None:
    """The secret, or None when it was encrypted under another SECRET_KEY."""
    try:
        return Fernet(base64.urlsafe_b64encode(_derived(b"anlan second factor"))).decrypt(token.encode()).decode()
    except InvalidToken:
        return None


def demanded(user: User) -> bool:
    """Does one of the person's posts ask for a second factor?"""
    return settings.SECOND_FACTOR and any(all_roles()[post.role].second_factor for post in posts(user))


def enrolled(user: User) -> bool:
    return bool(user.second_factor_secret)


def new_secret() -> str:
    return pyotp.random_base32()


def picture(secret: str, user: User, issuer: str) -> str:
    """The enrolment QR code as a data address of an SVG image."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=issuer)
    return segno.make(uri, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def matching_step(secret: str, code: str, now: float) -> int | None:
    """Pure: the time step this code was made for, if it is near now."""
    if len(code) != 6 or not code.isdecimal() or not code.isascii():
        return None
    current = int(now // STEP)
    for step in range(current - WINDOW, current + WINDOW + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP), code):
            return step
    return None


def accept(user: User, code: str) -> bool:
    """Takes a code once. The step is the lock: of two at one moment, one gets in."""
    secret = decrypt(user.second_factor_secret)
    step = matching_step(secret, tidy(code), time.time()) if secret else None
    if step is None:
        return False
    return bool(User.objects.filter(pk=user.pk, second_factor_last__lt=step).update(second_factor_last=step))


def tidy(code: str) -> str:
    return code.replace(" ", "").replace("-", "").strip().lower()


def _digest(code: str) -> str:
    return hmac.new(_derived(b"anlan recovery codes"), tidy(code).encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Replaces the person's recovery codes; these texts are shown once and kept nowhere."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def accept_recovery(user: User, code: str) -> bool:
    """Takes a recovery code once."""
    unused = RecoveryCode.objects.filter(user=user, digest=_digest(code), used_at=None)
    return len(tidy(code)) == 10 and bool(unused.update(used_at=timezone.now()))
