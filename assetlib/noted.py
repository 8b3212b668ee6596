"""What HOME remembers of the last backup, so that /metrics can say how old it is."""

import json
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from assetlib.storage.durable import sync_folder, write_durably

LAST_BACKUP = "last-backup.json"


def note_backup(home: Path, taken_at: str, generation: Path) -> None:
    """Remember it, the old note or the new one at any moment."""
    growing = home / f"{LAST_BACKUP}.new"
    growing.unlink(missing_ok=True)
    write_durably(growing, [json.dumps({"taken_at": taken_at, "generation": str(generation)}).encode()])
    growing.replace(home / LAST_BACKUP)
    sync_folder(home)


def last_backup(home: Path) -> datetime | None:
    """When the last one was taken; None when there was none, or its note cannot be read."""
    with suppress(OSError, ValueError, KeyError):
        return datetime.fromisoformat(json.loads((home / LAST_BACKUP).read_text())["taken_at"])
    return None
