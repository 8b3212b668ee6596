"""What this machine's processors really are: two that share one core do little more than one alone."""

import json
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

SECONDS = 2.0


def at_once(count: int) -> float:
    """How much so many processes do together, as a multiple of what one does alone: their number at best."""
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        list(pool.map(_work, [0.1] * count))
        alone = pool.submit(_work, SECONDS).result()
        return sum(pool.map(_work, [SECONDS] * count)) / alone


def _work(seconds: float) -> int:
    """How often something like a page's work was done: small objects made, written and read."""
    ends, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < ends:
        json.loads(json.dumps({str(number): [number, number * 2] for number in range(200)}))
        done += 1
    return done
