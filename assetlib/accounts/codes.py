"""Codes that prove that somebody holds their phone, or the list they kept for the day it is lost."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP = 30
"""Seconds for which a code is shown."""
NEIGHBOURS = 1
"""Steps before and after the present one whose codes are taken: clocks differ, and people type slowly."""
RECOVERY_CODES = 10
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 16


def sealing_key(secret_key: str, use: str = "second factor") -> bytes:
    """The key that secrets are encrypted with, drawn from the one of the settings, for this use alone."""
    drawn = HKDF(SHA256(), length=32, salt=None, info=f"assetlib {use}".encode()).derive(secret_key.encode())
    return base64.urlsafe_b64encode(drawn)


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def seal(secret: str, key: bytes) -> str:
    return Fernet(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, key: bytes) -> str | None:
    """The secret; None when it was encrypted with another key."""
    try:
        return Fernet(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The step of time to which the code belongs, now or a neighbour; None when it belongs to none."""
    tidy = code.replace(" ", "")
    if not re.fullmatch(r"[0-9]{6}", tidy):
        return None
    now, maker = int(moment.timestamp()) // STEP, pyotp.TOTP(secret)
    found = None
    for step in range(now - NEIGHBOURS, now + NEIGHBOURS + 1):
        if hmac.compare_digest(maker.generate_otp(step), tidy):
            found = step
    return found


def address_of(secret: str, *, email: str, house: str) -> str:
    """What the phone reads from the drawing: otpauth://…"""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=house)


def new_recovery_codes() -> list[str]:
    """Ten codes of 79 bits each, in groups that can be typed."""
    return [
        "-".join(
            "".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(4)) for _ in range(_RECOVERY_LENGTH // 4)
        )
        for _ in range(RECOVERY_CODES)
    ]


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code; however it was typed."""
    tidy = re.sub(r"[^a-z0-9]", "", code.lower())
    return hashlib.sha256(f"recovery\0{tidy}".encode()).hexdigest()
