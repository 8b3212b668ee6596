"""What payloads try to reach: a port of this machine, and a file in the temporary folder."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PORT = 9
_HOST = "127.0.0.1"
_TRACES = "DAM_PWNED*"


@dataclass
class Traps:
    """`closed` says why the port could not be watched; `calls` counts who connected."""

    folder: Path
    closed: str = ""
    calls: int = 0
    before: frozenset[str] = field(default_factory=frozenset)

    def traces(self) -> list[str]:
        """Files that were not there before and that only a payload makes."""
        return sorted(frozenset(map(str, self.folder.glob(_TRACES))) - self.before)


@contextmanager
def set_traps(port: int = PORT, folder: Path = Path("/tmp")) -> Iterator[Traps]:  # noqa: S108  # payloads name it
    """Listen and look while the block lasts."""
    traps = Traps(folder, before=frozenset(map(str, folder.glob(_TRACES))))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((_HOST, port))
            listening.listen(64)
            listening.settimeout(0.1)
        except OSError as why:
            traps.closed = f"port {port} cannot be watched: {why.strerror}"
            yield traps
            return
        over = threading.Event()
        watching = threading.Thread(target=_count, args=(listening, traps, over), daemon=True)
        watching.start()
        try:
            yield traps
        finally:
            over.set()
            watching.join()


def _count(listening: socket.socket, traps: Traps, over: threading.Event) -> None:
    while True:
        ended = over.is_set()
        try:
            listening.accept()[0].close()
            traps.calls += 1
        except TimeoutError:
            # One more look after the end, so that a call of the last moment is seen.
            if ended:
                return
