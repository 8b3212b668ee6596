"""What a generation of a backup says of itself, signed.

    generations/<moment>/
      manifest.json         what follows, with the sha256 of the other two
      manifest.sig          Ed25519 over the bytes of manifest.json
      objects.tsv           key, size in bytes and sha256 of every object, one a line
      database.sqlite       or database.dump, of PostgreSQL
      backup_key.pub.pem    the public half, for convenience: trust the one that you keep elsewhere
    objects/ab/<id>-<name>  the objects themselves, shared by all generations

It is whole or it does not have its name: it grows as `<moment>.unfinished` and is renamed at the end.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assetlib.errors import Conflict
from assetlib.keeping.keys import PUBLIC, must_be_signed, public_pem
from assetlib.storage.blobs import CHUNK, checked_key
from assetlib.storage.durable import sync_folder, write_durably

FORMAT = 1
GENERATIONS, OBJECTS, UNFINISHED = "generations", "objects", ".unfinished"
MANIFEST, SIGNATURE, LIST = "manifest.json", "manifest.sig", "objects.tsv"
_NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BrokenBackup(Conflict):
    """A generation is not what it says of itself."""

    code = "broken_backup"


class Kept(NamedTuple):
    """One object. Size in bytes, sha256 in hex."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What was in the place when the snapshot was taken."""

    format: int
    taken_at: str
    program: str
    schema: str
    engine: str
    """`sqlite` or `postgresql`."""
    database_file: str
    database_sha256: str
    tables: dict[str, int]
    """Table → rows."""
    audit_seq: int
    audit_hash: str
    objects: int
    object_bytes: int
    objects_sha256: str
    """Of the list of objects, as a file."""
    damaged: list[str]
    """Keys whose bytes were known to be gone or changed, and that no earlier backup has."""


def write_manifest(folder: Path, manifest: Manifest, key: Ed25519PrivateKey) -> None:
    """Manifest, signature and public key, on the disk when this returns."""
    content = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode() + b"\n"
    write_durably(folder / MANIFEST, [content])
    write_durably(folder / SIGNATURE, [key.sign(content)])
    write_durably(folder / PUBLIC, [public_pem(key)])
    sync_folder(folder)


def read_manifest(folder: Path, key: Ed25519PublicKey) -> Manifest:
    """The manifest of a generation whose signature, list and database file are as they were signed."""
    manifest = read_signed(folder, key)
    must_be_list(folder, manifest)
    _must_be(folder / manifest.database_file, manifest.database_sha256)
    return manifest


def must_be_list(folder: Path, manifest: Manifest) -> None:
    """Nothing, or a refusal because the list of objects is not the one that the manifest speaks of."""
    _must_be(folder / LIST, manifest.objects_sha256)


def _must_be(path: Path, sha256: str) -> None:
    if not path.is_file() or sha256_of(path) != sha256:
        raise BrokenBackup(f"{path} is missing or was changed. Take another generation.")


def read_signed(folder: Path, key: Ed25519PublicKey) -> Manifest:
    """The manifest alone, if its signature is right."""
    try:
        content, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    except OSError as error:
        raise BrokenBackup(f"{folder} has no signed manifest. Take another generation.") from error
    must_be_signed(key, signature, content, str(folder / MANIFEST))
    said: dict[str, Any] = json.loads(content)
    if said.get("format") != FORMAT:
        raise BrokenBackup(f"{folder} was made by another assetlib, in a form that this one cannot read.")
    return Manifest(**said)


def write_list(path: Path, objects: Iterable[Kept]) -> None:
    write_durably(path, (f"{each.key}\t{each.size}\t{each.sha256}\n".encode("ascii") for each in objects))


def read_list(folder: Path) -> Iterator[Kept]:
    """The objects of a generation. Its list was compared with the manifest before."""
    with (folder / LIST).open(encoding="ascii") as lines:
        for line in lines:
            key, size, sha256 = line.rstrip("\n").split("\t")
            if not _SHA256.fullmatch(sha256):
                raise BrokenBackup(f"{folder / LIST} cannot be read.")
            yield Kept(checked_key(key), int(size), sha256)


def object_path(backup: Path, key: str) -> Path:
    """Where a backup keeps an object."""
    _, number, name = checked_key(key).split("/")
    return backup / OBJECTS / number[:2] / f"{number}-{name}"


def generations_in(backup: Path) -> list[Path]:
    """The whole ones, the oldest first."""
    folder = backup / GENERATIONS
    if not folder.is_dir():
        return []
    return sorted(
        (each for each in folder.iterdir() if _NAME.fullmatch(each.name)),
        key=lambda each: order_of(each.name),
    )


def order_of(name: str) -> tuple[str, int]:
    """By which generations are put in line."""
    moment, _, number = name.partition("-")
    return moment, int(number or 1)


def find_generation(backup: Path, name: str | None = None) -> Path:
    """The one of that name, or the newest."""
    found = generations_in(backup)
    if not found:
        raise BrokenBackup(f"There is no whole backup in {backup}.")
    if name is None:
        return found[-1]
    for each in found:
        if each.name == name:
            return each
    raise BrokenBackup(f"{backup} has no generation {name}. It has {', '.join(each.name for each in found)}.")


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()
