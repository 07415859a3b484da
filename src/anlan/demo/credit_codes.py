"""Unified social credit codes (GB 32100-2015) that pass the check and cannot be real.

Characters 3 to 8 are the division code of the registering office. No division code begins with 99, so a code with
999901 there was never issued; the organisation part and the two check characters are computed as the standard says.
"""

from anlan.demo.divisions import DISTRICT_CODE

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ENTERPRISE = "91"  # registered by market supervision; enterprise
GOVERNMENT = "11"  # registered by the staffing office; government body
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_check(body: str) -> str:
    """Check character of the eight characters of an organisation code (GB 11714-1997): 0-9 or X."""
    total = sum(
        weight * ORGANISATION_ALPHABET.index(character)
        for weight, character in zip(ORGANISATION_WEIGHTS, body, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def check(first_17: str) -> str:
    """Check character of the first 17: weights are the powers of 3 modulo 31 (GB 32100-2015, 5)."""
    total = sum(pow(3, place, 31) * ALPHABET.index(character) for place, character in enumerate(first_17))
    return ALPHABET[(31 - total % 31) % 31]


def credit_code(kind: str, number: int) -> str:
    """The code of the `number`th body of a kind (ENTERPRISE or GOVERNMENT)."""
    body = f"MA{number:06d}" if kind == ENTERPRISE else f"{number:08d}"
    first = f"{kind}{DISTRICT_CODE}{body}{organisation_check(body)}"
    return first + check(first)
