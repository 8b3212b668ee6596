"""Run migrations on the database that `assetlib migrate` or a test names."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, create_engine, event, pool

from assetlib.database import Moment
from assetlib.tables import METADATA

LOCK = 7_226_043_181
"""The number under which migrations of one PostgreSQL database stand in line."""

config = context.config


def run() -> None:
    engine = create_engine(config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        # Each migration is one transaction on SQLite too: the driver must not commit before DDL.
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            _stand_in_line(connection)
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=engine.dialect.name == "sqlite",
            render_item=_render,
            transaction_per_migration=True,
            transactional_ddl=True,
            compare_type=True,
        )
        context.run_migrations()
    engine.dispose()


def _prepare_sqlite(connection: Any, record: Any) -> None:  # noqa: ARG001
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=30000")


def _stand_in_line(connection: Connection) -> None:
    """Two installations that start at once migrate one after the other. Let go when the connection closes."""
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
    connection.commit()


def _render(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:  # noqa: ARG001
    """A migration is frozen: it names plain types, not those of ours, which may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


run()
