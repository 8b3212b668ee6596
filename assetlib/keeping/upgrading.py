"""Bring a place to this program's version, with a copy of its database taken before anything is changed."""

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from assetlib.house import DATABASE, database_url, make_home, open_house, with_secret_key
from assetlib.keeping import postgres
from assetlib.keeping.keys import make_keys
from assetlib.keeping.snapshot import copy_sqlite, sync_file
from assetlib.migrating import must_be_known, newest_revision, revision_in, upgrade
from assetlib.settings import Settings

KEPT = 3
"""Copies of before; older ones go."""
_COPY = re.compile(r"before-migration-(\w+)\.(sqlite|dump)")


def bring_to_this_version(settings: Settings, say: Callable[[str], None], *, copy_first: bool = True) -> bool:
    """Tables, keys and the attributes to begin with. What is there stays; saying it twice changes nothing.

    Whether there were no tables before.
    """
    make_home(settings)
    with_secret_key(settings)
    make_keys(settings.home)
    url = database_url(settings)
    before = _revision(url)
    must_be_known(before)
    _shut(settings, is_new=before is None)
    if copy_first and before not in (None, newest_revision()):
        copy_before(settings.home, url, str(before), say)
    upgrade(url)
    _lay(settings)
    return before is None


def _shut(settings: Settings, *, is_new: bool) -> None:
    """Let nobody else on this machine read the database; nor a folder that is only now taken into use."""
    files = [] if settings.database_url else list(settings.home.glob(f"{DATABASE}*"))
    with suppress(PermissionError):  # it is somebody else's, who has to see to it
        for each in files:
            each.chmod(0o600)
        if is_new:
            settings.home.chmod(0o700)


def copy_before(home: Path, url: str, revision: str, say: Callable[[str], None]) -> None:
    """Keep the database as it was at this revision, beside the few that were kept before it."""
    is_sqlite = url.startswith("sqlite")
    if not is_sqlite and not postgres.has("pg_dump"):
        say("pg_dump is not installed here, so no copy of the database was taken before the migration.")
        return
    target = home / f"before-migration-{revision}.{'sqlite' if is_sqlite else 'dump'}"
    growing = target.with_name(f"{target.name}.new")
    growing.unlink(missing_ok=True)
    if is_sqlite:
        database = Database(url)
        try:
            copy_sqlite(database, growing)
        finally:
            database.close()
    else:
        postgres.dump(url, growing)
    growing.chmod(0o600)
    sync_file(growing)
    growing.replace(target)
    sync_file(target)
    say(f"The database as it was is kept in {target}.")
    copies = sorted(each for each in home.iterdir() if _COPY.fullmatch(each.name))
    for each in copies[:-KEPT]:
        each.unlink()


def _revision(url: str) -> str | None:
    database = Database(url)
    try:
        with database.reading() as session:
            return revision_in(session)
    finally:
        database.close()


def _lay(settings: Settings) -> None:
    house = open_house(settings)
    house.store.prepare([settings.public_origin] if settings.public_origin else [])
    with house.database.transaction() as session:
        lay_schema(session)
    house.database.close()
