"""The migrations lead from nothing to exactly the tables of the models, and back, and survive a kill."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError

from assetlib.audit import append_chain, record
from assetlib.audit.recording import FIRST_HASH
from assetlib.database import Database
from assetlib.migrating import alembic_config
from assetlib.tables import METADATA
from tests import make
from tests.migrations.interrupted import migrate
from tests.migrations.shape import shape_of
from tests.racing import at_once

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def engine(nothing_url: str) -> Iterator[Engine]:
    opened = create_engine(nothing_url)
    yield opened
    opened.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
        )


def test_the_migrations_give_the_tables_of_the_models(nothing_url: str, engine: Engine) -> None:
    assert differences(engine), "the comparison finds something when no table is there"
    migrate(nothing_url)
    assert differences(engine) == []


def test_every_constraint_and_index_is_the_one_that_the_models_say(nothing_url: str, engine: Engine) -> None:
    METADATA.create_all(engine)
    with engine.connect() as connection:
        wanted = shape_of(connection)
    METADATA.drop_all(engine)
    migrate(nothing_url)
    with engine.connect() as connection:
        assert shape_of(connection) == wanted
    assert wanted["asset"]["foreign keys"]["fk_asset_current_version_id_version"][1] == "version"


def test_going_down_leaves_nothing_and_up_again_gives_all(nothing_url: str, engine: Engine) -> None:
    migrate(nothing_url)
    command.downgrade(alembic_config(nothing_url), "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(nothing_url)
    assert differences(engine) == []


def test_migrating_what_is_migrated_changes_nothing(nothing_url: str, engine: Engine) -> None:
    migrate(nothing_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET seq = 7"))
    migrate(nothing_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT seq FROM audit_head")) == 7


def test_the_migrations_stand_in_one_line() -> None:
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    assert len(script.get_heads()) == 1
    numbers = [each.revision for each in reversed(list(script.walk_revisions()))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_the_audit_log_begins_with_its_head(nothing_url: str, engine: Engine) -> None:
    migrate(nothing_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, seq, hash FROM audit_head")).all()
    assert [tuple(row) for row in rows] == [(1, 0, FIRST_HASH)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET reason = 'another'",
        "UPDATE audit_entry SET hash = hash",
        "DELETE FROM audit_entry",
        "UPDATE approval SET verdict = 'returned'",
        "UPDATE approval SET note = note",
    ],
)
def test_the_database_refuses_to_change_what_was_said(nothing_url: str, engine: Engine, change: str) -> None:
    migrate(nothing_url)
    _say_something(nothing_url)
    with pytest.raises(DatabaseError, match="only ever added"), engine.begin() as connection:
        connection.execute(text(change))


def test_the_database_refuses_to_empty_the_audit_log(nothing_url: str, engine: Engine) -> None:
    migrate(nothing_url)
    _say_something(nothing_url)
    empty = "TRUNCATE audit_entry" if engine.dialect.name == "postgresql" else "DELETE FROM audit_entry"
    with pytest.raises(DatabaseError, match="only ever added"), engine.begin() as connection:
        connection.execute(text(empty))


def test_an_approval_may_go_when_the_trash_is_emptied(nothing_url: str, engine: Engine) -> None:
    migrate(nothing_url)
    _say_something(nothing_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM approval"))
        assert connection.scalar(text("SELECT count(*) FROM approval")) == 0


def _say_something(url: str) -> None:
    """One entry of the audit log, and one approval with all that it stands on."""
    database = Database(url, before_commit=[append_chain])
    with database.transaction() as session:
        people = make.people(session)
        published = make.published(session, people.own, people.librarian)
        record(session, people.librarian, "test.said", published)
    database.close()


def interrupted(url: str, last: int) -> int:
    """Migrate in a process that dies before statement `last`; its exit status."""
    command_line = [sys.executable, "-m", "tests.migrations.interrupted", url, str(last)]
    return subprocess.run(command_line, cwd=ROOT, capture_output=True).returncode


def goes_on_after_a_kill(url: str, engine: Engine, *, step: int) -> int:
    """Kill again and again, each time some statements later, until it goes through; how many kills.

    A try begins where the last complete migration ended, so the count begins anew with each of them.
    """
    kills, last, reached = 0, step, revision(engine)
    while (status := interrupted(url, last)) != 0:
        assert status == -signal.SIGKILL
        before, reached = reached, revision(engine)
        kills, last = kills + 1, last + step if reached == before else step
    assert differences(engine) == []
    return kills


def revision(engine: Engine) -> str | None:
    """The last migration that is complete."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_an_upgrade_that_was_killed_goes_on(nothing_url: str, engine: Engine) -> None:
    assert goes_on_after_a_kill(nothing_url, engine, step=40) >= 2


@pytest.mark.proof
def test_an_upgrade_killed_before_any_statement_goes_on(nothing_url: str, engine: Engine) -> None:
    assert goes_on_after_a_kill(nothing_url, engine, step=1) >= 60


def test_those_who_migrate_at_once_do_not_get_in_each_others_way(nothing_url: str, engine: Engine) -> None:
    at_once(migrate, [(nothing_url,)] * 3)
    assert differences(engine) == []
