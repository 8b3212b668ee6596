"""A drill finds nothing where all is well, and finds each thing that is not."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from assetlib.keeping import drilling
from assetlib.keeping.drilling import Asked, NotOurs, drill
from assetlib.keeping.putting_back import PutBack, restore
from assetlib.keeping.report import Report
from tests.keeping.places import Place, add_asset
from tests.keeping.test_taking import said, take


def checks_of(report: Report) -> dict[str, bool]:
    return {each.name: each.is_well for each in report.checks}


def test_all_is_well_and_the_report_says_what_was_tried(place: Place, tmp_path: Path) -> None:
    report = drill(place.house, Asked(tmp_path / "drill"), said)
    assert report.is_well, report.text()
    assert set(checks_of(report)) == {
        "signature", "tables", "files", "damage", "record", "index", "questions", "signing in", "downloads",
    }  # fmt: skip
    assert report.figures["downloads"] == 3
    assert report.figures["assets"] == 3
    assert report.figures["questions"] >= 3
    written = json.loads((tmp_path / "drill" / "report.json").read_text())
    assert written["is_well"] is True
    assert written["tables"]["asset"] == {"backup": 3, "place": 3}
    assert "All is there." in (tmp_path / "drill" / "report.txt").read_text()
    assert not (tmp_path / "drill" / "place").exists(), "nobody's files lie about"


def test_a_drill_of_a_backup_that_is_there_may_be_repeated(
    place: Place, backup: Path, tmp_path: Path
) -> None:
    take(place, backup)
    add_asset(place, b"came after the backup")
    for _ in range(2):
        report = drill(place.house, Asked(tmp_path / "drill", source=backup), said)
        assert report.is_well, report.text()
    assert not (tmp_path / "drill" / "backup").exists()


def test_a_folder_with_something_else_is_left_alone(place: Place, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(NotOurs):
        drill(place.house, Asked(tmp_path / "mine"), said)
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def _change(home: Path, statement: str) -> None:
    with sqlite3.connect(home / "assetlib.sqlite") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(statement)
    database.close()


def _lose_a_file(home: Path) -> None:
    path = next(path for path in (home / "files" / "blobs").rglob("original"))
    path.unlink()


def _flip_a_bit(home: Path) -> None:
    path = next(path for path in (home / "files" / "blobs").rglob("original"))
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_lose_a_file, {"files", "downloads"}),
        (_flip_a_bit, {"files", "downloads"}),
        (lambda home: _change(home, "UPDATE audit_entry SET action = 'other' WHERE seq = 1"), {"record"}),
        (lambda home: _change(home, "UPDATE asset SET title = 'Renamed' WHERE id = 1"), {"index"}),
        (lambda home: shutil.rmtree(home / "index"), {"index"}),
    ],
)
def test_what_goes_wrong_in_the_place_is_found(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None],
    found: set[str],
) -> None:
    def and_spoil(settings: object, *given: object, **more: object) -> PutBack:
        done = restore(settings, *given, **more)  # type: ignore[arg-type]  # as they came
        spoil(tmp_path / "drill" / "place")
        return done

    monkeypatch.setattr(drilling, "restore", and_spoil)
    report = drill(place.house, Asked(tmp_path / "drill"), said)
    assert not report.is_well
    assert found <= {name for name, is_well in checks_of(report).items() if not is_well}, report.text()
    assert "SOMETHING DIFFERS" in (tmp_path / "drill" / "report.txt").read_text()


def test_a_backup_that_cannot_be_put_back_is_a_difference(place: Place, backup: Path, tmp_path: Path) -> None:
    generation = take(place, backup).generation
    with (generation / "objects.tsv").open("a") as lines:
        lines.write("\n")
    report = drill(place.house, Asked(tmp_path / "drill", source=backup), said)
    assert checks_of(report) == {"restore": False}
    assert not json.loads((tmp_path / "drill" / "report.json").read_text())["is_well"]
