"""Processes that do the same at once, for tests of what must hold between them.

Their work is a function of a module that imports little, because each process imports it anew.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")

# A clean process is copied, as a copy of the test's own would share its open databases.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["assetlib.tables", "assetlib.jobs.running", "alembic.command", "psycopg"])
LONGEST = 120
LONGEST_PROOF = 1_800


def lockstep(runners: int) -> Any:
    """Something that processes can wait at, again and again, until all of them are there."""
    return _CONTEXT.Barrier(runners)


def at_once(
    work: Callable[..., T], arguments: Sequence[tuple[Any, ...]], *, longest: float = LONGEST
) -> list[T]:
    """Call `work` in a process of its own for each tuple of arguments, all let go at the same moment.

    `longest` is how many seconds each may take.
    """
    barrier = _CONTEXT.Barrier(len(arguments))
    running = []
    for each in arguments:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=_let_go, args=(barrier, theirs, work, each), daemon=True)
        process.start()
        theirs.close()
        running.append((process, ours))
    answers = [ours.recv() for process, ours in running if ours.poll(longest)]
    for process, ours in running:
        process.join(LONGEST)
        ours.close()
    assert len(answers) == len(arguments), "a process gave no answer in time"
    faults = [fault for _, fault in answers if fault]
    assert not faults, "\n".join(faults)
    return [answer for answer, _ in answers]


def _let_go(barrier: Any, answer: Connection, work: Callable[..., T], arguments: tuple[Any, ...]) -> None:
    try:
        barrier.wait(LONGEST)
        answer.send((work(*arguments), ""))
    except BaseException:  # noqa: BLE001  # the test that waits has to hear of anything
        answer.send((None, traceback.format_exc()))
