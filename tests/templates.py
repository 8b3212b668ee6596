"""Databases to copy, so that a test does not pay for building the tables."""

from pathlib import Path

from sqlalchemy import text

import assetlib.tables  # noqa: F401
from assetlib.database import Base, Database


def sqlite_file(folder: Path) -> Path:
    path = folder / "empty.sqlite"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        session.execute(
            text("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, :zero)"), {"zero": "0" * 64}
        )
    database.close()  # the last one to leave writes the log back into the file
    return path
