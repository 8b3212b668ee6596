"""A small corpus written in code."""

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path


def write_list(folder: Path, files: Sequence[tuple[str, bytes, str]]) -> None:
    """Files (path, content, what is expected) with their list, below `folder`."""
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(("file", "sha256", "bytes", "kind", "licence", "special", "expected", "observed"))
        for name, content, expected in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            rows.writerow((name, digest, len(content), "made", "CC0-1.0", "", expected, ""))
