"""Run by tests in processes of their own: a command of ours that dies in the middle.

    python -m tests.keeping.interrupted N NOUN …

The process kills itself as `kill -9` would, before its step N: a change to a folder, a file that is opened
for writing, or a statement that goes to the database. With fewer steps than N it ends by itself; then the
last line says how many there were.
"""

import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import Engine, event

from assetlib.cli import main

CHANGES = frozenset({"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def run(last: int, words: list[str]) -> int:
    numbers = count(1)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps = next(numbers)
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_file(name: str, given: tuple[Any, ...]) -> None:
        if name in CHANGES or (name == "open" and isinstance(given[2], int) and given[2] & WRITING):
            step()

    sys.addaudithook(on_file)
    event.listen(Engine, "before_cursor_execute", lambda *_: step())
    status = main(words)
    sys.stdout.write(f"{steps}\n")
    return status


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
