"""Whoever runs assetlib is told in a sentence what is in the way, and what to do next."""

import json
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.homes import assetlib, environment

PASSWORD = "four words in a row"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told") / "home"
    assert assetlib(folder, "migrate").returncode == 0
    add = ("user", "add", "ada@trial.example", "--name", "Ada Example", "--role", "administrator")
    assert assetlib(folder, *add, NEW_PASSWORD=PASSWORD).returncode == 0
    return folder


def refused(home: Path, *arguments: str, **more: str) -> str:
    """The one line that is said to what could not be done."""
    done = assetlib(home, *arguments, **more)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.rstrip("\n")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_migration_says_what_it_made_and_what_to_keep(tmp_path: Path) -> None:
    done = assetlib(tmp_path / "home", "migrate")
    assert "The tables are made." in done.stdout
    assert "secret_key, backup_key, backup_key.pub.pem" in done.stdout
    assert "The database is at this version." not in done.stdout


def test_nobody_else_on_the_machine_reads_what_is_kept(home: Path) -> None:
    assert mode(home) == 0o700
    for name in ("assetlib.sqlite", "secret_key", "backup_key"):
        assert mode(home / name) == 0o600, name


def test_a_folder_that_was_there_is_shut_when_it_is_taken_into_use(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert assetlib(tmp_path, "migrate").returncode == 0
    assert mode(tmp_path) == 0o700
    (tmp_path / "assetlib.sqlite").chmod(0o644)
    tmp_path.chmod(0o750)
    assert assetlib(tmp_path, "migrate").returncode == 0
    assert mode(tmp_path / "assetlib.sqlite") == 0o600
    assert mode(tmp_path) == 0o750, "how it is opened to others later is the runner's own matter"


@pytest.mark.parametrize(
    "words", [("user", "list"), ("token", "list"), ("audit", "verify"), ("backup", "--to", "/tmp/never")]
)
def test_a_mistyped_folder_is_told_and_nothing_is_made_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = tmp_path / "mistyped"
    assert "has no tables yet. Run `assetlib migrate`" in refused(home, *words)
    assert not home.exists()


def test_nobody_is_asked_for_a_password_where_nobody_is(home: Path) -> None:
    add = ("user", "add", "bob@trial.example", "--name", "Bob", "--role", "librarian")
    for words in (add, ("user", "password", "ada@trial.example")):
        assert (
            refused(home, *words) == "There is no terminal to ask for the password. Give it in NEW_PASSWORD."
        )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("password", "nobody@trial.example"), "Nobody signs in with nobody@trial.example."),
        (("add", "ada@trial.example", "--name", "A", "--role", "librarian"), "Somebody signs in with this"),
        (("add", "no-at-sign", "--name", "A", "--role", "librarian"), "email: Write an address like"),
        (("add", "b@trial.example", "--name", "", "--role", "librarian"), "name: Give the person's name."),
        (("add", "b@trial.example", "--name", "B", "--role", "agency_contributor"), "roles: People of this"),
    ],
)
def test_what_cannot_be_is_told_before_a_password_is_asked_for(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    told = refused(home, "user", *words)
    assert told.startswith(said)
    assert "marked" not in told


def test_a_part_that_is_not_there_is_told_with_its_argument(home: Path) -> None:
    add = ("user", "add", "b@trial.example", "--name", "B", "--role", "librarian@brand:kids")
    assert refused(home, *add, NEW_PASSWORD=PASSWORD).startswith("roles: There is no such brand.")


def test_a_suspended_person_is_let_in_again(home: Path) -> None:
    add = ("user", "add", "eva@trial.example", "--name", "Eva", "--role", "librarian")
    assert assetlib(home, *add, NEW_PASSWORD=PASSWORD).returncode == 0
    assert assetlib(home, "user", "suspend", "eva@trial.example").returncode == 0
    again = assetlib(home, "user", "reopen", "eva@trial.example")
    assert again.stdout == "eva@trial.example can sign in again.\n"
    listed = assetlib(home, "user", "list", "--state", "active").stdout
    assert "eva@trial.example" in listed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("backup", "--to", "/proc/none"), "/proc/none cannot be made or written to"),
        (("backup", "--to", "{home}/backup"), "lies in {home}, which a backup is of"),
        (("drill", "--from", "{home}/none", "--to", "{home}-drill"), "There is no whole backup in"),
    ],
)
def test_a_folder_that_will_not_do_is_told(home: Path, words: tuple[str, ...], said: str) -> None:
    assert said.format(home=home) in refused(home, *(each.format(home=home) for each in words))


def test_a_place_put_back_without_its_key_says_so(home: Path, tmp_path: Path) -> None:
    assert assetlib(home, "backup", "--to", str(tmp_path / "backup")).returncode == 0
    key = str(home / "backup_key.pub.pem")
    again = ("restore", "--from", str(tmp_path / "backup"), "--public-key", key)
    done = assetlib(tmp_path / "bare", *again)
    assert done.returncode == 0, done.stderr
    assert "There is no secret_key in" in done.stdout
    assert mode(tmp_path / "bare") == 0o700
    assert mode(tmp_path / "bare" / "assetlib.sqlite") == 0o600
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "secret_key").write_text((home / "secret_key").read_text())
    assert "There is no secret_key" not in assetlib(tmp_path / "kept", *again).stdout


def test_a_taken_port_is_told(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(home, "serve", "--port", str(port))
    assert said.startswith(f"Port {port} of 127.0.0.1 cannot be had: ")
    assert said.endswith(f"assetlib serve --port {port + 1}")


def test_the_web_server_says_where_it_is(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    words = [sys.executable, "-m", "assetlib.cli", "serve", "--port", str(port)]
    with subprocess.Popen(words, env=environment(home), stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        first = json.loads(server.stderr.readline())
        # gunicorn loses a signal that comes before it listens.
        for _ in range(300):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                    assert line.recv(12).endswith(b"200")
                    break
            time.sleep(0.1)
        server.terminate()
        assert server.wait(30) == 0
    assert (first["event"], first["address"]) == ("serving", f"http://127.0.0.1:{port}")
