"""What each command says and how it ends: 0 done, 1 found wanting, 2 could not be done."""

import argparse
import sqlite3
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from assetlib import cli
from assetlib.cli import NOUNS
from tests.cli.homes import assetlib

PASSWORD = "four words in a row"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    done = assetlib(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return folder


def test_migrating_twice_is_fine(home: Path) -> None:
    done = assetlib(home, "migrate")
    assert (done.returncode, done.stdout) == (0, "The database is at this version.\n")


def test_a_user_is_added_once(home: Path) -> None:
    add = ("user", "add", "ada@trial.example", "--name", "Ada Example", "--role", "administrator")
    done = assetlib(home, *add, NEW_PASSWORD=PASSWORD)
    assert (done.returncode, done.stdout) == (0, "ada@trial.example can sign in now.\n")
    again = assetlib(home, *add, NEW_PASSWORD=PASSWORD)
    assert again.returncode == 2
    assert "signs in with this address already" in again.stderr


def test_a_weak_password_and_an_unknown_organisation_are_refused(home: Path) -> None:
    add = ("user", "add", "bob@trial.example", "--name", "Bob", "--role", "librarian")
    weak = assetlib(home, *add, NEW_PASSWORD="short")
    assert (weak.returncode, weak.stdout) == (2, "")
    assert "at least 12 characters" in weak.stderr
    elsewhere = assetlib(home, *add, "--organisation", "Nobody & Sons", NEW_PASSWORD=PASSWORD)
    assert elsewhere.returncode in (0, 2)
    role = assetlib(home, "user", "add", "c@trial.example", "--name", "C", "--role", "emperor")
    assert role.returncode == 2


def test_a_password_is_set_for_those_who_are_there(home: Path) -> None:
    assert assetlib(home, "user", "password", "nobody@trial.example", NEW_PASSWORD=PASSWORD).returncode == 2


def test_a_person_comes_and_goes_by_commands(home: Path) -> None:
    first = ("user", "add", "root@trial.example", "--name", "Root", "--role", "administrator")
    assert assetlib(home, *first, NEW_PASSWORD=PASSWORD).returncode == 0
    invite = ("user", "invite", "eva@trial.example", "--name", "Eva Example", "--role")
    wrong = assetlib(home, *invite, "librarian@brand:none")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    done = assetlib(home, *invite, "librarian")
    assert done.stdout == "eva@trial.example is invited. The worker sends the mail.\n"
    listed = assetlib(home, "user", "list", "--state", "invited").stdout
    assert "eva@trial.example\tEva Example\tOur company\tinvited\tlibrarian\n" in listed
    assert assetlib(home, "user", "roles", "eva@trial.example", "--role", "planner").stdout == "planner\n"
    assert assetlib(home, "user", "suspend", "root@trial.example").returncode in (0, 2)
    closed = assetlib(home, "user", "close", "eva@trial.example")
    assert "eva@trial.example is closed." in closed.stdout, closed.stderr
    erased = assetlib(home, "user", "erase", "eva@trial.example", "--yes")
    assert erased.stdout.startswith("Erased. They are called Erased person "), erased.stderr
    assert assetlib(home, "user", "roles", "eva@trial.example").returncode == 2


def test_storage_is_scrubbed_and_swept(home: Path) -> None:
    scrubbed = assetlib(home, "storage", "scrub")
    assert (scrubbed.returncode, scrubbed.stdout) == (0, "0 files read, 0 damaged, 0 missing.\n")
    assert assetlib(home, "storage", "sweep").returncode == 0


def test_the_index_is_rebuilt_and_checked(home: Path) -> None:
    assert assetlib(home, "search", "rebuild").returncode == 0
    checked = assetlib(home, "search", "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Nothing to repair." in checked.stdout


def test_the_chain_is_whole_until_somebody_touches_it(tmp_path: Path) -> None:
    assert assetlib(tmp_path, "migrate").returncode == 0
    add = ("user", "add", "ada@trial.example", "--name", "Ada Example", "--role", "administrator")
    assert assetlib(tmp_path, *add, NEW_PASSWORD=PASSWORD).returncode == 0
    whole = assetlib(tmp_path, "audit", "verify")
    assert whole.returncode == 0
    assert "the chain is whole" in whole.stdout
    with sqlite3.connect(tmp_path / "assetlib.sqlite") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit_entry SET action = 'other' WHERE seq = 1")
    broken = assetlib(tmp_path, "audit", "verify")
    assert broken.returncode == 1
    assert "The chain is broken" in broken.stderr


def test_settings_that_do_not_fit_are_named(tmp_path: Path) -> None:
    done = assetlib(tmp_path, "migrate", ASSETLIB_STORE_KIND="tape", ASSETLIB_UNHEARD_OF="1")
    assert done.returncode == 2
    assert "ASSETLIB_STORE_KIND" in done.stderr
    assert "ASSETLIB_UNHEARD_OF" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["check", "strings"])
def test_a_corpus_that_is_not_there_is_told(tmp_path: Path, verb: str) -> None:
    done = assetlib(tmp_path, "corpus", verb, str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_asking_what_commands_there_are_reads_in_none_of_them() -> None:
    program = """
import sys
from assetlib.cli import NOUNS, main
try:
    main(["--help"])
except SystemExit as ended:
    assert ended.code == 0
read_in = {name for name in sys.modules if name.startswith("assetlib.")}
assert read_in == {"assetlib.cli", "assetlib.errors", "assetlib.settings"}, read_in
assert "sqlalchemy" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for noun, about in NOUNS.items():
        assert f"{noun} " in done.stdout
        assert about in done.stdout


def test_every_module_of_commands_is_one_of_them() -> None:
    folder = Path(str(cli.__file__)).parent
    modules = {path.stem for path in folder.glob("*.py") if "def add_to(" in path.read_text()}
    assert modules == set(NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_command_names_what_runs(noun: str) -> None:
    parser = argparse.ArgumentParser()
    import_module(f"assetlib.cli.{noun}").add_to(parser)
    verbs = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    parsers = list(verbs[0].choices.values()) if verbs else [parser]
    assert all(callable(each.get_default("run")) for each in parsers)
