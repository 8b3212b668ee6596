"""Processes that do the same at once, for tests of what must hold between them."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")

# A fresh interpreter each, as in the product: a fork would share open databases with its parent.
_SPAWN = multiprocessing.get_context("spawn")


def at_once(work: Callable[..., T], arguments: Sequence[tuple[Any, ...]]) -> list[T]:
    """Call `work` in a process of its own for each tuple of arguments, all let go at the same moment."""
    barrier = _SPAWN.Manager().Barrier(len(arguments))
    with ProcessPoolExecutor(len(arguments), mp_context=_SPAWN) as pool:
        running = [pool.submit(_let_go, barrier, work, each) for each in arguments]
        return [each.result(timeout=120) for each in running]


def _let_go(barrier: Any, work: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    barrier.wait(60)
    return work(*arguments)
