"""`assetlib demo`: a served product with a demo company in it; `--keep-data` serves what is there."""

import argparse
import compileall
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import assetlib
from assetlib import clock
from assetlib.accounts.queries import find_own_organisation
from assetlib.cli.serving import NotStarted, port_is_free, serve_until_stopped
from assetlib.demo.company import OWN, PASSWORD, PEOPLE
from assetlib.demo.filling import fill
from assetlib.errors import Conflict
from assetlib.house import open_house
from assetlib.keeping.starting import must_not_be_restoring
from assetlib.keeping.upgrading import bring_to_this_version
from assetlib.settings import Settings, variable

_UNFINISHED = "demo-unfinished"
"""A file in HOME while the demo company is put in: what it stands for was empty before, and is not whole."""


class HalfFilled(Conflict):
    """An earlier start was stopped in the middle, in a database that is not ours to throw away."""

    code = "demo_half_filled"


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--keep-data", action="store_true", help="serve the data as they are")
    parser.set_defaults(run=run)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    if not port_is_free(asked.port):
        print(
            f"Port {asked.port} is taken by another program. Choose one: PORT={asked.port + 1} make demo",
            file=sys.stderr,
        )
        return 2
    address = f"http://127.0.0.1:{asked.port}"
    # Links in mails lead back here, unless somebody said where people come in.
    settings = replace(settings, public_url=settings.public_url or address)
    if not asked.keep_data:
        _begin_anew_if_unfinished(settings)
    must_not_be_restoring(settings)
    bring_to_this_version(settings, print)
    if not asked.keep_data:
        _compile()
        _fill(settings)
    try:
        return serve_until_stopped(
            settings,
            asked.port,
            lambda: print(_welcome(settings, address), flush=True),
            more={
                variable("public_url"): settings.public_url,
                # People of the demo have one mailbox between them.
                variable("outbox_links"): "1",
            },
        )
    except NotStarted as why:
        print(why, file=sys.stderr)
        return 1


def _compile() -> None:
    """Compile our modules once: the children that look at files may write nothing, and start often."""
    compileall.compile_dir(str(Path(assetlib.__file__).parent), quiet=2)


def _fill(settings: Settings) -> None:
    house = open_house(settings)
    mark = settings.home / _UNFINISHED
    with house.database.reading() as session:
        is_empty = find_own_organisation(session) is None
    if is_empty:
        print("Putting the demo company in, about a minute …", flush=True)
        mark.touch()
        began = clock.now()
        count = fill(house)
        mark.unlink()
        seconds = (clock.now() - began).total_seconds()
        print(f"{count} assets in {seconds:.0f} seconds.", flush=True)
    house.database.close()


def _begin_anew_if_unfinished(settings: Settings) -> None:
    """Throw away a demo company that was stopped in the middle; nobody could have worked in it."""
    mark = settings.home / _UNFINISHED
    if not mark.exists():
        return
    if settings.database_url or settings.store_kind != "local":
        raise HalfFilled(
            "An earlier start was stopped while the demo company was put in. Empty the database and the "
            f"bucket, remove {mark}, then start again."
        )
    print("An earlier start was stopped in the middle. Beginning anew.", flush=True)
    for database in settings.home.glob("assetlib.sqlite*"):
        database.unlink()
    for folder in (settings.files, settings.index, settings.scratch):
        shutil.rmtree(folder, ignore_errors=True)
    mark.unlink()


def _welcome(settings: Settings, address: str) -> str:
    lines = ["", f"  assetlib is at {address}", "  Ctrl-C stops it.", ""]
    house = open_house(settings)
    with house.database.reading() as session:
        own = find_own_organisation(session)
        is_demo = own is not None and own.name == OWN
    house.database.close()
    if is_demo:
        rows = [("Role", "E-mail", "Organisation"), *logins()]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines += [
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        lines += ["", f"  Password of all: {PASSWORD}", ""]
    return "\n".join(lines)


def logins() -> list[tuple[str, str, str]]:
    """One for each role; the others come in with the same password."""
    first: dict[str, tuple[str, str, str]] = {}
    for each in PEOPLE.values():
        first.setdefault(each.said_roles, (each.said_roles, each.email, each.organisation))
    return list(first.values())
