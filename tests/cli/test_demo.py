"""`assetlib demo` serves, says where, and ends with everything that it started."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from assetlib.access.actor import SYSTEM
from assetlib.accounts.actions.links import send_reset
from assetlib.audit import append_chain
from assetlib.database import Database
from assetlib.notify.models import OutgoingMail
from tests import make
from tests.cli.homes import assetlib, environment

MOST_SECONDS = 120


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@contextmanager
def _demo(home: Path, port: int, **more: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "assetlib.cli", "demo", "--keep-data", "--port", str(port)],
        env=environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if f"http://127.0.0.1:{port}" in line:
                break
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(MOST_SECONDS)
        assert process.stdout is not None
        process.stdout.close()


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _ends(pids: list[int]) -> bool:
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    port = _free_port()
    with _demo(tmp_path, port) as process:
        children = _children(process.pid)
        everybody = children + [grandchild for child in children for grandchild in _children(child)]
        assert len(children) == 2
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_SECONDS)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(number)
        assert process.wait(MOST_SECONDS) == 0
    assert _ends(everybody)


@pytest.mark.parametrize("said", ["", "https://assets.example"])
def test_links_in_mails_lead_to_the_demo_unless_another_address_is_said(tmp_path: Path, said: str) -> None:
    port = _free_port()
    with _demo(tmp_path, port, ASSETLIB_PUBLIC_URL=said):
        database = Database(f"sqlite:///{tmp_path / 'assetlib.sqlite'}", before_commit=[append_chain])
        with database.transaction() as session:
            person = make.person(session, make.organisation(session), email="ada@company.example")
            send_reset(session, SYSTEM, person)
        text = _text_of_mail(database)
        database.close()
    assert f"{said or f'http://127.0.0.1:{port}'}/new-password/" in text


def _text_of_mail(database: Database) -> str:
    """What the only mail says, once the worker wrote it."""
    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        with database.reading() as session:
            text = session.scalars(select(OutgoingMail.text)).one()
        if text:
            return text
        time.sleep(0.1)
    raise AssertionError("no mail was written")


def test_when_a_part_dies_it_says_so_and_ends_the_other(tmp_path: Path) -> None:
    with _demo(tmp_path, _free_port()) as process:
        web, worker = _children(process.pid)
        os.kill(worker, signal.SIGKILL)
        assert process.wait(MOST_SECONDS) == 1
        assert process.stdout is not None
        assert "The worker ended by itself" in process.stdout.read()
    assert _ends([web, worker])


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = assetlib(tmp_path / "home", "demo", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_demo_that_was_stopped_in_the_middle_begins_anew_only_where_it_may(tmp_path: Path) -> None:
    (tmp_path / "demo-unfinished").touch()
    done = assetlib(
        tmp_path,
        "demo",
        "--port",
        str(_free_port()),
        ASSETLIB_DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite",
    )
    assert done.returncode == 2
    assert "Empty the database" in done.stderr
    assert (tmp_path / "demo-unfinished").exists()
