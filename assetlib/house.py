"""The parts of one running assetlib, put together once: for the web, the worker and the commands alike."""

import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from assetlib import tables
from assetlib.audit import append_chain
from assetlib.database import Database
from assetlib.search.index import SearchIndex, open_index
from assetlib.search.sync import promise_refreshes
from assetlib.settings import Settings
from assetlib.storage.blobs import BlobStore
from assetlib.storage.opening import open_store


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
    settings.home.mkdir(parents=True, exist_ok=True)
    settings = with_secret_key(settings)
    database = Database(database_url(settings), before_commit=[append_chain])
    promise_refreshes(database)
    return House(settings, database, open_store(settings), open_index(settings))


def database_url(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.home.resolve() / 'assetlib.sqlite'}"


def with_secret_key(settings: Settings) -> Settings:
    """The settings with a secret key: the given one, or one made at the first start and kept in HOME."""
    if settings.secret_key:
        return settings
    path = settings.home / "secret_key"
    _keep_once(path, secrets.token_hex(32))
    return replace(settings, secret_key=path.read_text().strip())


def _keep_once(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)
