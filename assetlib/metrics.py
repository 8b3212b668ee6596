"""Figures for Prometheus at /metrics: what the web server did, and how the house stands.

There is no such page unless `ASSETLIB_METRICS_TOKEN` is set. No figure names a person, an address or a file.
Requests are counted in files that all processes of one web server share, when `PROMETHEUS_MULTIPROC_DIR`
names their folder; `assetlib serve` sees to that. The library looks at the variable when it is loaded, so it
is loaded late, and only where figures are wanted.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from apiflask import APIFlask
from flask import Flask, Response, g, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.permission import OPEN_TO_ALL
from assetlib.audit.models import AuditHead
from assetlib.errors import NotFound
from assetlib.house import House
from assetlib.jobs.models import DEAD, QUEUED, RUNNING, Job
from assetlib.migrating import newest_revision, revision_in
from assetlib.noted import last_backup
from assetlib.policy import open_to
from assetlib.settings import Settings
from assetlib.storage.models import Blob, Upload
from assetlib.storage.states import OPEN
from assetlib.words import say

if TYPE_CHECKING:
    from prometheus_client import Metric

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable: the folder in which the processes of one server count together."""
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds."""
Labels = tuple[str, ...]
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
"""Others are counted as one: anybody can invent methods."""


def install(app: APIFlask, house: House) -> None:
    """Count requests, if this house is to give figures, and add the route that gives them."""
    give = _meter(app, house) if house.settings.metrics_token else None

    @open_to(OPEN_TO_ALL)
    def metrics() -> Response:
        """All figures, to whoever has the token."""
        if give is None:
            raise NotFound(say("This installation gives no figures."))
        if not _has_token(house.settings):
            return Response("", status=401, headers={"WWW-Authenticate": 'Bearer realm="assetlib metrics"'})
        return give()

    app.add_url_rule("/metrics", "metrics", app.doc(hide=True)(metrics))


def _has_token(settings: Settings) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.metrics_token.encode()
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode("utf-8", "replace"), wanted)


def _meter(app: Flask, house: House) -> Callable[[], Response]:
    """Count every request from now on; a function that answers with all figures."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    is_shared = SHARED_FOLDER in os.environ
    own = None if is_shared else registry
    if is_shared:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library says nothing of it
    registry.register(HouseFigures(house))
    requests = Counter(
        "assetlib_requests", "Requests that were answered.", ["endpoint", "method", "status"], registry=own
    )
    seconds = Histogram(
        "assetlib_request_duration_seconds",
        "Time until the answer began; the bytes of a download come after.",
        ["endpoint", "method"],
        buckets=BUCKETS,
        registry=own,
    )

    def begin() -> None:
        g.metered_since = time.perf_counter()

    def end(response: Response) -> Response:
        method = request.method if request.method in METHODS else "other"
        endpoint = request.endpoint or "none"
        requests.labels(endpoint, method, str(response.status_code)).inc()
        if "metered_since" in g:
            seconds.labels(endpoint, method).observe(time.perf_counter() - g.metered_since)
        return response

    def give() -> Response:
        return Response(
            generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
        )

    app.before_request(begin)
    app.after_request(end)
    return give


class HouseFigures:
    """How the house stands, asked of the database at each look."""

    def __init__(self, house: House) -> None:
        self._database, self._home = house.database, house.settings.home

    def describe(self) -> list["Metric"]:
        """Nothing: being registered is no reason to ask the database."""
        return []

    def collect(self) -> Iterator["Metric"]:
        yield _gauge("build_info", "This program.", ["version"], {(version("assetlib"),): 1})
        try:
            with self._database.reading() as session:
                figures = list(_figures(session))
        except SQLAlchemyError:
            figures = []
        if (moment := last_backup(self._home)) is not None:
            about = "When the last backup that came to its end was taken, in seconds since 1970."
            yield _gauge("last_backup_timestamp_seconds", about, [], {(): moment.timestamp()})
        yield _gauge("database_up", "Whether the database answered.", [], {(): 1 if figures else 0})
        yield from figures


def _figures(session: Session) -> Iterator["Metric"]:
    revisions: dict[Labels, float] = {(revision_in(session) or "none", newest_revision()): 1}
    yield _gauge(
        "schema_info", "Revision of the tables, and the one needed.", ["database", "program"], revisions
    )
    for name, state, about in (
        ("jobs_waiting", QUEUED, "Jobs that wait, for their turn or for their hour."),
        ("jobs_running", RUNNING, "Jobs that a worker has in hand."),
        ("jobs_failed", DEAD, "Jobs that were given up; somebody has to look."),
    ):
        counted = select(Job.kind, func.count(Job.id)).where(Job.state == state).group_by(Job.kind)
        yield _gauge(name, about, ["kind"], {(kind,): count for kind, count in session.execute(counted)})
    moment = clock.now()
    due = (
        select(Job.kind, func.min(Job.run_at))
        .where(Job.state == QUEUED, Job.run_at <= moment)
        .group_by(Job.kind)
    )
    ages: dict[Labels, float] = {
        (kind,): (moment - since).total_seconds() for kind, since in session.execute(due)
    }
    yield _gauge("jobs_due_age_seconds", "How long the oldest job that is due has waited.", ["kind"], ages)
    uploads = session.scalar(select(func.count(Upload.id)).where(Upload.state == OPEN)) or 0
    yield _gauge("uploads_open", "Uploads that are under way.", [], {(): uploads})
    blobs, size = session.execute(select(func.count(Blob.id), func.coalesce(func.sum(Blob.size), 0))).one()
    yield _gauge("blobs", "Files that are kept.", [], {(): blobs})
    yield _gauge("blob_bytes", "Bytes of all files that are kept.", [], {(): int(size)})
    damaged = session.scalar(select(func.count(Blob.id)).where(Blob.damaged_at.is_not(None))) or 0
    yield _gauge("blobs_damaged", "Files whose bytes are gone or changed.", [], {(): damaged})
    length = session.scalar(select(AuditHead.seq).where(AuditHead.id == 1)) or 0
    yield _gauge("audit_entries", "Length of the record of what happened.", [], {(): length})


def _gauge(name: str, about: str, labels: list[str], values: "Mapping[Labels, float]") -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    gauge = GaugeMetricFamily(f"assetlib_{name}", about, labels=labels)
    for label, value in values.items():
        gauge.add_metric(list(label), value)
    return gauge
