"""A fresh installation for one run: a folder, a served application, a worker, and somebody of each sort."""

import io
import logging
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from alembic import command
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, LIBRARIAN, SYSTEM
from assetlib.accounts.actions import add_organisation, add_person, set_password
from assetlib.accounts.passwords import hash_password
from assetlib.app import create_app
from assetlib.catalog.schema import lay_schema
from assetlib.corpus.client import Client
from assetlib.house import House, database_url, open_house
from assetlib.migrating import alembic_config
from assetlib.settings import Settings
from assetlib.worker import Worker

HOST = "127.0.0.1"
PASSWORD = "trial of every file"  # noqa: S105  # of people who exist for one run only
EVERYTHING, AGENT = "keeper@trial.example", "agent@trial.example"


@dataclass
class Trial:
    """An installation that is served while its block lasts."""

    house: House
    port: int
    lines: io.StringIO = field(repr=False)
    """What it logs."""

    def client(self, email: str = EVERYTHING) -> Client:
        """Somebody signed in: `EVERYTHING` is librarian and administrator, `AGENT` works for an agency."""
        client = Client(HOST, self.port)
        client.sign_in(email, PASSWORD)
        return client

    def work(self) -> None:
        """Do every job that is due."""
        Worker(self.house, name="trial").run_until_idle()

    def last_error(self) -> str:
        """The last line in which something unforeseen was logged, shortened."""
        found = [line for line in self.lines.getvalue().splitlines() if '"unforeseen"' in line]
        return found[-1][-600:] if found else ""


class _Quiet(WSGIRequestHandler):
    """Every request is logged by the application already."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002, ARG002  # as it is there
        return


@contextmanager
def trial() -> Iterator[Trial]:
    """Open a fresh installation, serve it, and throw it away."""
    with tempfile.TemporaryDirectory(prefix="assetlib-trial-") as folder, _logged() as lines:
        settings = Settings(home=Path(folder), search_kind="memory", secret_key="x" * 40)
        command.upgrade(alembic_config(database_url(settings)), "head")
        house = open_house(settings)
        _people(house)
        server = make_server(
            HOST, 0, create_app(settings, house=house), threaded=True, request_handler=_Quiet
        )
        with _served(server):
            yield Trial(house, server.server_port, lines)
        house.database.close()


@contextmanager
def _served(server: BaseWSGIServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Log lines are kept aside, so that what the command prints can be read."""
    before, level = structlog.get_config(), logging.root.level
    lines = io.StringIO()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(lines),
    )
    logging.root.setLevel(logging.CRITICAL)
    try:
        yield lines
    finally:
        structlog.configure(**before)
        logging.root.setLevel(level)


def _people(house: House) -> None:
    hashed = hash_password(PASSWORD)
    sorts: Sequence[tuple[str, str, str, tuple[str, ...]]] = (
        ("Trial Company", "own", EVERYTHING, (LIBRARIAN, ADMINISTRATOR)),
        ("Trial Agency", "agency", AGENT, (AGENCY_CONTRIBUTOR,)),
    )
    with house.database.transaction() as session:
        lay_schema(session)
        for name, kind, email, roles in sorts:
            organisation = add_organisation(session, SYSTEM, name=name, kind=kind)
            person = add_person(session, SYSTEM, organisation, name="Trial Person", email=email, roles=roles)
            set_password(session, SYSTEM, person, PASSWORD, password_hash=hashed)
