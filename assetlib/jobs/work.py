"""What a handler of jobs is given, and how it says that it could not.

A handler is a plain function that takes the work, the further tools it needs, and the job's ids by name:

    def make_renditions(work: Work, store: BlobStore, *, version_id: int) -> None: ...

`worker.py` is the one place where a job's name, its function and its tools are put together. A handler opens
its own short transactions, holds none while bytes move, and may run twice with the same ids. Whatever it
raises is kept with the job, which is tried again later; `GiveUp` ends it at once.

A job that people wait for has a second function, called with the session and the ids in the transaction in
which the job is given up: it says so where people look. When the job is started again, its handler goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assetlib.database import Database
from assetlib.settings import Settings

Handler = Callable[..., None]
GivenUp = Callable[..., None]


@dataclass(frozen=True)
class Work:
    """What every handler needs."""

    database: Database
    settings: Settings


class GiveUp(Exception):
    """Trying again would not help; the message says why and is shown with the job."""
