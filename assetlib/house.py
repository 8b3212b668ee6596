"""The parts of one running assetlib, put together once: for the web, the worker and the commands alike."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from assetlib import tables
from assetlib.audit import append_chain
from assetlib.database import Database
from assetlib.search.index import SearchIndex, open_index
from assetlib.search.sync import promise_refreshes
from assetlib.settings import SHORTEST_KEY, Settings, WrongSettings
from assetlib.storage.blobs import BlobStore
from assetlib.storage.durable import sync_folder
from assetlib.storage.opening import open_store

DATABASE = "assetlib.sqlite"
"""Name of the SQLite file in HOME."""
SECRET_KEY = "secret_key"  # noqa: S105  # the name of its file


@dataclass(frozen=True)
class House:
    """Settings, and what they open."""

    settings: Settings
    database: Database
    store: BlobStore
    index: SearchIndex


def open_house(settings: Settings) -> House:
    """Open database, file store and search index as the settings say; nothing falls back to another."""
    assert tables.METADATA.tables  # noqa: S101  # the mappers must be complete before the first session
    make_home(settings)
    settings = with_secret_key(settings)
    database = Database(database_url(settings), before_commit=[append_chain])
    promise_refreshes(database)
    return House(settings, database, open_store(settings), open_index(settings))


def make_home(settings: Settings) -> None:
    """HOME and the database file in it, readable by nobody else. What is there stays."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not settings.database_url and not (settings.home / DATABASE).exists():
        # SQLite gives the files beside it the same mode.
        (settings.home / DATABASE).touch(mode=0o600)


def database_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.home.resolve() / DATABASE}"


def with_secret_key(settings: Settings) -> Settings:
    """The settings with a secret key: the given one, or one made at the first start and kept in HOME."""
    if settings.secret_key:
        return settings
    path = settings.home / SECRET_KEY
    if not path.exists():
        keep_once(path, secrets.token_hex(32))
    kept = path.read_text().strip()
    if len(kept) < SHORTEST_KEY:
        raise WrongSettings(
            f"{path} holds no key of at least {SHORTEST_KEY} characters. Put the key back from a backup; "
            "or remove the file, and a new one is made: everybody signs in again then."
        )
    return replace(settings, secret_key=kept)


def keep_once(path: Path, text: str) -> None:
    """A file that is there wholly or not at all. Of several who come at once, one is first."""
    handle, temporary = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()
    sync_folder(path.parent)
