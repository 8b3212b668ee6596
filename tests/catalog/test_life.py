"""The whole life of an asset, played at random by people of every sort, and by several at once."""

import hashlib
import shutil
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import append_chain, verify
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.actions.rights import record_rights, remove_rights
from assetlib.catalog.actions.states import (
    archive_asset,
    publish_asset,
    reopen_asset,
    submit_asset,
    withdraw_asset,
)
from assetlib.catalog.actions.trash import delete_asset, restore_asset
from assetlib.catalog.actions.uploads import take_in
from assetlib.catalog.actions.versions import approve_version, return_version
from assetlib.catalog.errors import ChangedMeanwhile
from assetlib.catalog.models import Approval, Asset, UsageEvent, Version
from assetlib.catalog.models.asset import STATES
from assetlib.catalog.rules.rights_forms import RightForm
from assetlib.database import Database, StaleWrite
from assetlib.errors import Refusal
from assetlib.media.examination import Examination
from assetlib.storage.blobs import Measured, new_key
from assetlib.storage.models import Upload
from tests import make
from tests.catalog.at_once import at_once
from tests.catalog.verdicts import as_seen

ENGINES = ("sqlite", "postgresql")

SEEN = Examination(format="jpeg", media_type="image/jpeg", family="image", label="JPEG", drawable=True)
WHO = st.sampled_from(
    ["librarian", "librarian", "administrator", "contributor", "other_contributor", "field_marketer"]
)


def bring(session: Session, actor: Actor, **values: Any) -> Version | None:
    """A file of its own bytes, taken in as the job does once it has looked."""
    moment, content = clock.now(), uuid4().bytes
    upload = Upload(
        public_id=uuid4().hex,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        name="hero.jpg",
        size=len(content),
        mtime=0,
        fingerprint="",
        part_size=1,
        key=new_key("original"),
        multipart="",
        state="verifying",
        created_at=moment,
        touched_at=moment,
        **values,
    )
    session.add(upload)
    session.flush()
    return take_in(session, actor, upload, Measured(len(content), hashlib.sha256(content).hexdigest()), SEEN)


