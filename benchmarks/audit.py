"""How long it takes to verify the record of what happened, beside the bare sum over the same bytes.

    .venv/bin/python benchmarks/audit.py [entries]

Two figures of one run on one machine: their ratio says what reading and comparing add to hashing, and holds
on other machines too.
"""

import hashlib
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from assetlib.access.actor import Actor
from assetlib.audit import append_chain, record, verify
from assetlib.audit.models import AuditEntry
from assetlib.audit.recording import SEALED
from assetlib.database import Base, Database

ENTRIES = 100_000
AT_ONCE = 5_000
HOUSE = 1_000_000
"""A record that a large house has after some years."""


def main(entries: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'audit.sqlite'}", before_commit=[append_chain])
        _fill(database, entries)
        sealed = _bytes_of(database)
        bare = _bare(sealed)
        began, worked = time.perf_counter(), time.process_time()
        with database.reading() as session:
            verdict = verify(session)
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        database.close()
    assert verdict.is_whole, verdict.fault
    assert verdict.entries == entries
    each = seconds / entries
    print(f"{entries:,} entries of {sum(map(len, sealed)) // entries} bytes, {os.cpu_count()} cores")
    print(f"verified in {seconds:.2f} s: {each * 1e6:.1f} µs each, {each * HOUSE:.1f} s for {HOUSE:,}")
    print(f"of the processor {worked:.2f} s: {worked / entries * HOUSE:.1f} s for {HOUSE:,}")
    print(f"sha256 of the same bytes {bare:.2f} s: {bare / entries * 1e6:.2f} µs each")
    print(f"ratio {seconds / bare:.1f}")
    return 0


def _fill(database: Database, entries: int) -> None:
    Base.metadata.create_all(
        database.engine, tables=[Base.metadata.tables[name] for name in ("audit_entry", "audit_head")]
    )
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
    actor = Actor(
        kind="person", name="Ada", person_id=7, organisation_id=1, address="192.0.2.7", request_id="a" * 32
    )
    for first in range(0, entries, AT_ONCE):
        with database.transaction() as session:
            for number in range(first, min(first + AT_ONCE, entries)):
                record(
                    session,
                    actor,
                    "catalog.asset_described",
                    ("asset", str(number)),
                    before={"title": f"Ridge at dusk {number}", "tags": ["coast"]},
                    after={"title": f"Ridge at dawn {number}", "tags": ["coast", "autumn"]},
                )


def _bytes_of(database: Database) -> list[bytes]:
    table = AuditEntry.__table__
    with database.engine.connect() as connection:
        rows = connection.execute(
            select(*(table.c[name] for name in SEALED)).order_by(table.c.seq)
        ).mappings()
        return [
            json.dumps({**row, "at": row["at"].isoformat()}, sort_keys=True, separators=(",", ":")).encode()
            for row in rows
        ]


def _bare(sealed: list[bytes]) -> float:
    began = time.perf_counter()
    for each in sealed:
        hashlib.sha256(each).hexdigest()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES))
