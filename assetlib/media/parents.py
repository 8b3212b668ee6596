"""Our side of the parents: start one for a part of media, keep it for the next order, let it go in time."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import assetlib

_START = "import sys; sys.path.insert(0, sys.argv[1]); from assetlib.media.parent import main; main()"
_PACKAGE = Path(assetlib.__file__).resolve().parent

_idle: dict[str, list["Parent"]] = {}
_lock = threading.Lock()


class Gone(Exception):
    """The parent ended without being asked to."""


class Parent:
    """A fresh `python -I` with an empty environment in a session of its own; one order at a time."""

    def __init__(self, part: str) -> None:
        self.part = part
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code, no shell
                [sys.executable, "-I", "-B", "-c", _START, str(_PACKAGE.parent), str(theirs.fileno()), part],
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def fork(self, *, order: int, answer: int, file: int) -> None:
        """Let it fork a child that has these open files. Raises Gone."""
        try:
            socket.send_fds(self._line, [b"fork"], [order, answer, file])
        except OSError as ended:
            raise Gone from ended

    def end_child(self) -> tuple[int, float]:
        """End the child and what it started; its exit code, and its seconds of processor. Raises Gone."""
        try:
            self._line.send(b"end")
            said = self._line.recv(256)
        except OSError as ended:
            raise Gone from ended
        if not said:
            raise Gone
        status, seconds = json.loads(said)
        return os.waitstatus_to_exitcode(status), float(seconds)

    def leave(self, *, ended_well: bool) -> None:
        """Keep it for the next order of its part, if the child ended well; else let it go."""
        if ended_well and self.part:
            with _lock:
                _idle.setdefault(self.part, []).append(self)
        else:
            self.end()

    def end(self) -> None:
        """Its line closes, so it ends, and a child that it has."""
        self._line.close()
        self._process.wait()

    def belongs_to_another(self) -> None:
        """Forget it in a process that was forked off the one that started it."""
        self._line.close()
        self._process.returncode = 0


def forked(part: str, *, order: int, answer: int, file: int) -> Parent:
    """A parent that forks a child with these open files: one that waits for such work, or a new one."""
    while (parent := _taken(part)) is not None:
        try:
            parent.fork(order=order, answer=answer, file=file)
        except Gone:
            parent.end()
        else:
            return parent
    parent = Parent(part)
    parent.fork(order=order, answer=answer, file=file)
    return parent


def _taken(part: str) -> Parent | None:
    with _lock:
        waiting = _idle.get(part)
        return waiting.pop() if waiting else None


def end_idle() -> None:
    """Let go of all that wait."""
    with _lock:
        waiting = [each for some in _idle.values() for each in some]
        _idle.clear()
    for each in waiting:
        each.end()


def _forget_idle() -> None:
    global _lock  # whoever held it was not forked along
    _lock = threading.Lock()
    for some in _idle.values():
        for each in some:
            each.belongs_to_another()
    _idle.clear()


atexit.register(end_idle)
os.register_at_fork(after_in_child=_forget_idle)
