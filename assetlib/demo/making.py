"""Who makes the bytes of the demo's files: it knows nothing of the house, so its processes start at once."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from assetlib import clock
from assetlib.demo.calendar_of_files import deliveries_of
from assetlib.demo.pieces import Piece
from assetlib.media.making.said import Said

_FEW = 20
"""Pieces up to which other processes are not worth their start."""

Made = Callable[[int, int], bytes]
"""(place of the piece, number of its version) → bytes."""


@contextmanager
def making(pieces: Sequence[Piece]) -> Iterator[Made]:
    """Who makes the bytes: this process for a few pieces, else two others that begin at once."""
    if len(pieces) <= _FEW:
        yield lambda place, version: _make(pieces[place], place, version)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context, initializer=_leave_stopping_to_us) as pool:
        promised: dict[tuple[int, int], Future[bytes]] = {}
        for delivery in deliveries_of(pieces, clock.today()):
            for place in delivery.numbers:
                for version in range(1 + len(pieces[place].newer)):
                    promised[place, version] = pool.submit(_make, pieces[place], place, version)
        try:
            yield lambda place, version: promised.pop((place, version)).result()
        finally:
            pool.shutdown(cancel_futures=True)


def _leave_stopping_to_us() -> None:
    """Ctrl-C reaches every process of a terminal; the one that asked for the files ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _make(piece: Piece, place: int, version: int) -> bytes:
    order = (piece.order, *piece.newer)[version]
    said: Said = piece.said(place)
    return order.make(said)
