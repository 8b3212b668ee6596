"""Calls and traces of payloads are noticed; what was there before is not."""

import socket
from pathlib import Path

from assetlib.corpus.traps import set_traps


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


def test_a_call_is_counted_even_at_the_last_moment(tmp_path: Path) -> None:
    port = _free_port()
    with set_traps(port, tmp_path) as traps:
        socket.create_connection(("127.0.0.1", port)).close()
        socket.create_connection(("127.0.0.1", port)).close()
    assert (traps.calls, traps.closed) == (2, "")


def test_only_new_traces_count(tmp_path: Path) -> None:
    (tmp_path / "DAM_PWNED_old").touch()
    with set_traps(_free_port(), tmp_path) as traps:
        (tmp_path / "DAM_PWNED").touch()
        (tmp_path / "other").touch()
    assert traps.traces() == [str(tmp_path / "DAM_PWNED")]


def test_a_port_that_cannot_be_watched_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with set_traps(taken.getsockname()[1], tmp_path) as traps:
            assert traps.closed
