"""Run migrations on the database that `assetlib migrate` or a test names."""

from alembic import context
from sqlalchemy import create_engine, event, pool

from assetlib.tables import METADATA

config = context.config


def run() -> None:
    engine = create_engine(config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        # Each migration is one transaction on SQLite too: the driver must not commit before DDL.
        event.listen(engine, "connect", lambda connection, record: setattr(connection, "isolation_level", None))  # noqa: ARG005
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=engine.dialect.name == "sqlite",
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
