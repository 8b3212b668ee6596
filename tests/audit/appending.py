"""What the processes of a race do: append to the chain."""

from assetlib.access.actor import SYSTEM
from assetlib.audit import append_chain, record
from assetlib.database import Database


def append_many(url: str, writer: int, turns: int) -> None:
    """One transaction per turn, every third with two entries."""
    database = Database(url, before_commit=[append_chain])
    for turn in range(turns):
        with database.transaction() as session:
            record(session, SYSTEM, "test.written", ("writer", str(writer)), turn=turn)
            if turn % 3 == 0:
                record(session, SYSTEM, "test.written_twice", ("writer", str(writer)), turn=turn)
    database.close()
