"""Figures for Prometheus: off unless wanted, for the token only, and right with several processes."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assetlib import clock
from assetlib.app import create_app
from assetlib.house import House, open_house
from assetlib.jobs.models import Job
from assetlib.migrating import newest_revision
from assetlib.noted import note_backup
from tests import make
from tests.cli.homes import assetlib, environment
from tests.proof.served import free_port

TOKEN = "a-token-of-thirty-two-characters-or-more"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def figures_in(text: str) -> Figures:
    """Every sample of a page, as the library that reads such pages understands it."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(figures: Figures, name: str, **labels: str) -> float:
    return figures[name, frozenset(labels.items())]


@pytest.fixture
def metered(house: House) -> House:
    return replace(house, settings=replace(house.settings, metrics_token=TOKEN))


def test_there_is_no_such_page_unless_it_is_wanted(house: House) -> None:
    client = create_app(house.settings, house=house).test_client()
    assert client.get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xe9" + TOKEN])
def test_without_the_token_nothing_is_told(metered: House, given: str) -> None:
    client = create_app(metered.settings, house=metered).test_client()
    answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert (answer.status_code, answer.data) == (401, b"")


def test_requests_are_told_by_endpoint_method_and_status(metered: House) -> None:
    client = create_app(metered.settings, house=metered).test_client()
    for _ in range(3):
        client.get("/healthz")
    client.get("/library")
    client.open("/nowhere", method="BREW")
    figures = figures_in(client.get("/metrics", headers=BEARER).text)
    ok = {"endpoint": "health.healthz", "method": "GET"}
    assert figure(figures, "assetlib_requests_total", **ok, status="200") == 3
    assert (
        figure(figures, "assetlib_requests_total", endpoint="library.index", method="GET", status="302") == 1
    )
    assert figure(figures, "assetlib_requests_total", endpoint="none", method="other", status="404") == 1
    assert figure(figures, "assetlib_request_duration_seconds_count", **ok) == 3
    assert figure(figures, "assetlib_request_duration_seconds_bucket", **ok, le="+Inf") == 3


def test_the_house_tells_how_it_stands(metered: House) -> None:
    moment = clock.now()
    with metered.database.transaction() as session:
        people = make.people(session)
        own = make.blob(session, people.own, content=b"twelve bytes")
        make.blob(session, people.own, content=b"gone", damaged_at=moment)
        make.upload(
            session, people.contributor, content=b"x", store=metered.store, state="open", completed_at=None
        )
        for kind, state, waited in (("a.b", "queued", 90), ("a.b", "queued", -600), ("a.c", "dead", 9)):
            run_at = moment - timedelta(seconds=waited)
            session.add(Job(kind=kind, arguments={}, state=state, run_at=run_at, created_at=moment))
        assert own.size == 12
    client = create_app(metered.settings, house=metered).test_client()
    with clock.held_at(moment):
        figures = figures_in(client.get("/metrics", headers=BEARER).text)
    assert figure(figures, "assetlib_jobs_waiting", kind="a.b") == 2
    assert figure(figures, "assetlib_jobs_due_age_seconds", kind="a.b") == pytest.approx(90)
    assert figure(figures, "assetlib_jobs_failed", kind="a.c") == 1
    assert figure(figures, "assetlib_uploads_open") == 1
    assert figure(figures, "assetlib_blobs") == 2
    assert figure(figures, "assetlib_blob_bytes") == 16
    assert figure(figures, "assetlib_blobs_damaged") == 1
    assert figure(figures, "assetlib_audit_entries") == 0
    revision = newest_revision()
    assert figure(figures, "assetlib_schema_info", database=revision, program=revision) == 1
    assert [name for name, _ in figures if name == "assetlib_build_info"]
    assert figure(figures, "assetlib_database_up") == 1


def test_the_age_of_the_last_backup_can_be_told(metered: House) -> None:
    client = create_app(metered.settings, house=metered).test_client()
    name = ("assetlib_last_backup_timestamp_seconds", frozenset[tuple[str, str]]())
    assert name not in figures_in(client.get("/metrics", headers=BEARER).text)
    moment = clock.now()
    note_backup(metered.settings.home, moment.isoformat(), metered.settings.home)
    assert figures_in(client.get("/metrics", headers=BEARER).text)[name] == pytest.approx(moment.timestamp())


def test_no_figure_names_a_person(metered: House) -> None:
    client = create_app(metered.settings, house=metered).test_client()
    client.get("/healthz", headers={"X-Request-Id": "ada-example", "User-Agent": "Ada Example"})
    figures = figures_in(client.get("/metrics", headers=BEARER).text)
    labels = {label for _, given in figures for label, _ in given}
    assert labels <= {"endpoint", "method", "status", "le", "kind", "version", "database", "program"}


def test_when_the_database_is_away_requests_are_told_all_the_same(metered: House, tmp_path: Path) -> None:
    away = open_house(replace(metered.settings, home=tmp_path / "away"))
    client = create_app(away.settings, house=away).test_client()
    client.get("/healthz")
    figures = figures_in(client.get("/metrics", headers=BEARER).text)
    assert figure(figures, "assetlib_database_up") == 0
    assert ("assetlib_blobs", frozenset()) not in figures
    assert (
        figure(figures, "assetlib_requests_total", endpoint="health.healthz", method="GET", status="200") == 1
    )


@contextmanager
def _serving(home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    words = ["serve", "--port", str(port), "--processes", "3", "--threads", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "assetlib.cli", *words],
        env=environment(home, ASSETLIB_METRICS_TOKEN=TOKEN, TMPDIR=str(home)),
    )
    try:
        deadline = time.monotonic() + 60
        while _get(port, "/readyz") == (0, "") and time.monotonic() < deadline:
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=BEARER)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except ConnectionError:
        return 0, ""
    finally:
        connection.close()


def test_all_processes_count_together_and_a_dead_one_is_not_forgotten(tmp_path: Path) -> None:
    assert assetlib(tmp_path, "migrate").returncode == 0
    port = free_port()
    asked = {"endpoint": "health.healthz", "method": "GET", "status": "200"}
    with _serving(tmp_path, port) as server:
        for _ in range(60):
            assert _get(port, "/healthz")[0] == 200
        counts = {
            figure(figures_in(_get(port, "/metrics")[1]), "assetlib_requests_total", **asked)
            for _ in range(9)
        }
        assert counts == {60}
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
        deadline = time.monotonic() + 30
        while _get(port, "/healthz")[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert figure(figures_in(_get(port, "/metrics")[1]), "assetlib_requests_total", **asked) >= 61
        assert [each for each in tmp_path.iterdir() if each.name.startswith("assetlib-metrics-")]
    assert not [each for each in tmp_path.iterdir() if each.name.startswith("assetlib-metrics-")]
