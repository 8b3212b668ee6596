"""Web server and worker side by side as processes of their own, until somebody stops them or one dies."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from assetlib.settings import Settings

HOST = "127.0.0.1"
_MOST_TO_START = 60.0
_MOST_TO_END = 40.0
_LOOK_EVERY = 0.2
_LAST_LINES = 15


class NotStarted(RuntimeError):
    """A process ended by itself; the message says which and shows the end of its log."""


class Stopped(BaseException):
    """Somebody told us to stop."""


class Child:
    """One process of ours, in a session of its own so that Ctrl-C reaches it only through us."""

    def __init__(self, name: str, arguments: list[str], log: Path, more: Mapping[str, str]) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as lines:
            self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and program
                [sys.executable, "-m", "assetlib.cli", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
                env={**os.environ, **more},
                start_new_session=True,
            )

    def must_live(self) -> None:
        status = self.process.poll()
        if status is not None:
            raise NotStarted(f"The {self.name} ended by itself, status {status}.\n{self._last_words()}")

    def ask_to_end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for it; past the deadline (monotonic seconds) it and all it started are ended hard."""
        try:
            self.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            print(f"The {self.name} did not end in time and is ended hard.", file=sys.stderr)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        return "\n".join([f"The end of {self.log}:", *lines])


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            return False
        return True


def serve_until_stopped(
    settings: Settings, port: int, started: Callable[[], None], *, more: Mapping[str, str]
) -> int:
    """Run both until SIGINT or SIGTERM (0); raise `NotStarted` when one of them ends by itself.

    `more` stands in their environment beside what stands in ours.
    """
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    children: list[Child] = []
    try:
        serve = ["serve", "--host", HOST, "--port", str(port)]
        children.append(Child("web server", serve, settings.home / "web.log", more))
        children.append(Child("worker", ["worker"], settings.home / "worker.log", more))
        _wait_until_answering(port, children)
        started()
        while True:
            for child in children:
                child.must_live()
            time.sleep(_LOOK_EVERY)
    except Stopped:
        return 0
    finally:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        _end_all(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise Stopped


def _wait_until_answering(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + _MOST_TO_START
    while time.monotonic() < deadline:
        for child in children:
            child.must_live()
        if _answers(port):
            return
        time.sleep(_LOOK_EVERY)
    raise NotStarted(
        f"The web server did not answer within {_MOST_TO_START:.0f} seconds. See {children[0].log}."
    )


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _end_all(children: list[Child]) -> None:
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + _MOST_TO_END
    for child in children:
        child.end(deadline)
