"""Where the migrations lie, how Alembic is told, and whether a database is at this program's version."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from assetlib.database import Database
from assetlib.errors import Conflict
from assetlib.places import MIGRATIONS


class WrongSchema(Conflict):
    """The tables are not those that this program works with."""

    code = "wrong_schema"


def alembic_config(url: str) -> Config:
    """Alembic's settings for the database at this address."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Bring the tables of this database to the newest revision."""
    command.upgrade(alembic_config(url), "head")


def known_revisions() -> tuple[str, ...]:
    """Every revision that this program knows, the oldest first."""
    script = ScriptDirectory.from_config(alembic_config("sqlite://"))
    return tuple(each.revision for each in reversed(list(script.walk_revisions())))


def newest_revision() -> str:
    """The one that this program works with."""
    return known_revisions()[-1]


def revision_in(session: Session) -> str | None:
    """The revision of the database; None when it has no tables of ours."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def must_be_known(revision: str | None) -> None:
    """Nothing, or a refusal for a revision that only a newer program knows."""
    if revision is not None and revision not in known_revisions():
        raise WrongSchema(
            f"The database is at revision {revision}, this program knows none after {newest_revision()}: a "
            "newer assetlib brought it there. Install that version again, or restore a backup from before it."
        )


def must_be_newest(database: Database) -> None:
    """Nothing, or a refusal that says what to run."""
    with database.reading() as session:
        revision = revision_in(session)
    if revision is None:
        raise WrongSchema("The database has no tables yet. Run `assetlib migrate`.")
    must_be_known(revision)
    if revision != newest_revision():
        raise WrongSchema(
            f"The database is at revision {revision}, this program needs {newest_revision()}. "
            "Run `assetlib migrate`."
        )
