"""Processes that outlive the command which started them, and are stopped by their ids."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 120
"""Seconds until a server that does not answer counts as broken."""


class Failed(Exception):
    """A server did not start. The message says which, and ends with its last words."""


class Processes:
    """What was started in one folder; the ids are kept there, so that another command can stop them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "processes.json"

    def start(self, name: str, command: list[str], **options: Any) -> int:
        """Start a server in a session of its own, its words going to NAME.log in the folder."""
        log = self._folder / f"{name}.log"
        with log.open("ab") as words:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                **options,
            )
        self._file.write_text(json.dumps([*self._known(), [name, child.pid, _born(child.pid)]]))
        return child.pid

    def last_words(self, name: str) -> str:
        lines = (self._folder / f"{name}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])

    def wait(self, name: str, pid: int, ready: Callable[[], bool]) -> None:
        """Until `ready` is true, or `Failed` when the server died or took too long."""
        until = time.monotonic() + PATIENCE
        while not ready():
            if not _runs(pid):
                raise Failed(f"{name} ended at once:\n{self.last_words(name)}")
            if time.monotonic() > until:
                raise Failed(f"{name} did not answer in {PATIENCE} s:\n{self.last_words(name)}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop all of them, the last first. An id that another process has by now is left alone."""
        for _, pid, born in reversed(self._known()):
            for how, patience in ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)):
                if _born(pid) != born or not _runs(pid):
                    break
                os.kill(pid, how)
                until = time.monotonic() + patience
                while _runs(pid) and time.monotonic() < until:
                    time.sleep(0.05)
        self._file.unlink(missing_ok=True)

    def _known(self) -> list[Any]:
        return json.loads(self._file.read_text()) if self._file.exists() else []


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def do(command: list[str], **options: Any) -> str:
    """What a short command says, or `Failed` with its last words."""
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=180, **options
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _born(pid: int) -> str | None:
    """The process's start, in clock ticks since boot: with the id it names one process for good."""
    fields = _stat(pid)
    return fields[19] if fields else None


def _runs(pid: int) -> bool:
    fields = _stat(pid)
    return fields is not None and fields[0] != "Z"
