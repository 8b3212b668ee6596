"""The database: sessions, transactions, and the types that columns are made of.

Two ways in: `transaction()` for what changes something, `reading()` for what only looks. Nothing else in
the house commits. Measured on SQLite: with the driver's own defaults most concurrent updates are lost in
silence; with `BEGIN IMMEDIATE` for writers and plain `BEGIN` for readers none is.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Row,
    create_engine,
    event,
)
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import JSON, TypeDecorator

from assetlib.errors import Conflict, Unavailable
from assetlib.words import say

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is refused, because nobody can say when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a time zone was given: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every row of ours."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: Moment,
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[list[int]]: JSON,
        list[dict[str, Any]]: JSON,
    }


class StaleWrite(Conflict):
    """Somebody else changed the row between our reading and our writing, or was first to add its like."""

    code = "stale_write"


STALE = say("Someone changed this while you were at it. Look at it again, then repeat what you did.")


class Busy(Unavailable):
    """The database let nobody in for as long as we may wait."""

    code = "database_busy"


LARGEST_ID = 2**31 - 1
"""The largest key that a row can have; a database refuses to be asked for a larger one."""

BeforeCommit = Callable[[Session], None]


class Database:
    """One database and the two ways into it.

    `before_commit` is called in order inside each transaction, after the last flush: the place where the
    audit chain is appended.
    """

    def __init__(self, url: str, *, before_commit: Sequence[BeforeCommit] = ()) -> None:
        self.engine = _open(url)
        self._writer = self.engine.execution_options(assetlib_writes=True)
        # SQLite gives a reader one steady view by itself; PostgreSQL has to be asked.
        self._reader = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        self._before_commit = tuple(before_commit)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """All that is done inside happens, or nothing of it does."""
        session = Session(self._writer, expire_on_commit=False)
        try:
            yield session
            session.flush()
            for hook in self._before_commit:
                hook(session)
            session.commit()
        except StaleDataError as stale:
            session.rollback()
            raise StaleWrite(STALE) from stale
        except IntegrityError as error:
            session.rollback()
            if _is_outrun(error):
                raise StaleWrite(STALE) from error
            raise
        except OperationalError as error:
            session.rollback()
            if _is_busy(error):
                raise Busy(
                    say("The database is busy. Wait a moment and try again."), retry_after=5
                ) from error
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A steady view for looking at things. What is changed inside is thrown away; rows stay readable."""
        session = Session(self._reader, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            session.close()  # without rollback(), which would empty the rows that the caller took out

    def close(self) -> None:
        self.engine.dispose()


def rows_of(
    session: Session, statement: Executable, asked: Mapping[str, Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a statement over columns finds, as plain rows.

    For what every request asks: the way over the ORM costs several times as much, and gives the same here.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, asked).all()


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """A part of a transaction that may fail by itself: then nothing of it happens, and the rest goes on."""
    with session.begin_nested():
        yield


# PostgreSQL: deadlock found, serialisation failed, lock not available, too many connections, starting up.
_BUSY_STATES = frozenset({"40P01", "40001", "55P03", "53300", "57P03"})


def _is_busy(error: OperationalError) -> bool:
    """Whether the same again, a little later, may well go through."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _BUSY_STATES or "database is locked" in str(error.orig)


# What a check before an insert cannot rule out: another one with this key, or what it points to is gone.
_OUTRUN = frozenset(
    {
        "23505",
        "23503",
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
    }
)


def _is_outrun(error: IntegrityError) -> bool:
    """Whether somebody else was first; what else a constraint forbids is a fault of ours."""
    names = {getattr(error.orig, name, None) for name in ("sqlstate", "sqlite_errorname")}
    return not names.isdisjoint(_OUTRUN)


def _open(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=10, max_overflow=20, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.startswith("postgresql+psycopg"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True)
    scheme = url.split(":", maxsplit=1)[0]
    raise ValueError(f"ASSETLIB_DATABASE_URL must begin with sqlite or postgresql+psycopg, not {scheme!r}")


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ARG001
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Said to the driver itself: SQLAlchemy takes longer over these words than SQLite does.
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    if connection.get_execution_options().get("assetlib_writes"):
        # An acknowledged write survives a power cut; a reader has nothing to lose.
        driver.execute("PRAGMA synchronous=FULL")
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE"
        )  # which may find it busy, and says so in SQLAlchemy's way
    else:
        driver.execute("PRAGMA synchronous=NORMAL")
        driver.execute("BEGIN")
