"""Databases with every table and no row but the seeds, so that a test does not pay for the migrations."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url

from assetlib.database import Database
from assetlib.migrating import alembic_config


def sqlite_file(base: Path) -> Path:
    """A migrated SQLite file, made by the first process of this run and shared by all of them."""
    path = base / "empty.sqlite"
    with alone(base / "empty.lock"):
        if not path.exists():
            unfinished = base / "unfinished.sqlite"
            command.upgrade(alembic_config(f"sqlite:///{unfinished}"), "head")
            database = Database(f"sqlite:///{unfinished}")
            database.engine.connect().close()  # the file says from now on that it has a log
            database.close()
            unfinished.rename(path)
    return path


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of this run: under xdist, the parent of each worker's own."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold off the other processes of this run while the block lasts."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def postgres_database(server: str, *, migrated: bool = True) -> Iterator[str]:
    """The address of a new database on this server; it is dropped in the end."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            if migrated:
                command.upgrade(alembic_config(url), "head")
            yield url
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def empty_again(connection: Connection) -> None:
    """Throw away every row of a PostgreSQL database but the seeds, and let its numbers begin anew.

    Only where there is something: to truncate all tables means new files for each, and that took longer than
    most tests. As a replica the server asks neither foreign keys nor the triggers of the audit log.
    """
    names = [each for each in inspect(connection).get_table_names() if each != "alembic_version"]
    asked = " UNION ALL ".join(f"SELECT '{each}' WHERE EXISTS (SELECT 1 FROM {each})" for each in names)
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for each in connection.scalars(text(asked)).all():
        connection.execute(text(f"DELETE FROM {each}"))  # a name of ours
    connection.execute(
        text(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"
            " WHERE last_value IS NOT NULL"
        )
    )
    connection.execute(
        text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :zeros)"), {"zeros": "0" * 64}
    )
    connection.execute(text("SET LOCAL session_replication_role = origin"))
