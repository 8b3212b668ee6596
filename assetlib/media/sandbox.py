"""Our side of the sandbox: have a child forked, hand it one file, wait with a deadline, read one answer.

The child has an empty environment, a new empty folder and a session of its own. It is forked off a parent
(`parent.py`) that has read in what the work needs, and never a file. It puts up its walls itself (`walls.py`)
before it looks at the file. What it answers is believed only after it has been parsed strictly; what it wrote
is checked by `looking.py`. A parent whose child did not end well is ended too, so that nobody can learn from
one try how memory is laid out at the next.
"""

import json
import os
import selectors
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assetlib.media import parents
from assetlib.media.errors import NoSandbox
from assetlib.media.parents import Parent
from assetlib.words import say

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


def run_child(
    task: dict[str, Any], *, file: Path, scratch: Path, part: str = "", limits: Limits = STILL
) -> Outcome:
    """Let a child do one task with one file. Never raises for what the file makes the child do.

    `part` of media is read in before the child is forked. Raises NoSandbox where the machine has no wall
    against the network.
    """
    if not sandbox_report()["previews"]:
        raise NoSandbox(say("Previews are off: this machine cannot shut a decoder off from the network."))
    outcome = _run(task, file=file, folder=_new_folder(scratch), part=part, limits=limits)
    if outcome.ended_by == "time" and outcome.cpu_seconds < limits.cpu_seconds / 2:
        # The machine was busy, not the file heavy: once more.
        outcome = _run(task, file=file, folder=_new_folder(scratch), part=part, limits=limits)
    return outcome


def _new_folder(scratch: Path) -> Path:
    # Whole, whatever HOME is: the child goes there first, and puts its walls up from there.
    return Path(tempfile.mkdtemp(prefix="child-", dir=scratch.resolve()))


def _run(task: dict[str, Any], *, file: Path, folder: Path, part: str, limits: Limits) -> Outcome:
    order = json.dumps({"task": task, "folder": str(folder), "limits": asdict(limits)})
    pipe, theirs = os.pipe()
    with os.fdopen(pipe, "rb") as reading:
        try:
            with file.open("rb") as opened, os.fdopen(os.memfd_create("order"), "w+") as written:
                written.write(order)
                written.seek(0)
                parent = parents.forked(part, order=written.fileno(), answer=theirs, file=opened.fileno())
        finally:
            os.close(theirs)
        parsed, ended_by, seconds = _waited(parent, reading.fileno(), limits)
    return Outcome(answer=parsed, ended_by=ended_by, folder=folder, cpu_seconds=seconds)


def _waited(parent: Parent, pipe: int, limits: Limits) -> tuple[dict[str, Any] | None, str | None, float]:
    """What the child answered, or how it ended, and its seconds of processor."""
    ended_well = False
    try:
        answer, in_time = _read_answer(pipe, limits.wall_seconds)
        status, seconds = parent.end_child()
        parsed, ended_by = _judge(answer, status, in_time=in_time)
        ended_well = parsed is not None
    except parents.Gone:
        return None, "crash", 0.0
    finally:
        parent.leave(ended_well=ended_well)
    return parsed, ended_by, seconds


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
        outcome = _run({"do": "probe"}, file=Path(os.devnull), folder=Path(folder), part="", limits=STILL)
    seen = outcome.answer or {}
    shut = seen.get("network_shut") is True
    version = seen.get("landlock")
    return {
        "seccomp": shut,
        "landlock": version if isinstance(version, int) else 0,
        "previews": shut,
    }
