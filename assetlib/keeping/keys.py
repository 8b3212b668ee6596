"""The key that signs backups. Its public half goes with them; the private one stays in HOME, in no backup."""

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from assetlib.errors import Conflict
from assetlib.house import keep_once

PRIVATE, PUBLIC = "backup_key", "backup_key.pub.pem"


class UnreadableKey(Conflict):
    """A file holds no Ed25519 key."""

    code = "unreadable_key"


class WrongSignature(Conflict):
    """What was signed was changed since, or somebody else signed it."""

    code = "wrong_signature"


def make_keys(home: Path) -> None:
    """Both halves in HOME, unless they are there; only the owner may read the private one."""
    if not (home / PRIVATE).exists():
        made = Ed25519PrivateKey.generate()
        keep_once(
            home / PRIVATE, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        )
    public = home / PUBLIC
    if not public.exists():
        keep_once(public, public_pem(private_key(home)).decode())
        public.chmod(0o644)


def private_key(home: Path) -> Ed25519PrivateKey:
    path = home / PRIVATE
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnreadableKey(
            f"{path} holds no key. Run `assetlib migrate`, which makes one if there is none."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnreadableKey(f"{path} holds a key of another kind than Ed25519.")
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public half that lies at this path."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise UnreadableKey(f"{path} holds no public key.") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UnreadableKey(f"{path} holds a key of another kind than Ed25519.")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def must_be_signed(key: Ed25519PublicKey, signature: bytes, content: bytes, name: str) -> None:
    """Nothing, or a refusal that names what was signed."""
    try:
        key.verify(signature, content)
    except InvalidSignature:
        raise WrongSignature(
            f"{name} was not signed with this key, or was changed since. Nothing of it was used."
        ) from None
