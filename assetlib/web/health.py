"""Is the process alive, and can it do its work?"""

from functools import cache

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from assetlib.access.permission import OPEN_TO_ALL
from assetlib.current import house
from assetlib.errors import Refusal
from assetlib.media import sandbox_report
from assetlib.policy import open_to

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@open_to(OPEN_TO_ALL)
def healthz() -> Response:
    """The process answers. It asks nothing of anybody else."""
    return jsonify(status="ok")


@pages.get("/readyz")
@open_to(OPEN_TO_ALL)
def readyz() -> tuple[Response, int]:
    """Database and store are there; whether previews can be made is told beside it."""
    parts = {"database": _database(), "store": _store(), "previews": _previews()}
    ready = parts["database"] and parts["store"]
    return jsonify(status="ready" if ready else "not ready", parts=parts), 200 if ready else 503


@cache
def _previews() -> bool:
    """Whether decoders can be walled in here. A machine does not change that while we run."""
    return bool(sandbox_report()["previews"])


def _database() -> bool:
    try:
        with house().database.reading() as session:
            session.execute(text("SELECT 1 FROM audit_head"))
    except Exception:  # noqa: BLE001  # whatever keeps the database away, the answer is: not ready
        return False
    return True


def _store() -> bool:
    try:
        house().store.check()
    except (Refusal, OSError):
        return False
    return True
