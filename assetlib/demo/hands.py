"""Workers of this process, who do only some sorts of work and stop when nothing of it is left."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from assetlib.house import House
from assetlib.jobs.carrying import claim
from assetlib.worker import Worker

LOOKING = ("catalog.take_in_upload", "catalog.make_renditions")
INDEXING = ("search.refresh",)


class Hand(Worker):
    """A worker that takes up only jobs of some kinds."""

    def __init__(self, house: House, name: str, kinds: Sequence[str]) -> None:
        super().__init__(house, name=name)
        self.kinds = tuple(kinds)

    def do_next(self) -> bool:
        """Do one job of these kinds that is due. False when there is none."""
        with self.database.transaction() as session:
            claims = claim(session, self.name, lease=self.lease, kinds=self.kinds)
        for each in claims:
            self._do(each)
        return bool(claims)


def work_off(house: House, kinds: Sequence[str], *, hands: int) -> None:
    """Do all that is due of these kinds, with this many threads; the children they start use the processors.

    All share one clock, so that one thread's lease does not look over to the other.
    """
    workers = [Hand(house, f"demo-{number}", kinds) for number in range(hands)]
    with ThreadPoolExecutor(hands) as pool:
        for done in [pool.submit(worker.run_until_idle) for worker in workers]:
            done.result()
