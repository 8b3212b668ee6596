"""The process between us and the children: it has read in a part of media, and forks a child for each order.

Started by `parents.py` only, for one part. It never sees an order or a file: they lie in open files that it
passes on, so that nothing of one can be left for the next. When our end of its line closes it ends, and the
child with it.
"""

import contextlib
import importlib
import json
import os
import signal
import socket
import sys

from assetlib.media import child
from assetlib.media.tasks import MODULES


def main() -> None:
    """Arguments: where our package is, the number of the line's file, the part of media to read in."""
    line = socket.socket(fileno=int(sys.argv[2]))
    for name in MODULES.get(sys.argv[3], ()):
        importlib.import_module(name)
    while True:
        said, handles, _, _ = socket.recv_fds(line, 16, 3)
        if not said:
            return
        _see_through(line, handles)


def _see_through(line: socket.socket, handles: list[int]) -> None:
    """Fork a child for an order, end it when told to, and say how it went."""
    parent = os.getpid()
    number = os.fork()
    if number == 0:
        line.close()
        os.setsid()
        child.main(*handles, parent=parent)
    for handle in handles:
        os.close(handle)
    told = line.recv(16)
    _end(number)
    _, status, usage = os.wait4(number, 0)
    if told:
        line.send(json.dumps([status, usage.ru_utime + usage.ru_stime]).encode())


def _end(number: int) -> None:
    """End the child and whatever it started. It is not reaped yet, so its number is still its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)
    # Its session may not have been made yet.
    os.kill(number, signal.SIGKILL)
