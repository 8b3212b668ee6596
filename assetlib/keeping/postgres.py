"""PostgreSQL's own programs, which copy a database out and in. Passwords go by the environment alone."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from assetlib.errors import Unavailable

_VARIABLES = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "connect_timeout": "PGCONNECT_TIMEOUT"}
_LAST_LINES = 8


class NoSuchProgram(Unavailable):
    code = "program_missing"


class ProgramFailed(Unavailable):
    """A program of PostgreSQL ended with a fault; its last words are in the sentence."""

    code = "program_failed"


def has(program: str) -> bool:
    return shutil.which(program) is not None


def dump(url: str, target: Path, *, snapshot: str | None = None) -> None:
    """Write the database, as it is or as it was at an exported snapshot, into a file of custom format."""
    more = [f"--snapshot={snapshot}"] if snapshot else []
    _run("pg_dump", url, ["--format=custom", "--no-owner", "--no-acl", f"--file={target}", *more])


def restore(url: str, source: Path) -> None:
    """Put a dump into an empty database, all of it or nothing."""
    _run(
        "pg_restore",
        url,
        [
            "--no-owner",
            "--no-acl",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={_name(url)}",
            str(source),
        ],
    )


def create(url: str) -> None:
    """Make the database that this address names."""
    _run("createdb", url, [_name(url)])


def drop(url: str) -> None:
    """Take away the database that this address names, if it is there."""
    _run("dropdb", url, ["--if-exists", "--force", _name(url)])


def named(url: str, name: str) -> str:
    """The same server, another database."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _name(url: str) -> str:
    return make_url(url).database or ""


def _run(program: str, url: str, arguments: list[str]) -> None:
    found = shutil.which(program)
    if found is None:
        raise NoSuchProgram(f"{program} is not installed here. On Debian: apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603  # a program of PostgreSQL, with an address that the settings name
        [found, "--no-password", *arguments], env=_environment(make_url(url)), capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
        raise ProgramFailed(f"{program} could not do it:\n{said}")


def _environment(url: URL) -> dict[str, str]:
    given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    given["PGDATABASE"] = url.database
    given |= {_VARIABLES[name]: str(value) for name, value in url.query.items() if name in _VARIABLES}
    return {**os.environ, **{name: str(value) for name, value in given.items() if value is not None}}
