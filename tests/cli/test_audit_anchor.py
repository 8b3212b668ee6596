"""A signed head of the audit chain, kept elsewhere, finds what the chain itself cannot."""

from pathlib import Path

import pytest
from sqlalchemy import text

from assetlib.access.actor import SYSTEM
from assetlib.audit import record
from assetlib.audit.models import AuditEntry
from assetlib.cli import main
from assetlib.database import Database
from assetlib.house import open_house
from assetlib.settings import Settings
from tests.audit.test_verifying import unguard


@pytest.fixture
def home(tmp_path: Path, empty_database_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house with ten entries; the command finds it by its environment."""
    (tmp_path / "assetlib.sqlite").write_bytes(empty_database_file.read_bytes())
    monkeypatch.setenv("ASSETLIB_HOME", str(tmp_path))
    monkeypatch.setenv("ASSETLIB_SEARCH_KIND", "memory")
    more(tmp_path, 10)
    return tmp_path


def database(home: Path) -> Database:
    return open_house(Settings(home=home, search_kind="memory", secret_key="s" * 40)).database


def more(home: Path, count: int) -> None:
    with database(home).transaction() as session:
        for number in range(count):
            record(session, SYSTEM, "test.done", ("number", str(number)))


def cut_off_after(home: Path, seq: int) -> None:
    """As somebody with the database's password could: the end goes, and the head says so."""
    with database(home).engine.begin() as connection:
        unguard(connection)
        connection.execute(text(f"DELETE FROM audit_entry WHERE seq > {seq}"))
        connection.execute(
            text(
                f"UPDATE audit_head SET seq = {seq}, hash = (SELECT hash FROM audit_entry WHERE seq = {seq})"
            )
        )


def test_a_cut_off_end_is_found_by_an_anchor_only(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    anchors = home / "kept-elsewhere.jsonl"
    assert main(["audit", "anchor", "--to", str(anchors)]) == 0
    more(home, 3)
    assert main(["audit", "anchor", "--to", str(anchors)]) == 0
    assert main(["audit", "verify", "--against", str(anchors)]) == 0
    cut_off_after(home, 7)
    assert main(["audit", "verify"]) == 0, "the rest is a whole chain"
    capsys.readouterr()
    assert main(["audit", "verify", "--against", str(anchors)]) == 1
    said = capsys.readouterr().err
    assert said.count("is gone: the end was cut off") == 2
    assert "entry 10 was there on" in said


def test_a_chain_that_was_written_anew_is_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    anchors = home / "kept-elsewhere.jsonl"
    main(["audit", "anchor", "--to", str(anchors)])
    cut_off_after(home, 7)
    more(home, 20)
    assert main(["audit", "verify"]) == 0
    capsys.readouterr()
    assert main(["audit", "verify", "--against", str(anchors)]) == 1
    assert "entry 10 is not the one of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after"), [('"seq": 10', '"seq": 9'), ('"signature": "', '"signature": "A'), ('{"seq"', "seq")]
)
def test_an_anchor_that_was_changed_is_not_used(
    home: Path, capsys: pytest.CaptureFixture[str], before: str, after: str
) -> None:
    anchors = home / "kept-elsewhere.jsonl"
    main(["audit", "anchor", "--to", str(anchors)])
    anchors.write_text(anchors.read_text().replace(before, after))
    capsys.readouterr()
    assert main(["audit", "verify", "--against", str(anchors)]) == 2
    assert "line 1," in capsys.readouterr().err


def test_an_anchor_is_printed_where_no_file_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["audit", "anchor"]) == 0
    printed = capsys.readouterr().out
    with database(home).reading() as session:
        assert str(session.get_one(AuditEntry, 10).hash) in printed
