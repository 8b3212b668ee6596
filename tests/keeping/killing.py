"""Kill a command of ours at chosen steps of its work, each time in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path
from random import Random

from tests.cli.homes import environment
from tests.conventions.sources import ROOT

NEVER = 10**9


def interrupted(home: Path, step: int, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """The command, killed before that step; or done, when it had fewer."""
    return subprocess.run(
        [sys.executable, "-m", "tests.keeping.interrupted", str(step), *words],
        cwd=ROOT,
        env=environment(home, PYTHONDONTWRITEBYTECODE="1", **more),
        capture_output=True,
        text=True,
    )


def was_killed(done: "subprocess.CompletedProcess[str]") -> bool:
    """Whether it died of the kill; any other end than that and success fails the test."""
    assert done.returncode in (0, -signal.SIGKILL), done.stdout + done.stderr
    return done.returncode != 0


def steps_in(done: "subprocess.CompletedProcess[str]") -> int:
    """How many steps a command had that was not killed."""
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout.splitlines()[-1])


def chosen(steps: int, count: int, seed: int) -> list[int]:
    """So many steps, from all over the work, the first and one of the last among them."""
    random = Random(seed)
    width = steps / count
    between = [int(width * number + random.random() * width) + 1 for number in range(1, count - 1)]
    return [1, *between, steps - 2][:count]
