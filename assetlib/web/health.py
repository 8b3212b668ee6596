"""Is the process alive, and can it do its work?"""

from datetime import date, datetime, timedelta
from functools import cache
from threading import Lock
from typing import cast

from flask import Blueprint, Response, current_app, jsonify
from flask.blueprints import BlueprintSetupState

from assetlib import clock
from assetlib.access.permission import OPEN_TO_ALL
from assetlib.catalog.queries.damage import anything_is_damaged
from assetlib.errors import Refusal
from assetlib.house import House
from assetlib.media import sandbox_report
from assetlib.policy import open_to
from assetlib.search.request import Access

pages = Blueprint("health", __name__)

ASK_AGAIN_AFTER = timedelta(seconds=10)
"""Anybody may ask, and each answer costs a write to the disk: so it holds for a while."""
NEEDED = ("database", "store", "index")


class Readiness:
    """What this process found out when it last looked."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._looked_at: datetime | None = None
        self._parts: dict[str, bool] = {}

    def parts(self) -> dict[str, bool]:
        """Part → whether it is well."""
        with self._lock:
            moment = clock.now()
            if self._looked_at is None or not timedelta() <= moment - self._looked_at < ASK_AGAIN_AFTER:
                self._parts = self._look()
                self._looked_at = moment
            return self._parts

    def _look(self) -> dict[str, bool]:
        database, files = self._database()
        return {
            "database": database,
            "store": self._store(),
            "index": self._index(),
            "previews": _previews(),
            "files": files,
        }

    def _database(self) -> tuple[bool, bool]:
        """Whether it answers, and whether all files are whole as far as it knows."""
        try:
            with self._house.database.reading() as session:
                return True, not anything_is_damaged(session)
        except Exception:  # noqa: BLE001  # whatever keeps the database away, the answer is: not ready
            return False, False

    def _store(self) -> bool:
        try:
            self._house.store.check()
        except (Refusal, OSError):
            return False
        return True

    def _index(self) -> bool:
        try:
            self._house.index.did_you_mean(("ready",), Access(now=0, today=date.min))
        except (Refusal, OSError):
            return False
        return True


@cache
def _previews() -> bool:
    """Whether decoders can be walled in here. A machine does not change that while we run."""
    return bool(sandbox_report()["previews"])


@pages.record_once
def _begin(state: BlueprintSetupState) -> None:
    state.app.extensions["assetlib.readiness"] = Readiness(state.app.extensions["assetlib"])


@pages.get("/healthz")
@open_to(OPEN_TO_ALL)
def healthz() -> Response:
    """The process answers. It asks nothing of anybody else."""
    return jsonify(status="ok")


@pages.get("/readyz")
@open_to(OPEN_TO_ALL)
def readyz() -> tuple[Response, int]:
    """Database, store and index are there; whether previews can be made and all files are whole beside it."""
    parts = cast("Readiness", current_app.extensions["assetlib.readiness"]).parts()
    ready = all(parts[each] for each in NEEDED)
    return jsonify(status="ready" if ready else "not ready", parts=parts), 200 if ready else 503
