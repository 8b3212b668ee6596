"""A web server and a worker as processes of their own, which can be killed at any moment and started anew."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from assetlib.audit import append_chain
from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from tests import make

LEASE = 5
"""Seconds until the work of a killed worker is taken up again; the least that the settings allow."""
NAMES = ("serve", "worker")


class Served:
    """An installation on SQLite, local disk and Whoosh, with a home of its own."""

    def __init__(self, home: Path, empty_database_file: Path) -> None:
        home.mkdir()
        self.home = home
        self.port = free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
        database = self.database()
        with database.transaction() as session:
            lay_schema(session)
            self.people = make.people(session)
        database.close()

    @property
    def environment(self) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")}
        return {**outside, "ASSETLIB_HOME": str(self.home), "ASSETLIB_WORKER_LEASE": str(LEASE)}

    def database(self) -> Database:
        return Database(f"sqlite:///{self.home / 'assetlib.sqlite'}", before_commit=[append_chain])

    def start(self, name: str) -> None:
        """Start `serve` or `worker`, without waiting for it."""
        more = ["--port", str(self.port), "--processes", "2"] if name == "serve" else []
        with (self.home / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "assetlib.cli", name, *more],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL to the process and all that it started, as a machine without memory does it."""
        process = self._running.pop(name)
        assert process.poll() is None, f"{name} ended by itself, see {self.home / name}.log"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    def end(self) -> None:
        """Ask both to end in good order."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(timeout=60)
        self._running.clear()

    def end_hard(self) -> None:
        for name in list(self._running):
            process = self._running.pop(name)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)

    def answers_within(self, seconds: float) -> bool:
        """Whether the web server answers before so much time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return True
            except OSError:
                time.sleep(0.05)
        return False

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What a command of ours says, as somebody at a terminal sees it."""
        return subprocess.run(
            [sys.executable, "-m", "assetlib.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
