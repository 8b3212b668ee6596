"""Whoever changes the log, going round the database's own refusal, is found out."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text, update

from assetlib import clock
from assetlib.access.actor import SYSTEM, Actor
from assetlib.audit import append_chain, record, verify
from assetlib.audit.models import AuditEntry, AuditHead
from assetlib.audit.recording import SEALED, seal
from assetlib.audit.verifying import Verdict
from assetlib.database import Database

ENGINES = ("sqlite", "postgresql")

ENTRIES = cast("Table", AuditEntry.__table__)
HEAD = cast("Table", AuditHead.__table__)
LENGTH = 12
Row = dict[str, Any]


def verdict_of(database: Database) -> Verdict:
    with database.reading() as session:
        return verify(session)


@pytest.fixture
def chain(database: Database) -> list[Row]:
    """The rows of a chain of some length, as they were written."""
    began = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    for number in range(LENGTH):
        actor = Actor("person", "Ada", person_id=number % 3 or None, organisation_id=1, address="203.0.113.7")
        with clock.held_at(began + timedelta(minutes=number)), database.transaction() as session:
            record(
                session,
                actor,
                f"test.action_{number % 4}",
                ("asset", str(number)),
                before={"state": "draft", "number": number},
                after={"state": "published", "number": number + 1, "note": "é😀"},
                reason="because" if number % 2 else "",
            )
    assert verdict_of(database) == Verdict(LENGTH, None)
    with database.reading() as session:
        return [dict(row) for row in session.execute(select(ENTRIES).order_by(ENTRIES.c.seq)).mappings()]


def unguard(connection: Connection) -> None:
    """Take the database's own refusal away, as somebody with its password could."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
    else:
        for change in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_entry_no_{change}"))


def guard_again(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))


def put_back(connection: Connection, rows: list[Row]) -> None:
    connection.execute(delete(ENTRIES))
    connection.execute(insert(ENTRIES), rows)
    connection.execute(delete(HEAD))
    connection.execute(insert(HEAD), [{"id": 1, "seq": rows[-1]["seq"], "hash": rows[-1]["hash"]}])


def another(value: Any, chance: random.Random) -> Any:
    """A value of the same kind that is not this one."""
    if isinstance(value, dict):
        changed = dict(value)
        what = chance.choice(["drop", "add", "change"]) if changed else "add"
        if what == "drop":
            changed.pop(chance.choice(sorted(changed)))
        elif what == "add":
            changed[f"extra{chance.random()}"] = chance.choice([None, 1, "text", []])
        else:
            name = chance.choice(sorted(changed))
            changed[name] = another(changed[name], chance)
        return changed
    if isinstance(value, datetime):
        return value + chance.choice([-1, 1]) * timedelta(microseconds=chance.choice([1, 10**6, 10**10]))
    if isinstance(value, str):
        if value and chance.random() < 0.5:
            place = chance.randrange(len(value))
            letter = chance.choice([each for each in "0aZ é" if each != value[place]])
            return value[:place] + letter + value[place + 1 :]
        return value + chance.choice([" ", "a", "0"]) if len(value) < 60 else value[:-1]
    return (value or 0) + chance.choice([-1, 1, 1000])


