"""The list of a corpus: which files there are, and what is expected of each."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Expected = Literal["accept", "accept_warn", "reject"]
EXPECTED: tuple[Expected, ...] = ("accept", "accept_warn", "reject")


class NoManifest(Exception):
    """The folder has no list that can be read; the message says what is wrong."""


@dataclass(frozen=True)
class Entry:
    """One file of the corpus."""

    file: str
    """Its path below the corpus, with slashes."""
    path: Path
    sha256: str
    kind: str
    expected: Expected

    @property
    def name(self) -> str:
        """What a person would call the file."""
        return self.file.rpartition("/")[2]

    def fault(self) -> str:
        """Why this file is not the one that is meant, or nothing."""
        if not self.path.is_file():
            return "is missing"
        with self.path.open("rb") as opened:
            found = hashlib.file_digest(opened, "sha256").hexdigest()
        return "" if found == self.sha256 else f"has sha256 {found[:12]}…, not {self.sha256[:12]}…"


def read_manifest(folder: Path) -> list[Entry]:
    """Every entry of `manifest.csv`, in its order. Raises `NoManifest`."""
    path = folder / "manifest.csv"
    try:
        with path.open(newline="", encoding="utf-8") as opened:
            entries = list(_entries(folder, csv.DictReader(opened)))
    except OSError as why:
        raise NoManifest(f"{path} cannot be read: {why.strerror}.") from why
    except (KeyError, UnicodeDecodeError, csv.Error) as why:
        raise NoManifest(f"{path} is no list of a corpus: {why}.") from why
    if not entries:
        raise NoManifest(f"{path} names no file.")
    return entries


def _entries(folder: Path, rows: "csv.DictReader[str]") -> Iterator[Entry]:
    for row in rows:
        expected = row["expected"]
        if expected not in EXPECTED:
            raise NoManifest(f"{row['file']}: {expected!r} is none of {', '.join(EXPECTED)}.")
        yield Entry(row["file"], folder / row["file"], row["sha256"], row["kind"], cast("Expected", expected))
