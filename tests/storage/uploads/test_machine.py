"""Any order of steps, by two people, with lost answers and sweeps in between, keeps the promises."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import append_chain, verify
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.storage.blobs import DamagedBytes, NoSuchMultipart
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Upload
from assetlib.storage.sweeper import sweep
from assetlib.storage.uploads import rules
from assetlib.storage.uploads.errors import PartsMissing, UploadNotOpen, WrongPart
from assetlib.storage.uploads.protocol import UploadDesk
from assetlib.storage.uploads.rules import Announced
from tests import make, templates
from tests.storage.conftest import SMALL_PART
from tests.storage.contract import read, some_bytes

SIZES = {"empty": 0, "one part": 5, "just two parts": 2 * SMALL_PART, "three parts": 2 * SMALL_PART + 17}


@cache
def content_of(name: str) -> bytes:
    return some_bytes(SIZES[name], seed=len(name))


@cache
def empty_database() -> Path:
    return templates.sqlite_file(Path(tempfile.mkdtemp(prefix="assetlib-machine-")))


@dataclass
class Expected:
    """What the machine believes of one upload."""

    public_id: str
    owner: Actor
    name: str
    state: str = "open"
    parts: set[int] = field(default_factory=set)

    @property
    def count(self) -> int:
        return max(1, -(-SIZES[self.name] // SMALL_PART))


class UploadMachine(RuleBasedStateMachine):
    uploads = Bundle("uploads")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="assetlib-machine-"))
        shutil.copyfile(empty_database(), self.folder / "db.sqlite")
        self.database = Database(f"sqlite:///{self.folder / 'db.sqlite'}", before_commit=[append_chain])
        self.small = patch.object(rules, "SMALLEST_PART", SMALL_PART)
        self.small.start()
        with self.database.transaction() as session:
            people = make.people(session)
        self.actors = [people.contributor, people.librarian]
        self.known: dict[str, Expected] = {}
        self.now = clock.now()
        self.reopen()

    @rule()
    def reopen(self) -> None:
        """Another process takes over."""
        self.store = LocalStore(self.folder / "files")
        self.desk = UploadDesk(self.database, self.store, largest=10**9)

    @rule(target=uploads, who=st.integers(0, 1), name=st.sampled_from(sorted(SIZES)))
    def begin(self, who: int, name: str) -> object:
        actor = self.actors[who]
        announced = Announced(name=f"{name}.jpg", size=SIZES[name], mtime=0, fingerprint=name)
        with clock.held_at(self.now):
            progress, is_new = self.desk.begin(actor, announced)
        going_on = [
            each
            for each in self.known.values()
            if (each.owner, each.name, each.state) == (actor, name, "open")
        ]
        public_id = progress.upload.public_id
        if not is_new:
            assert [each.public_id for each in going_on] == [public_id]
            return multiple()
        assert going_on == []
        self.known[public_id] = Expected(public_id, actor, name)
        return self.known[public_id]

    @rule(upload=uploads, number=st.integers(1, 3), how=st.sampled_from(["well", "damaged", "short"]))
    def send(self, upload: Expected, number: int, how: str) -> None:
        content = content_of(upload.name)
        part = content[(number - 1) * SMALL_PART : number * SMALL_PART]
        sha256 = hashlib.sha256(part).hexdigest()
        if how == "damaged":
            sha256 = hashlib.sha256(part + b"x").hexdigest()
        body, length = BytesIO(part), len(part) - 1 if how == "short" else len(part)
        refusal: type[Exception] | None = None
        if upload.state != "open":
            refusal = UploadNotOpen
        elif number > upload.count or how == "short":
            refusal = WrongPart
        elif how == "damaged":
            refusal = DamagedBytes
        with clock.held_at(self.now):
            if refusal is None:
                self.desk.receive_part(upload.owner, upload.public_id, number, body, length, sha256)
                upload.parts.add(number)
            else:
                with pytest.raises(refusal):
                    self.desk.receive_part(upload.owner, upload.public_id, number, body, length, sha256)

    @rule(upload=uploads)
    def send_the_rest(self, upload: Expected) -> None:
        for number in range(1, upload.count + 1):
            self.send(upload, number, "well")

    @rule(upload=uploads, answer_is_lost=st.booleans())
    def complete(self, upload: Expected, answer_is_lost: bool) -> None:
        if upload.state == "cancelled":
            with pytest.raises(UploadNotOpen):
                self.desk.complete(upload.owner, upload.public_id)
        elif upload.state == "open" and len(upload.parts) < upload.count:
            with pytest.raises(PartsMissing):
                self.desk.complete(upload.owner, upload.public_id)
        elif upload.state == "open" and answer_is_lost:
            # The process dies between the store and the row; the client says it again.
            kept = self.desk.look(upload.owner, upload.public_id).upload
            parts = self.store.list_parts(kept.key, kept.multipart)
            self.store.complete_multipart(kept.key, kept.multipart, parts)
            self.reopen()
            self.desk.complete(upload.owner, upload.public_id)
            upload.state = "verifying"
        else:
            assert self.desk.complete(upload.owner, upload.public_id).upload.state == "verifying"
            upload.state = "verifying"

    @rule(upload=uploads)
    def cancel(self, upload: Expected) -> None:
        if upload.state == "verifying":
            with pytest.raises(UploadNotOpen):
                self.desk.cancel(upload.owner, upload.public_id)
        else:
            self.desk.cancel(upload.owner, upload.public_id)
            upload.state = "cancelled"

    @rule(upload=consumes(uploads))
    def a_day_goes_by(self, upload: Expected) -> None:
        """Whatever is open is given up; the bundle forgets one upload, so that runs stay varied."""
        self.now += timedelta(hours=25)
        with clock.held_at(self.now):
            sweep(self.database, self.store)
        for each in self.known.values():
            if each.state == "open":
                each.state = "cancelled"

    @invariant()
    def rows_store_and_jobs_agree(self) -> None:
        with self.database.reading() as session:
            rows = {row.public_id: row for row in session.scalars(select(Upload))}
            jobs = sorted(job["upload_id"] for job in session.scalars(select(Job.arguments)))
        assert rows.keys() == self.known.keys()
        assert jobs == sorted(row.id for row in rows.values() if row.state == "verifying")
        kept = {facts.key for facts in self.store.list()}
        assert kept == {row.key for row in rows.values() if row.state == "verifying"}
        for public_id, expected in self.known.items():
            row = rows[public_id]
            assert row.state == expected.state
            if expected.state == "open":
                parts = {part.number for part in self.store.list_parts(row.key, row.multipart)}
                assert parts == expected.parts
            elif expected.state == "cancelled":
                with pytest.raises(NoSuchMultipart):
                    self.store.list_parts(row.key, row.multipart)

    def teardown(self) -> None:
        with self.database.reading() as session:
            assert verify(session).is_whole
            whole = {row.key: row for row in session.scalars(select(Upload)) if row.state == "verifying"}
        for key, row in whole.items():
            assert read(self.store, key) == content_of(row.fingerprint)
        with clock.held_at(self.now + timedelta(days=2)):
            sweep(self.database, self.store)
        assert list(self.store.list_multiparts()) == []
        assert list((self.folder / "files" / "temporary").iterdir()) == []
        self.small.stop()
        self.database.close()
        shutil.rmtree(self.folder)


def run(examples: int, steps: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        UploadMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=derandomize,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_order_of_steps_keeps_the_promises() -> None:
    run(examples=15, steps=20, derandomize=True)


@pytest.mark.proof
def test_any_order_of_steps_keeps_the_promises_many_times() -> None:
    run(examples=500, steps=50, derandomize=False)