def edit(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    row = chance.choice(rows)
    name = chance.choice([name for name in (*SEALED, "hash") if name != "seq"])
    connection.execute(
        update(ENTRIES).where(ENTRIES.c.seq == row["seq"]).values({name: another(row[name], chance)})
    )


def edit_and_seal_anew(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    """The forger knows how entries are sealed, but does not rewrite all that follows."""
    changed = dict(chance.choice(rows[:-1]))
    name = chance.choice([name for name in SEALED if name not in ("seq", "previous_hash")])
    changed[name] = another(changed[name], chance)
    changed["hash"] = seal(changed)
    connection.execute(update(ENTRIES).where(ENTRIES.c.seq == changed["seq"]).values(changed))


def remove(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    connection.execute(delete(ENTRIES).where(ENTRIES.c.seq == chance.choice(rows)["seq"]))


def remove_and_close_the_gap(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    gone = chance.choice(rows[:-1])["seq"]
    connection.execute(delete(ENTRIES).where(ENTRIES.c.seq == gone))
    for row in rows[gone:]:
        connection.execute(update(ENTRIES).where(ENTRIES.c.seq == row["seq"]).values(seq=row["seq"] - 1))


def truncate(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    connection.execute(delete(ENTRIES).where(ENTRIES.c.seq > chance.randrange(len(rows))))


def swap(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    """What two entries say changes places."""
    one, other = chance.sample(rows, 2)
    keep_hashes = chance.random() < 0.5
    for place, content in ((one, other), (other, one)):
        values = {**content, "seq": place["seq"]}
        if keep_hashes:
            values |= {name: place[name] for name in ("previous_hash", "hash")}
        connection.execute(update(ENTRIES).where(ENTRIES.c.seq == place["seq"]).values(values))


def repeat(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    """An entry is said a second time, at the end."""
    row = {**chance.choice(rows), "seq": len(rows) + 1}
    if chance.random() < 0.5:
        row["previous_hash"] = rows[-1]["hash"]
        row["hash"] = seal(row)
    connection.execute(insert(ENTRIES), [row])


def renumber(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    row = chance.choice(rows)
    connection.execute(
        update(ENTRIES).where(ENTRIES.c.seq == row["seq"]).values(seq=chance.choice([0, -1, len(rows) + 5]))
    )


def move_the_head(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    earlier = chance.choice(rows[:-1])
    values = chance.choice(
        [{"seq": earlier["seq"], "hash": earlier["hash"]}, {"seq": len(rows) + 1}, {"hash": earlier["hash"]}]
    )
    connection.execute(update(HEAD).values(values))


def lose_the_head(connection: Connection, rows: list[Row], chance: random.Random) -> None:
    connection.execute(delete(HEAD))


FORGERIES: list[Callable[[Connection, list[Row], random.Random], None]] = [
    edit,
    edit_and_seal_anew,
    remove,
    remove_and_close_the_gap,
    truncate,
    swap,
    repeat,
    renumber,
    move_the_head,
    lose_the_head,
]


def forge_and_verify(database: Database, rows: list[Row], *, times: int) -> None:
    chance = random.Random(20260102)
    with database.engine.begin() as connection:
        unguard(connection)
    for turn in range(times):
        forgery = FORGERIES[turn % len(FORGERIES)]
        with database.engine.begin() as connection:
            forgery(connection, rows, chance)
        verdict = verdict_of(database)
        assert verdict.fault, f"forgery {turn}, {forgery.__name__}, was not found"
        with database.engine.begin() as connection:
            put_back(connection, rows)
    with database.engine.begin() as connection:
        guard_again(connection)
    assert verdict_of(database) == Verdict(LENGTH, None), "what was put back is whole"


def test_forgeries_are_found(database: Database, chain: list[Row]) -> None:
    forge_and_verify(database, chain, times=60)


@pytest.mark.proof
def test_a_thousand_forgeries_are_found(database: Database, chain: list[Row]) -> None:
    forge_and_verify(database, chain, times=1_000)


@pytest.mark.parametrize("name", [*SEALED, "hash"])
def test_no_column_can_be_changed_unseen(database: Database, chain: list[Row], name: str) -> None:
    row = chain[4]
    with database.engine.begin() as connection:
        unguard(connection)
        value = 4711 if name == "seq" else another(row[name], random.Random(1))
        connection.execute(update(ENTRIES).where(ENTRIES.c.seq == row["seq"]).values({name: value}))
        guard_again(connection)
    verdict = verdict_of(database)
    assert verdict.fault is not None
    assert verdict.entries == 4, "the entries before it are whole"


def test_no_column_is_left_out_of_the_seal() -> None:
    assert {*SEALED, "hash"} == set(ENTRIES.c.keys())


@pytest.mark.parametrize(
    "damage",
    [
        "at = 'yesterday'",
        "at = 7",
        "changes = '{'",
        "changes = 'null'",
        "changes = changes || '1'",
        "actor_id = 'x'",
        "organisation_id = 'null'",
        "hash = x'ff'",
    ],
)
def test_what_cannot_be_read_is_found_too(sqlite_database: Database, damage: str) -> None:
    """SQLite keeps in a column whatever it is given."""
    with sqlite_database.transaction() as session:
        for number in range(6):
            record(session, SYSTEM, "test.done", ("number", str(number)))
    with sqlite_database.engine.begin() as connection:
        unguard(connection)
        connection.exec_driver_sql(f"UPDATE audit_entry SET {damage} WHERE seq = 5")
    assert verdict_of(sqlite_database).fault


def test_the_same_facts_in_other_spelling_are_whole(sqlite_database: Database) -> None:
    """As an earlier version kept them, and as PostgreSQL does."""
    facts: dict[str, Any] = {"title": "Küste", "after": {"b": 1.5, "a": None}, "number": 7}
    with sqlite_database.transaction() as session:
        record(session, SYSTEM, "test.done", ("number", "1"), **facts)
    with sqlite_database.engine.begin() as connection:
        unguard(connection)
        kept = connection.exec_driver_sql("SELECT changes FROM audit_entry").scalar_one()
        assert kept == '{"after":{"a":null,"b":1.5},"number":7,"title":"Küste"}'
        connection.exec_driver_sql("UPDATE audit_entry SET changes = ?", (json.dumps(facts),))
    assert verdict_of(sqlite_database) == Verdict(1, None)


@pytest.fixture
def sqlite_database(tmp_path: Path, empty_database_file: Path) -> Iterator[Database]:
    path = tmp_path / "own.sqlite"
    shutil.copyfile(empty_database_file, path)
    opened = Database(f"sqlite:///{path}", before_commit=[append_chain])
    yield opened
    opened.close()


def test_an_empty_chain_is_whole(database: Database) -> None:
    assert verdict_of(database) == Verdict(0, None)
    assert verdict_of(database).is_whole


def test_verifying_while_others_append_raises_no_false_alarm(database: Database, chain: list[Row]) -> None:
    with database.reading() as session:
        session.scalar(select(HEAD.c.seq))
        with database.transaction() as writing:
            record(writing, SYSTEM, "test.meanwhile", ("asset", "1"))
        assert verify(session) == Verdict(LENGTH, None)
    assert verdict_of(database) == Verdict(LENGTH + 1, None)
