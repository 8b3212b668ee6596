"""While a backup runs, nothing that its snapshot speaks of may go: whoever clears up waits for another turn.

A lock of the kernel on a file in HOME; a process that is killed lets go of it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "keep-files.lock"


@contextmanager
def files_kept(home: Path) -> Iterator[None]:
    """Nobody clears up while the block lasts; waits for those who are at it."""
    with _opened(home) as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


@contextmanager
def clearing_up(home: Path) -> Iterator[bool]:
    """Whether files may be taken away now; if so, no backup begins before the block ends."""
    with _opened(home) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            may = False
        else:
            may = True
        yield may


@contextmanager
def _opened(home: Path) -> Iterator[int]:
    handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)
