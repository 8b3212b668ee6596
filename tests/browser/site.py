"""A running installation, on loopback, with a home of its own: a real web server and a real worker."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import get_person
from assetlib.audit import append_chain
from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from tests import make

PASSWORD = "four words in a row"
WHO = (
    "administrator",
    "librarian",
    "field_marketer",
    "contributor",
    "other_contributor",
    "partner_marketer",
)


@dataclass
class Site:
    """Where it answers, and who can sign in with PASSWORD."""

    url: str
    home: Path
    emails: dict[str, str]
    settings: dict[str, str] = field(default_factory=dict)
    """What it is told beside its home, for example where its files lie."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start `serve` or `worker` (again)."""
        more = ["--port", self.url.rsplit(":", 1)[1], "--processes", "1"] if name == "serve" else []
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # our own command, no shell
                [sys.executable, "-m", "assetlib.cli", name, *more],
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if name == "serve":
            _wait_for(self.url + "/healthz", self.processes[name])

    def environment(self) -> dict[str, str]:
        own = {"ASSETLIB_HOME": str(self.home), "ASSETLIB_DEVELOPMENT": "1", "ASSETLIB_OUTBOX_LINKS": "1"}
        return {**_clean_environment(), **own, **self.settings}

    def run(self, *command: str) -> None:
        """A command of ours, to its end."""
        subprocess.run([sys.executable, "-m", "assetlib.cli", *command], env=self.environment(), check=True)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a process; SIGKILL ends its children too, as a power cut would."""
        process = self.processes.pop(name)
        if how is signal.SIGKILL:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        process.wait(timeout=30)

    def stop_all(self) -> None:
        """The database is thrown away: nobody has to end in good order."""
        for name in list(self.processes):
            self.stop(name, signal.SIGKILL)


def put_people(session: Session) -> tuple[make.People, dict[str, str]]:
    """The first schema and people of every role who know PASSWORD; their addresses by role."""
    lay_schema(session)
    people = make.people(session)
    hashed = hash_password(PASSWORD)
    emails = {}
    for name in WHO:
        person = get_person(session, getattr(people, name).person_id)
        person.password_hash = hashed
        emails[name] = person.email
    return people, emails


def empty_site(home: Path, empty_database_file: Path) -> Site:
    """An installation with people of every role and no asset. Nothing runs yet."""
    home.mkdir()
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    database = Database(f"sqlite:///{home / 'assetlib.sqlite'}", before_commit=[append_chain])
    with database.transaction() as session:
        _, emails = put_people(session)
    database.close()
    return site_at(home, emails, free_port())


def site_at(home: Path, emails: dict[str, str], port: int) -> Site:
    return Site(f"http://127.0.0.1:{port}", home, emails)


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within 60 seconds")
