"""The library page: what it asks of the database, and what it weighs before the first picture.

Counted for people whose sight is restricted, at 1,000 and 10,000 assets, with 24, 48 and 96 tiles. How SQLite
begins a transaction is not counted as a statement.
"""

import gzip
import logging
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import structlog
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import event

from assetlib.accounts.sessions import open_session
from assetlib.app import create_app
from assetlib.database import Database
from assetlib.house import House, database_url, open_house
from assetlib.migrating import alembic_config
from assetlib.search.checking import rebuild
from assetlib.settings import Settings
from benchmarks._figures import end, figure
from benchmarks._library_rows import fill

STATIC = Path(__file__).resolve().parent.parent / "static"
COUNTS = (1_000, 10_000)
TILES = (24, 48, 96)
WHO = ("marketer", "agency", "partner")
QUERIES = ("", "&q=coast")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent while the block runs."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:  # noqa: ARG001
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def opened(home: Path, count: int) -> tuple[House, dict[str, FlaskClient]]:
    """A library of so many assets, and a signed-in browser for each of the people."""
    settings = Settings(home=home)
    home.mkdir()
    command.upgrade(alembic_config(database_url(settings)), "head")
    house = open_house(settings)
    with house.database.transaction() as session:
        people = fill(session, count)
        tokens = {
            name: open_session(session, person, address="127.0.0.1", browser="benchmark")
            for name, person in people.items()
        }
    rebuild(house.database, house.index)
    app = create_app(settings, house=house)
    clients = {}
    for name, token in tokens.items():
        clients[name] = app.test_client()
        clients[name].set_cookie("assetlib", token)
    return house, clients


def page_of(client: FlaskClient, tiles: int, query: str) -> str:
    answer = client.get(f"/library?size={tiles}{query}")
    html = answer.get_data(as_text=True)
    shown = len(set(re.findall(r'href="/assets/(\d+)', html)))
    assert answer.status_code == 200, answer.status
    assert shown == tiles, f"{shown} assets on a page of {tiles}"
    return html


def statements(house: House, clients: dict[str, FlaskClient]) -> dict[tuple[str, str, int], int]:
    """Who, query and tiles → how many statements the page sends."""
    found = {}
    for who in WHO:
        for query in QUERIES:
            for tiles in TILES:
                page_of(clients[who], tiles, query)  # once in a while a session says that it was seen
                with counted(house.database) as sent:
                    page_of(clients[who], tiles, query)
                found[who, query, tiles] = len(sent)
    return found


def before_pictures(client: FlaskClient) -> int:
    """Bytes of the page and of every style and script that it loads, each compressed on its own."""
    html = page_of(client, 48, "")
    linked = {each.removeprefix("/static/") for each in re.findall(r'(?:href|src)="([^"#]+)', html)}
    names = {each for each in linked if each.endswith((".css", ".js")) or each.startswith("icons-")}
    assert any(each.endswith(".css") for each in names), "the page names no style sheet"
    assert any(each.endswith(".js") for each in names), "the page names no script"
    files = {STATIC / each for each in names}
    for each in [file for file in files if file.suffix == ".js"]:
        files |= imported_by(each)
    return sum(
        len(gzip.compress(content, 6)) for content in [html.encode(), *(f.read_bytes() for f in files)]
    )


def imported_by(script: Path) -> set[Path]:
    """What a script cannot run without; what it fetches later, where it is needed, is not among it."""
    named = re.findall(r'(?:\bfrom|\bimport)\s*"(\.[^"]+)"', script.read_text())
    found = {(script.parent / each).resolve() for each in named}
    return found.union(*(imported_by(each) for each in found))


def main() -> None:
    # A line for each request would bury the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    counts: dict[int, dict[tuple[str, str, int], int]] = {}
    weight = 0
    with tempfile.TemporaryDirectory() as folder:
        for count in COUNTS:
            house, clients = opened(Path(folder) / str(count), count)
            with closing(house.database):
                counts[count] = statements(house, clients)
                weight = max(before_pictures(client) for client in clients.values())
    few, many = (counts[count] for count in COUNTS)
    most = max(max(each.values()) for each in counts.values())
    grown = max(many[key] / few[key] for key in many)
    wider = max(
        each[who, query, TILES[-1]] / each[who, query, TILES[0]]
        for each in counts.values()
        for who in WHO
        for query in QUERIES
    )
    figure("library page, SQL statements / 12", most / 12, 1)
    figure("library page, statements at 10,000 against 1,000", grown, 1)
    figure("library page, statements for 96 tiles against 24", wider, 1)
    figure("library page before pictures, gzip kB / 120", weight / 1000 / 120, 1)
    end()


if __name__ == "__main__":
    main()