class Life(RuleBasedStateMachine):
    """One asset of an agency; everything that may be tried with it is tried by everybody."""

    template: Path
    folder: Path
    reached: set[str]
    """Every state and every kind of download that came about in any of the lives."""

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / f"{uuid4().hex}.sqlite"
        shutil.copyfile(self.template, path)
        self.database = Database(f"sqlite:///{path}", before_commit=[append_chain])
        with self.database.transaction() as session:
            make.asset_type(session)
            self.people = make.people(session)
            version = bring(session, self.people.contributor)
            assert version is not None
            self.asset_id = version.asset_id
        self.said: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        self.attempt(lambda session, asset: archive_asset(session, self.people.librarian, asset))
        self.what_was_said_stays_said()
        with self.database.reading() as session:
            assert verify(session).is_whole
        self.database.close()

    def attempt(self, act: Any) -> None:
        """Do it in a transaction of its own; what is refused must leave everything as it was."""
        before = self.standing()
        try:
            with self.database.transaction() as session:
                act(session, session.get_one(Asset, self.asset_id))
        except Refusal:
            assert self.standing() == before
        else:
            self.reached.add(self.standing()[0])

    def standing(self) -> tuple[Any, ...]:
        with self.database.reading() as session:
            asset = session.get_one(Asset, self.asset_id)
            return (
                asset.state,
                asset.current_version_id,
                asset.deleted_at,
                asset.right is not None,
                asset.revision,
                [version.id for version in asset.versions],
                [approval.id for version in asset.versions for approval in version.approvals],
                session.scalars(select(UsageEvent.id)).all(),
            )

    def actor(self, who: str) -> Actor:
        found: Actor = getattr(self.people, who)
        return found

    @initialize(steps=st.integers(0, 4))
    def begin(self, steps: int) -> None:
        """Lives begin at different points, each reached by its own steps."""
        librarian = self.people.librarian
        way = (
            lambda session, asset: submit_asset(session, self.people.contributor, asset),
            lambda session, asset: approve_version(
                session, librarian, asset.versions[0], **as_seen(asset.versions[0])
            ),
            self._publish_with_rights,
            lambda session, asset: withdraw_asset(session, librarian, asset, reason="Stop"),
        )
        for act in way[:steps]:
            self.attempt(act)

    def _publish_with_rights(self, session: Session, asset: Asset) -> None:
        record_rights(session, self.people.librarian, asset, RightForm(), revision=asset.revision)
        publish_asset(session, self.people.librarian, asset)

    @rule(who=WHO)
    def add_version(self, who: str) -> None:
        self.attempt(lambda session, asset: bring(session, self.actor(who), as_version_of=asset.id))

    @rule(who=WHO)
    def try_to_submit(self, who: str) -> None:
        self.submit(who)

    def submit(self, who: str) -> None:
        self.attempt(lambda session, asset: submit_asset(session, self.actor(who), asset))

    def version(self, asset: Asset, place: int) -> Version:
        return asset.versions[place % len(asset.versions)]

    @rule(who=WHO, place=st.integers(0, 3), right_bytes=st.sampled_from([True, True, True, False]))
    def approve(self, who: str, place: int, right_bytes: bool) -> None:
        self.attempt(
            lambda session, asset: approve_version(
                session,
                self.actor(who),
                self.version(asset, place),
                **(as_seen(self.version(asset, place)) | ({} if right_bytes else {"sha256": "0" * 64})),
            )
        )

    @rule(who=WHO, place=st.integers(0, 3))
    def give_back(self, who: str, place: int) -> None:
        self.attempt(
            lambda session, asset: return_version(
                session,
                self.actor(who),
                self.version(asset, place),
                **as_seen(self.version(asset, place)),
                reason="Look again",
            )
        )

    @rule(who=WHO)
    def publish(self, who: str) -> None:
        self.attempt(lambda session, asset: publish_asset(session, self.actor(who), asset))

    @rule(who=WHO)
    def withdraw(self, who: str) -> None:
        self.attempt(lambda session, asset: withdraw_asset(session, self.actor(who), asset, reason="Stop"))

    @rule(who=WHO, verb=st.sampled_from([delete_asset, restore_asset, restore_asset]))
    def throw_away_or_back(self, who: str, verb: Any) -> None:
        self.attempt(lambda session, asset: verb(session, self.actor(who), asset))

    @rule(who=WHO, verb=st.sampled_from([archive_asset, reopen_asset]))
    def put_away_or_back(self, who: str, verb: Any) -> None:
        self.attempt(lambda session, asset: verb(session, self.actor(who), asset))

    @rule(who=WHO, there=st.sampled_from([True, True, False]))
    def rights(self, who: str, there: bool) -> None:
        if there:
            self.attempt(
                lambda session, asset: record_rights(
                    session, self.actor(who), asset, RightForm(), revision=asset.revision
                )
            )
        else:
            self.attempt(
                lambda session, asset: remove_rights(session, self.actor(who), asset, revision=asset.revision)
            )

    @rule(who=WHO, place=st.integers(0, 3))
    def try_to_download(self, who: str, place: int) -> None:
        self.download(who, place)

    def download(self, who: str, place: int) -> None:
        def take(session: Session, asset: Asset) -> None:
            version = self.version(asset, place)
            open_download(session, self.actor(who), asset, version, "original")
            assert asset.deleted_at is None
            if who == "field_marketer":
                assert asset.state == "published"
                assert version.id == asset.current_version_id
                assert version.is_approved
            assert who != "other_contributor"
            self.reached.add(f"download by {who}")

        self.attempt(take)

    @rule()
    def fetch(self) -> None:
        """Most people only want the file."""
        self.download("field_marketer", 0)

    @rule()
    def send_in(self) -> None:
        self.submit("contributor")

    @invariant()
    def what_is_out_is_approved_for_exactly_its_bytes(self) -> None:
        with self.database.reading() as session:
            asset = session.get_one(Asset, self.asset_id)
            current = asset.current_version
            assert current is not None
            assert [v.number for v in asset.versions] == list(range(len(asset.versions), 0, -1))
            if asset.state in ("approved", "published"):
                last = [a.verdict for a in current.approvals if a.sha256 == current.sha256][-1]
                assert last == "approved"
            if asset.state == "published":
                assert asset.right is not None
            if not any(a.verdict == "approved" for v in asset.versions for a in v.approvals):
                assert current is asset.versions[0]

    @invariant()
    def what_was_said_stays_said(self) -> None:
        with self.database.reading() as session:
            rows = session.scalars(select(Approval).order_by(Approval.id)).all()
            said = [
                (row.id, row.version_id, row.sha256, row.person_id, row.verdict, row.note, row.at)
                for row in rows
            ]
        assert said[: len(self.said)] == self.said
        self.said = said


