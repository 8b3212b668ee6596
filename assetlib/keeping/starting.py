"""Whether this place may be served: its tables are this program's, and no backup is half put back."""

from assetlib.database import Database
from assetlib.errors import Conflict
from assetlib.house import DATABASE, database_url
from assetlib.migrating import WrongSchema, must_be_newest
from assetlib.settings import Settings

MARK = "restoring"
"""A file in HOME while a backup is put back; what stands in it is the generation's name."""


class BeingRestored(Conflict):
    """A restore was begun here and is not over."""

    code = "being_restored"


def must_be_startable(settings: Settings) -> None:
    """Nothing, or a refusal that says what to run first. Web server and worker ask it before they start."""
    must_not_be_restoring(settings)
    must_be_there(settings)
    database = Database(database_url(settings))
    try:
        must_be_newest(database)
    finally:
        database.close()


def must_not_be_restoring(settings: Settings) -> None:
    """Nothing, or a refusal while a backup is half put back."""
    if (settings.home / MARK).exists():
        raise BeingRestored(
            f"A backup is being put back into {settings.home}, or that was interrupted. Run the same "
            "`assetlib restore` again; it goes on where it stopped."
        )


def must_be_there(settings: Settings) -> None:
    """Nothing, or a refusal where HOME has no database. None is made: the folder may be a mistyped one."""
    if not settings.database_url and not (settings.home / DATABASE).exists():
        raise WrongSchema(
            f"{settings.home} has no tables yet. Run `assetlib migrate`, or let ASSETLIB_HOME name the "
            "folder that has them."
        )
