"""Passwords: argon2id, at a cost that two cores can bear while people sign in."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two passes take about 55 ms; a flood of sign-ins may not take all memory or every core.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
_NOBODY = _HASHER.hash("a password that nobody has")


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_bytes_of(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for a person who does not exist."""
    with _AT_ONCE:
        try:
            _HASHER.verify(password_hash or _NOBODY, _bytes_of(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def _bytes_of(password: str) -> bytes:
    """Any text that can be sent is a password, half characters too."""
    return password.encode("utf-8", "surrogatepass")
