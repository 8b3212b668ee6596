"""What is recorded is appended when the transaction ends, sealed, and never when it fails."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import ANONYMOUS, SYSTEM, Actor
from assetlib.accounts.models import Organisation
from assetlib.audit import record, verify
from assetlib.audit.canonical import canonical
from assetlib.audit.models import AuditEntry, AuditHead
from assetlib.audit.recording import FIRST_HASH, network_of, plain
from assetlib.database import Database, StaleWrite
from assetlib.jobs.models import Schedule
from tests import make
from tests.audit.appending import append_many
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")

ACTOR = Actor(
    kind="person",
    name="Ada Example",
    person_id=7,
    organisation_id=3,
    organisation_kind="own",
    request_id="request-1",
    address="203.0.113.77",
)


def entries(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))


def is_whole(database: Database, *, entries: int) -> bool:
    with database.reading() as session:
        verdict = verify(session)
    assert verdict.fault is None
    return verdict.entries == entries


def test_an_entry_says_who_did_what_to_what(database: Database) -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
    with clock.held_at(moment), database.transaction() as session:
        row = make.organisation(session)
        record(
            session,
            ACTOR,
            "accounts.organisation_suspended",
            row,
            before={"state": "active"},
            after={"state": "suspended"},
            reason="Contract ended",
            code="c1",
        )
    (entry,) = entries(database)
    assert entry.seq == 1
    assert entry.at == moment
    assert (entry.actor_kind, entry.actor_id, entry.organisation_id) == ("person", 7, 3)
    assert (entry.address, entry.request_id) == ("203.0.113.0/24", "request-1")
    assert entry.action == "accounts.organisation_suspended"
    assert (entry.object_kind, entry.object_id) == ("organisation", str(row.id))
    assert entry.changes == {"before": {"state": "active"}, "after": {"state": "suspended"}, "code": "c1"}
    assert entry.reason == "Contract ended"
    assert entry.previous_hash == FIRST_HASH
    assert len(entry.hash) == 64
    assert "Ada" not in json.dumps([str(value) for value in vars(entry).values()]), "no name is written down"


def test_entries_follow_from_each_other_in_the_order_of_recording(database: Database) -> None:
    for first in (1, 3):
        with database.transaction() as session:
            for number in (first, first + 1):
                record(session, SYSTEM, "test.counted", ("number", str(number)))
    found = entries(database)
    assert [each.seq for each in found] == [1, 2, 3, 4]
    assert [each.object_id for each in found] == ["1", "2", "3", "4"]
    assert [each.previous_hash for each in found[1:]] == [each.hash for each in found[:-1]]
    with database.reading() as session:
        head = session.get_one(AuditHead, 1)
    assert (head.seq, head.hash) == (4, found[-1].hash)
    assert is_whole(database, entries=4)


def test_a_row_may_get_its_id_after_it_was_recorded(database: Database) -> None:
    with database.transaction() as session:
        row = Schedule(kind="catalog.purge_trash", every_seconds=60, next_at=clock.now())
        record(session, SYSTEM, "test.scheduled", row)
        session.add(row)
    (entry,) = entries(database)
    assert (entry.object_kind, entry.object_id) == ("schedule", "catalog.purge_trash")


def test_a_row_that_was_deleted_is_still_named(database: Database) -> None:
    with database.transaction() as session:
        row = make.organisation(session)
        session.delete(row)
        record(session, SYSTEM, "test.deleted", row)
    (entry,) = entries(database)
    assert (entry.object_kind, entry.object_id) == ("organisation", str(row.id))


def test_nothing_is_appended_when_the_transaction_fails(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012
        record(session, SYSTEM, "test.tried", ("number", "1"))
        raise ZeroDivisionError
    with pytest.raises(StaleWrite), database.transaction() as session:  # noqa: PT012
        record(session, SYSTEM, "test.tried", ("number", "2"))
        make.organisation(session, name="Twin")
        make.organisation(session, name="Twin")
    assert entries(database) == []
    with database.transaction() as session:
        record(session, SYSTEM, "test.done", ("number", "3"))
    assert [each.object_id for each in entries(database)] == ["3"]
    assert is_whole(database, entries=1)


def test_what_happened_is_not_committed_without_its_entry(database: Database) -> None:
    """The head is gone, so nothing can be appended; then nothing may happen either."""
    with database.transaction() as session:
        session.delete(session.get_one(AuditHead, 1))
    with pytest.raises(Exception, match="No row was found"), database.transaction() as session:  # noqa: PT012
        make.organisation(session, name="Unseen")
        record(session, SYSTEM, "test.tried", ("number", "1"))
    with database.reading() as session:
        assert session.scalars(select(Organisation)).all() == []


def test_a_transaction_without_a_record_leaves_the_head_alone(database: Database) -> None:
    with database.transaction() as session:
        make.organisation(session)
    with database.reading() as session:
        assert session.get_one(AuditHead, 1).seq == 0


@pytest.mark.parametrize(
    ("action", "thing"),
    [("a" * 65, ("kind", "1")), ("test.done", ("k" * 65, "1")), ("test.done", ("kind", "1" * 65))],
)
def test_names_that_no_column_holds_are_refused(
    database: Database, action: str, thing: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match="longer than 64"), database.transaction() as session:
        record(session, SYSTEM, action, thing)


def test_a_moment_in_another_zone_is_sealed_as_the_moment_it_is(database: Database) -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with clock.held_at(moment), database.transaction() as session:
        record(session, SYSTEM, "test.done", ("number", "1"))
    assert is_whole(database, entries=1)


STRANGE = "nul \0 · half \ud83d · other half \ude00 · both \ud83d\ude00 · 😀 · \u202e · é · e\u0301 · \x7f"


def test_strange_characters_are_kept_and_do_not_break_the_chain(database: Database) -> None:
    with database.transaction() as session:
        record(
            session,
            ACTOR,
            "test.named",
            ("name", STRANGE[:60]),
            after={"title": STRANGE, STRANGE: [STRANGE]},
            reason=STRANGE,
        )
    (entry,) = entries(database)
    kept = "nul \0 · half \ud83d · other half \ude00 · both 😀 · 😀 · \u202e · é · e\u0301 · \x7f"
    assert entry.changes["after"] == {"title": kept, kept: [kept]}
    assert entry.reason == "nul \ufffd · half ? · other half ? · both ?? · 😀 · \u202e · é · e\u0301 · \x7f"
    assert is_whole(database, entries=1)


class Colour(StrEnum):
    RED = "red"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(alphabet=st.characters())
    | st.text(alphabet="\ud83d\ude00\udfff\0é")
    | st.binary(max_size=4)
    | st.decimals(allow_nan=True)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.sampled_from(Colour)
    | st.frozensets(st.none() | st.integers() | st.text(max_size=2) | st.booleans(), max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers() | st.none(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(value=VALUES)
def test_plain_values_pass_through_json_unchanged(value: Any) -> None:
    once = plain(value)
    assert json.loads(json.dumps(once, allow_nan=False)) == once
    assert plain(once) == once


@given(value=VALUES)
def test_what_is_sealed_is_json_with_sorted_names_and_no_blanks(value: Any) -> None:
    """As it always was: a chain of years ago must verify."""
    once = plain(value)
    assert canonical(once) == json.dumps(
        once, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=VALUES)
def test_whatever_is_recorded_verifies(database: Database, value: Any) -> None:
    with database.transaction() as session:
        record(session, SYSTEM, "test.valued", ("number", "1"), after={"value": value})
    with database.reading() as session:
        assert verify(session).fault is None


def test_plain_values() -> None:
    assert plain({"a": (1, {3, 1, 2}), 5: Decimal("1.50"), None: float("inf")}) == {
        "a": [1, [1, 2, 3]],
        "5": "1.50",
        "None": "inf",
    }
    assert plain(date(2026, 2, 3)) == "2026-02-03"
    assert plain({None, "a", 1}) == plain({1, None, "a"})


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_is_cut_to_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_nobody_in_particular_is_an_actor_too(database: Database) -> None:
    with database.transaction() as session:
        record(session, ANONYMOUS, "test.knocked", ("door", "1"))
    (entry,) = entries(database)
    assert (entry.actor_kind, entry.actor_id, entry.organisation_id) == ("anonymous", None, None)


def appended_by_all(url: str, database: Database, *, writers: int, turns: int) -> None:
    at_once(append_many, [(url, writer, turns) for writer in range(writers)])
    found = entries(database)
    assert [each.seq for each in found] == list(range(1, writers * (turns + -(-turns // 3)) + 1))
    for writer in range(writers):
        own = [each.changes["turn"] for each in found if each.object_id == str(writer)]
        assert own == sorted(own), "each writer's entries stand in its own order"
        assert set(own) == set(range(turns))
    assert is_whole(database, entries=len(found))


def test_many_processes_append_one_chain_without_gaps(database_url: str, database: Database) -> None:
    appended_by_all(database_url, database, writers=3, turns=12)


@pytest.mark.proof
def test_many_processes_append_one_long_chain_without_gaps(database_url: str, database: Database) -> None:
    appended_by_all(database_url, database, writers=8, turns=300)
