"""What the processes of a race do: claim jobs, promise them, run a worker."""

import signal
import sys
import time
from pathlib import Path

from assetlib.database import Database
from assetlib.jobs import enqueue
from assetlib.jobs.carrying import claim, finish, keep_schedule
from assetlib.jobs.running import Runner


def claim_all(url: str, name: str, limit: int) -> list[int]:
    """The ids of all jobs that this worker got, until none was left."""
    database, got = Database(url), list[int]()
    while True:
        with database.transaction() as session:
            claims = claim(session, name, lease=300, limit=limit)
        if not claims:
            database.close()
            return got
        assert len(claims) <= limit
        got += [each.id for each in claims]
        with database.transaction() as session:
            assert finish(session, claims[0])


def promise_often(url: str, turns: int) -> None:
    """The same work again and again, one at a time."""
    database = Database(url)
    for _ in range(turns):
        with database.transaction() as session:
            enqueue(session, "test.note", dedupe="only one")
    database.close()


def keep_schedules(url: str) -> None:
    database = Database(url)
    with database.transaction() as session:
        for kind in ("test.a", "test.b", "test.c"):
            keep_schedule(session, kind, every_seconds=60)
    database.close()


def work_until_told(url: str, folder: Path, lease: int) -> None:
    """A worker in a process of its own, which ends on SIGTERM.

    A job leaves a file `began-N`, waits for the file `go-on`, and leaves `ended-N`.
    """

    def wait(*, number: int) -> None:
        (folder / f"began-{number}").touch()
        while not (folder / "go-on").exists():
            time.sleep(0.01)
        (folder / f"ended-{number}").touch()

    runner = Runner(Database(url), {"test.wait": wait}, lease=lease)
    signal.signal(signal.SIGTERM, lambda *_: runner.stop())
    runner.run(idle_seconds=0.05)


if __name__ == "__main__":
    work_until_told(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
