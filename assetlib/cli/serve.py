"""`assetlib serve`: the web server."""

import argparse
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gunicorn.app.base import BaseApplication

from assetlib import logs
from assetlib.app import create_app
from assetlib.errors import Conflict
from assetlib.keeping.starting import must_be_startable
from assetlib.metrics import SHARED_FOLDER
from assetlib.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    parser.set_defaults(run=run)


class AddressTaken(Conflict):
    """Another program listens there, or nobody may."""

    code = "address_taken"


class Server(BaseApplication):
    """gunicorn with our application, told by arguments instead of a file."""

    def __init__(self, settings: Settings, asked: argparse.Namespace) -> None:
        self.settings = settings
        self.asked = asked
        super().__init__()

    def load_config(self) -> None:
        for key, value in {
            "bind": f"{self.asked.host}:{self.asked.port}",
            "worker_class": "gthread",
            "workers": self.asked.processes,
            "threads": self.asked.threads,
            # A large part over a poor line takes its time; gthread's workers answer others meanwhile.
            "timeout": 120,
            # The most that gunicorn takes: a long search, with its umlauts written out, stays one of ours.
            "limit_request_line": 8190,
            "umask": 0o027,
            "graceful_timeout": 20,
            "accesslog": None,
            "loglevel": "warning",
        }.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        logs.set_up(self.settings)
        return create_app(self.settings)


def run(settings: Settings, asked: argparse.Namespace) -> int:
    must_be_startable(settings)
    _must_be_free(asked.host, asked.port)
    logs.set_up(settings)
    logs.log.info("serving", address=f"http://{asked.host}:{asked.port}", public_url=settings.public_url)
    with _counting_together(settings):
        Server(settings, asked).run()
    return 0


def _must_be_free(host: str, port: int) -> None:
    """Nothing, or a refusal, where somebody else is at this address; gunicorn would try for a while."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as fault:
        raise AddressTaken(
            f"Port {port} of {host} cannot be had: {fault.strerror}. "
            f"Choose another one: assetlib serve --port {port + 1}"
        ) from fault


@contextmanager
def _counting_together(settings: Settings) -> Iterator[None]:
    """A folder in which all processes of this server count, so that each of them can tell the sum."""
    if not settings.metrics_token or SHARED_FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="assetlib-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]
