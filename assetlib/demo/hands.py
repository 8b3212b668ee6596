"""Workers of this process, who do only some sorts of work: at once until nothing is left, or beside us."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from assetlib.house import House
from assetlib.jobs.carrying import claim
from assetlib.worker import Worker

LOOKING = ("catalog.take_in_upload",)
DRAWING = ("catalog.make_renditions",)
INDEXING = ("search.refresh",)
_YEARS = 2 * 366 * 86_400
"""Seconds. The clock jumps over days while a job is in hand, and nobody may take it for abandoned."""
_SHORT = 0.05


class Hand(Worker):
    """A worker that takes up only jobs of some kinds."""

    def __init__(self, house: House, name: str, kinds: Sequence[str]) -> None:
        super().__init__(house, name=name)
        self.kinds = tuple(kinds)
        self.lease = _YEARS

    def do_next(self) -> bool:
        """Do one job of these kinds that is due. False when there is none."""
        with self.database.transaction() as session:
            claims = claim(session, self.name, lease=self.lease, kinds=self.kinds)
        for each in claims:
            self._do(each)
        return bool(claims)

    def keep_at_it(self, ending: threading.Event) -> None:
        """Work until the end is near and nothing is left; told to stop, leave the rest."""
        while not self.stopping:
            if not self.do_next():
                if ending.is_set():
                    return
                ending.wait(_SHORT)


def work_off(house: House, kinds: Sequence[str], *, hands: int) -> None:
    """Do all that is due of these kinds, with this many threads; their children use the processors."""
    workers = [Hand(house, f"demo-{number}", kinds) for number in range(hands)]
    with ThreadPoolExecutor(hands) as pool:
        for done in [pool.submit(worker.run_until_idle) for worker in workers]:
            done.result()


@contextmanager
def working(house: House, kinds: Sequence[str], *, hands: int) -> Iterator[None]:
    """Work of these kinds is done while the block lasts; all of it is done when the block is left."""
    ending = threading.Event()
    workers = [Hand(house, f"demo-beside-{number}", kinds) for number in range(hands)]
    with ThreadPoolExecutor(hands) as pool:
        beside = [pool.submit(worker.keep_at_it, ending) for worker in workers]
        try:
            yield
        except BaseException:
            for worker in workers:
                worker.stop()
            raise
        finally:
            ending.set()
        for done in beside:
            done.result()
