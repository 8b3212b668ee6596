"""One share of the work for each process, each with a house of its own."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Share:
    """Which part of a list somebody does: every `of`-th, from `number` on, counted from 0."""

    number: int = 0
    of: int = 1

    def of_list(self, whole: list[T]) -> list[T]:
        return whole[self.number :: self.of]


def in_shares(work: Callable[[Share], T], processes: int) -> Iterator[T]:
    """What came of each share, as they are done. `work` can be handed to another process."""
    if processes < 2:
        yield work(Share())
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for done in as_completed([pool.submit(work, Share(n, processes)) for n in range(processes)]):
            yield done.result()