def test_the_life_of_an_asset_keeps_its_promises(empty_database_file: Path, tmp_path: Path) -> None:
    class Here(Life):
        template, folder, reached = empty_database_file, tmp_path, set[str]()

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Here.reached >= {*STATES, "download by librarian", "download by field_marketer"}


@pytest.fixture
def crew(database: Database) -> make.People:
    with database.transaction() as session:
        return make.people(session)


def decide(
    database: Database, verb: Any, actor: Actor, version_id: int, seen: dict[str, str], **values: Any
) -> None:
    with database.transaction() as session:
        verb(session, actor, session.get_one(Version, version_id), **seen, **values)


def test_two_versions_approved_at_once_leave_the_later_in_force(
    database: Database, crew: make.People
) -> None:
    with database.transaction() as session:
        asset = make.published(session, crew.agency, crew.librarian)
        later = [make.version(session, asset, current=False) for _ in range(3)]
        asset_id, wanted = asset.id, [(version.id, as_seen(version)) for version in later]
    calls = [
        partial(decide, database, approve_version, crew.librarian, version_id, seen)
        for version_id, seen in wanted
    ]
    assert all(each is None or isinstance(each, StaleWrite) for each in at_once(calls))
    with database.reading() as session:
        asset = session.get_one(Asset, asset_id)
        approved = [version.number for version in asset.versions if version.is_approved]
        assert asset.current_version is not None
        assert asset.current_version.number == max(approved)
        assert len(approved) == 4
        assert asset.state == "published"


def test_of_two_verdicts_at_once_exactly_one_holds(database: Database, crew: make.People) -> None:
    for _ in range(5):
        with database.transaction() as session:
            asset = make.asset(session, crew.agency, state="in_review")
            version = session.get_one(Version, asset.current_version_id)
            version_id, seen = version.id, as_seen(version)
        yes = partial(decide, database, approve_version, crew.librarian, version_id, seen)
        no = partial(decide, database, return_version, crew.administrator, version_id, seen, reason="Darker")
        results = at_once([yes, no])
        refused = [each for each in results if each is not None]
        assert [type(each) for each in refused] == [ChangedMeanwhile]
        with database.reading() as session:
            version = session.get_one(Version, version_id)
            assert len(version.approvals) == 1
            held = version.approvals[0].verdict
            assert version.asset.state == ("approved" if held == "approved" else "draft")
        who = "Lena Librarian approved" if held == "approved" else "Ida Admin returned"
        assert f"{who} version 1 while you were looking" in refused[0].sentence


def test_a_return_and_a_publication_at_once_never_leave_unapproved_bytes_out(
    database: Database, crew: make.People
) -> None:
    for _ in range(5):
        with database.transaction() as session:
            asset = make.published(session, crew.agency, crew.librarian, state="approved")
            asset_id = asset.id
            version = session.get_one(Version, asset.current_version_id)
            version_id, seen = version.id, as_seen(version)

        def publish(wanted: int = asset_id) -> None:
            with database.transaction() as session:
                publish_asset(session, crew.librarian, session.get_one(Asset, wanted))

        back = partial(
            decide, database, return_version, crew.administrator, version_id, seen, reason="Look again"
        )
        results = at_once([publish, back])
        assert sum(isinstance(each, Refusal) for each in results) == 1
        with database.reading() as session:
            asset = session.get_one(Asset, asset_id)
            assert asset.current_version is not None
            assert (asset.state == "published") is asset.current_version.is_approved


def test_downloads_at_once_are_all_counted(database: Database, crew: make.People) -> None:
    with database.transaction() as session:
        asset_id = make.published(session, crew.own, crew.librarian).id

    def take() -> None:
        with database.transaction() as session:
            asset = session.get_one(Asset, asset_id)
            assert asset.current_version is not None
            open_download(session, crew.field_marketer, asset, asset.current_version, "original")

    assert at_once([take] * 8) == [None] * 8
    with database.reading() as session:
        assert session.get_one(Asset, asset_id).uses == 8
        assert len(session.scalars(select(UsageEvent)).all()) == 8
        assert verify(session).is_whole
