"""Run by tests in processes of their own: migrate, or migrate and die in the middle.

    python -m tests.migrations.interrupted URL N [REVISION]

The process kills itself as `kill -9` would, before statement N is sent to the database. When there are fewer
statements it ends by itself with status 0. It goes up to the head, or
to the revision that is named: up, or down when a minus stands before it.
"""

import os
import signal
import sys
from itertools import count
from typing import Any

from alembic import command
from sqlalchemy import Engine, event

from assetlib.migrating import alembic_config


def migrate(url: str, revision: str = "head") -> None:
    """Go up to the revision; with a minus before it, down."""
    if revision.startswith("-"):
        command.downgrade(alembic_config(url), revision.removeprefix("-"))
    else:
        command.upgrade(alembic_config(url), revision)


def main(url: str, last: int, revision: str = "head") -> None:
    numbers = count(1)

    def die_in_time(*_: Any) -> None:
        if next(numbers) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", die_in_time)
    migrate(url, revision)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
