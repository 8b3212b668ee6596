"""Parent's side of the sandbox: start a child, hand it one file, wait with a deadline, read one answer.

The child is a fresh `python -I` with an empty environment, in a new empty folder, in a session of its own.
It puts up its walls itself (`walls.py`) before it looks at the file. What it answers is believed only after
it has been parsed strictly; what it wrote is checked by `looking.py`.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import assetlib
from assetlib.media.errors import NoSandbox

_PACKAGE = Path(assetlib.__file__).resolve().parent
_START = "import sys; sys.path.insert(0, sys.argv[1]); from assetlib.media.child import main; main()"
_LONGEST_ANSWER = 8 * 1024 * 1024

GIB = 1024**3
MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may spend: seconds of processor and of wall clock, bytes, open files."""

    cpu_seconds: int = 10
    wall_seconds: float = 20
    memory: int = 2 * GIB
    file_size: int = 256 * MIB
    open_files: int = 64


STILL = Limits()
"""Pictures, pages and everything else that is not film or Office."""


def limits_for_film(duration_ms: int | None) -> Limits:
    """60 s of processor and four times the running time, in a wall of its own."""
    seconds = 60 + 4 * (duration_ms or 0) // 1000
    return Limits(cpu_seconds=seconds, wall_seconds=seconds + 30, file_size=4 * GIB, open_files=128)


MANY = Limits(cpu_seconds=120, wall_seconds=180, memory=3 * GIB, file_size=GIB)
"""Page pictures and zoom tiles: many files of work, after everything else."""

OFFICE = Limits(cpu_seconds=60, wall_seconds=90, memory=4 * GIB, open_files=512)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended. `answer` is None when it gave none, then `ended_by` says why."""

    answer: dict[str, Any] | None
    ended_by: str | None
    """"time", "processor", "memory", "crash", "nonsense" """

    folder: Path
    """Where the child wrote its files."""

    cpu_seconds: float


def run_child(task: dict[str, Any], *, file: Path, scratch: Path, limits: Limits = STILL) -> Outcome:
    """Let a child do one task with one file. Never raises for what the file makes the child do.

    Raises NoSandbox where the machine has no wall against the network.
    """
    if not sandbox_report()["previews"]:
        raise NoSandbox("Previews are off: this machine cannot shut a decoder off from the network.")
    outcome = _run(task, file=file, folder=_new_folder(scratch), limits=limits)
    if outcome.ended_by == "time" and outcome.cpu_seconds < limits.cpu_seconds / 2:
        # The machine was busy, not the file heavy: once more.
        outcome = _run(task, file=file, folder=_new_folder(scratch), limits=limits)
    return outcome


def _new_folder(scratch: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix="child-", dir=scratch))


def _run(task: dict[str, Any], *, file: Path, folder: Path, limits: Limits) -> Outcome:
    handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        order = json.dumps({"task": task, "fd": handle, "folder": str(folder), "limits": asdict(limits)})
        child = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code, no shell
            [sys.executable, "-I", "-B", "-c", _START, str(_PACKAGE.parent)],
            env={},
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(handle,),
            start_new_session=True,
        )
    finally:
        os.close(handle)
    return _wait(child, order.encode(), folder, limits)


def _wait(child: "subprocess.Popen[bytes]", order: bytes, folder: Path, limits: Limits) -> Outcome:
    assert child.stdin is not None  # noqa: S101 - opened as a pipe above
    assert child.stdout is not None  # noqa: S101
    in_time = True
    try:
        try:
            child.stdin.write(order)
            child.stdin.close()
        except BrokenPipeError:
            pass  # it died before it listened; the exit status tells
        answer, in_time = _read_answer(child.stdout.fileno(), limits.wall_seconds)
    finally:
        _end_group(child.pid)
        child.stdout.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    parsed, ended_by = _judge(answer, child.returncode, in_time=in_time)
    return Outcome(
        answer=parsed,
        ended_by=ended_by,
        folder=folder,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
    )


def _read_answer(pipe: int, wall_seconds: float) -> tuple[bytes, bool]:
    """Bytes until the child closes its end, and whether it did so before the deadline."""
    deadline = time.monotonic() + wall_seconds
    parts = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not waiting.select(left):
                break
            part = os.read(pipe, 65536)
            if not part:
                return bytes(parts), True
            parts += part
            if len(parts) > _LONGEST_ANSWER:
                return b"", True
    return b"", False


def _end_group(group: int) -> None:
    """End the child and whatever it started; they share the session that we made."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _judge(answer: bytes, status: int, *, in_time: bool) -> tuple[dict[str, Any] | None, str | None]:
    if not in_time:
        return None, "time"
    try:
        parsed = json.loads(answer) if answer else None
    except (ValueError, RecursionError):
        return None, "nonsense"
    if isinstance(parsed, dict):
        if parsed.get("ended_by") in {"memory", "crash"}:
            return None, str(parsed["ended_by"])
        return parsed, None
    if status == -signal.SIGXCPU:
        return None, "processor"
    return None, "nonsense" if answer else "crash"


@cache
def sandbox_report() -> dict[str, Any]:
    """Which walls this machine has: {"seccomp", "landlock" (version), "previews", "limits"}. For /readyz.

    The filter is tried for real in a child that then tries to open a socket.
    """
    if not sys.platform.startswith("linux"):
        return {"seccomp": False, "landlock": 0, "previews": False}
    with tempfile.TemporaryDirectory(prefix="assetlib-walls-") as folder:
        outcome = _run({"do": "probe"}, file=Path(os.devnull), folder=Path(folder), limits=STILL)
    seen = outcome.answer or {}
    shut = seen.get("network_shut") is True
    version = seen.get("landlock")
    return {
        "seccomp": shut,
        "landlock": version if isinstance(version, int) else 0,
        "previews": shut,
    }
