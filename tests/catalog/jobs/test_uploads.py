from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import delete, func, select

from assetlib.access.actor import Actor
from assetlib.accounts.models import RoleGrant
from assetlib.audit.models import AuditEntry
from assetlib.catalog.actions.trash import delete_asset
from assetlib.catalog.actions.versions import approve_version
from assetlib.catalog.jobs import take_in_upload
from assetlib.catalog.models import Asset, CollectionGrant, Version
from assetlib.catalog.queries.uploads import twins_of
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.media.errors import NoSandbox
from assetlib.media.looking import TOO_LARGE_TO_DRAW
from assetlib.storage.local import LocalStore
from assetlib.storage.models import Blob, Upload
from assetlib.words import recalled
from tests import make
from tests.catalog.at_once import at_once
from tests.catalog.jobs.conftest import Send, TakeIn
from tests.catalog.pictures import jpeg, jpeg_with_xmp
from tests.catalog.verdicts import as_seen

ENGINES = ("sqlite", "postgresql")


def keys(store: LocalStore) -> set[str]:
    return {facts.key for facts in store.list()}


def asset_of(work: Work, upload: Upload) -> Asset:
    with work.database.transaction() as session:
        asset = session.get_one(Asset, upload.asset_id)
        for version in asset.versions:
            assert version.approvals is not None
        assert asset.current_version is not None
        return asset


def test_a_file_becomes_an_asset_with_what_it_says_of_itself(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn
) -> None:
    with work.database.transaction() as session:
        make.attribute(session, "photographer", embedded_as="creator")
        make.attribute(session, "of_logos", embedded_as="creator", types=["logo"])
    content = jpeg_with_xmp(
        {
            "title": "Lighthouse at dusk",
            "description": "The sea",
            "subject": ["sea", "dusk"],
            "creator": ["Ada"],
        }
    )
    upload = taken_in(crew.contributor, content, name="IMG_1.jpg")
    assert (upload.state, upload.version_number, upload.refusal) == ("available", 1, None)
    asset = asset_of(work, upload)
    assert (asset.title, asset.description, asset.tags) == ("Lighthouse at dusk", "The sea", ["sea", "dusk"])
    assert asset.attributes == {"photographer": "Ada"}
    assert (asset.type_key, asset.state) == ("photograph", "draft")
    assert (asset.organisation_id, asset.created_by_id) == (crew.agency.id, crew.contributor.person_id)
    version = asset.current_version
    assert version is not None
    assert (version.format, version.family, version.width, version.height) == ("JPEG", "image", 160, 120)
    assert (version.size, version.file_name, version.preview_state) == (len(content), "IMG_1.jpg", "waiting")
    assert version.colours[0] == "blue"
    assert version.phash is not None
    assert version.facts["colour_space"] == "RGB"
    assert version.embedded["title"]["source"] == "xmp"
    assert keys(store) == {upload.key}


def test_the_sender_stands_in_the_record_and_the_pictures_are_promised(
    work: Work, crew: make.People, taken_in: TakeIn
) -> None:
    upload = taken_in(crew.contributor, jpeg())
    with work.database.reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.object_id) == ("catalog.asset_added", str(upload.asset_id))
        assert (entry.actor_kind, entry.actor_id) == ("person", crew.contributor.person_id)
        job = session.scalars(select(Job)).one()
        assert job.kind == "catalog.make_renditions"
        assert session.get_one(Version, job.arguments["version_id"]).asset_id == upload.asset_id


def test_looking_twice_changes_nothing(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn
) -> None:
    upload = taken_in(crew.contributor, jpeg())
    refused = taken_in(crew.contributor, b"MZ\x90\0 not a picture", name="a.exe")
    counted = [select(func.count()).select_from(table) for table in (Asset, Version, Blob, AuditEntry, Job)]
    with work.database.reading() as session:
        before = [session.scalar(query) for query in counted]
    take_in_upload(work, store, upload_id=upload.id)
    take_in_upload(work, store, upload_id=refused.id)
    take_in_upload(work, store, upload_id=12_345)
    with work.database.reading() as session:
        assert [session.scalar(query) for query in counted] == before
    assert keys(store) == {upload.key}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.jpg"),
        (b"MZ\x90\0" + b"\0" * 200, "tool.exe"),
        (b"MZ\x90\0" + b"\0" * 200, "picture.jpg"),
        (b"<html><script>alert(1)</script></html>", "page.html"),
    ],
)
def test_what_is_not_wanted_is_refused_with_a_sentence_and_leaves_nothing(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn, content: bytes, name: str
) -> None:
    upload = taken_in(crew.contributor, content, name=name)
    assert upload.state == "refused"
    assert upload.refusal
    assert recalled(upload.refusal).endswith(".")
    assert (upload.refusal_code or "").startswith("media.")
    assert keys(store) == set()
    with work.database.reading() as session:
        for table in (Asset, Version, Blob):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalars(select(Job.kind)).all() == ["notify.gather"], "only the sender is told"
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.reason) == ("catalog.upload_refused", recalled(upload.refusal))


def test_bytes_that_vanished_are_said_to_be_gone(
    work: Work, store: LocalStore, crew: make.People, send: Send
) -> None:
    upload_id = send(crew.contributor, jpeg())
    for key in keys(store):
        store.delete(key)
    take_in_upload(work, store, upload_id=upload_id)
    with work.database.reading() as session:
        upload = session.get_one(Upload, upload_id)
        assert (upload.state, upload.refusal_code) == ("refused", "bytes_gone")


def test_a_file_shorter_than_announced_is_refused(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn
) -> None:
    content = jpeg()
    upload = taken_in(crew.contributor, content, size=len(content) + 1)
    assert (upload.state, upload.refusal_code) == ("refused", "wrong_bytes")
    assert keys(store) == set()


def test_equal_bytes_are_kept_once_within_an_organisation(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn
) -> None:
    content = jpeg()
    first = taken_in(crew.contributor, content, name="one.jpg")
    second = taken_in(crew.contributor, content, name="two.jpg")
    assert first.asset_id != second.asset_id
    assert first.blob_id == second.blob_id
    assert keys(store) == {first.key}
    third = taken_in(crew.other_contributor, content)
    assert third.blob_id != first.blob_id
    assert keys(store) == {first.key, third.key}


@pytest.mark.parametrize("spoilt", ["released_at", "damaged_at"])
def test_a_twin_that_is_going_or_damaged_is_not_relied_on(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn, spoilt: str
) -> None:
    first = taken_in(crew.contributor, jpeg())
    with work.database.transaction() as session:
        blob = session.get_one(Blob, first.blob_id)
        setattr(blob, spoilt, blob.created_at)
    second = taken_in(crew.contributor, jpeg())
    assert second.blob_id != first.blob_id
    assert keys(store) == {first.key, second.key}


def test_a_known_file_is_told_to_those_who_may_see_its_twin(
    work: Work, crew: make.People, taken_in: TakeIn
) -> None:
    content = jpeg()
    first = taken_in(crew.contributor, content)
    said = {}
    for actor in (crew.contributor, crew.other_contributor, crew.librarian):
        upload = taken_in(actor, content)
        version = asset_of(work, upload).current_version
        assert version is not None
        said[actor.name] = [twin["asset_id"] for twin in version.facts.get("same_as", [])]
    assert said[crew.contributor.name] == [first.asset_id]
    assert said[crew.other_contributor.name] == []
    assert len(said[crew.librarian.name]) == 3


def test_a_new_version_is_in_force_until_one_was_approved(
    work: Work, crew: make.People, taken_in: TakeIn
) -> None:
    first = taken_in(crew.contributor, jpeg())
    second = taken_in(crew.contributor, jpeg(161), as_version_of=first.asset_id)
    assert (second.asset_id, second.version_number) == (first.asset_id, 2)
    asset = asset_of(work, second)
    assert asset.current_version is not None
    assert asset.current_version.number == 2
    with work.database.transaction() as session:
        version = session.get_one(Version, asset.current_version_id)
        approve_version(session, crew.librarian, version, **as_seen(version))
    third = taken_in(crew.contributor, jpeg(162), as_version_of=first.asset_id)
    asset = asset_of(work, third)
    assert [version.number for version in asset.versions] == [3, 2, 1]
    assert asset.current_version is not None
    assert asset.current_version.number == 2
    assert not asset.versions[0].is_approved


def test_the_newest_bytes_again_are_no_new_version(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn
) -> None:
    first = taken_in(crew.contributor, jpeg())
    again = taken_in(crew.contributor, jpeg(), as_version_of=first.asset_id)
    assert again.state == "refused"
    assert "same bytes as version 1" in recalled(again.refusal or "")
    assert keys(store) == {first.key}


def test_the_bytes_in_force_again_are_no_new_version_but_older_ones_may_come_back(
    work: Work, crew: make.People, taken_in: TakeIn
) -> None:
    first = taken_in(crew.contributor, jpeg())
    with work.database.transaction() as session:
        version = session.get_one(Version, session.get_one(Asset, first.asset_id).current_version_id)
        approve_version(session, crew.librarian, version, **as_seen(version))
    taken_in(crew.contributor, jpeg(161), as_version_of=first.asset_id)
    again = taken_in(crew.contributor, jpeg(), as_version_of=first.asset_id)
    assert (
        recalled(again.refusal or "")
        == "These are the same bytes as version 1, which is in force. Nothing was added."
    )
    with work.database.transaction() as session:
        version = session.get_one(Asset, first.asset_id).versions[0]
        approve_version(session, crew.librarian, version, **as_seen(version))
    back = taken_in(crew.contributor, jpeg(), as_version_of=first.asset_id)
    assert (back.state, back.version_number) == ("available", 3)
    newest = asset_of(work, back).versions[0]
    assert newest.facts["same_as"] == [{"asset_id": first.asset_id, "version": 1}]


def test_twins_are_told_as_far_as_they_are_open_and_say_whether_they_take_the_bytes(
    work: Work, crew: make.People, taken_in: TakeIn
) -> None:
    first = taken_in(crew.contributor, jpeg())
    second = taken_in(crew.contributor, jpeg())

    def told(actor: Actor) -> list[tuple[int, int, bool]]:
        with work.database.reading() as session:
            version = session.get_one(Asset, second.asset_id).versions[0]
            return [(each.asset.id, each.number, each.takes_it) for each in twins_of(session, actor, version)]

    assert first.asset_id is not None
    assert told(crew.contributor) == [(first.asset_id, 1, False)]
    assert told(crew.other_contributor) == []
    taken_in(crew.contributor, jpeg(161), as_version_of=first.asset_id)
    assert told(crew.contributor) == [(first.asset_id, 1, True)]
    with work.database.transaction() as session:
        delete_asset(session, crew.librarian, session.get_one(Asset, first.asset_id), reason="")
    assert told(crew.contributor) == []


def test_a_version_goes_only_where_its_sender_may_add_one(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn
) -> None:
    first = taken_in(crew.contributor, jpeg())
    for other in (
        taken_in(crew.other_contributor, jpeg(161), as_version_of=first.asset_id),
        taken_in(crew.contributor, jpeg(161), as_version_of=99_999),
    ):
        assert (other.state, other.refusal_code) == ("refused", "asset_not_found")
    with work.database.transaction() as session:
        session.get_one(Asset, first.asset_id).state = "published"
        album = make.collection(session, crew.librarian, session.get_one(Asset, first.asset_id)).id
        session.add(
            CollectionGrant(
                collection_id=album, organisation_id=crew.other_agency.id, granted_at=first.created_at
            )
        )
    seen = taken_in(crew.other_contributor, jpeg(161), as_version_of=first.asset_id)
    assert (seen.state, seen.refusal_code) == ("refused", "not_permitted")
    assert len(asset_of(work, first).versions) == 1
    assert keys(store) == {first.key}


def test_who_lost_the_right_to_upload_meanwhile_is_refused(
    work: Work, crew: make.People, send: Send, store: LocalStore
) -> None:
    upload_id = send(crew.contributor, jpeg())
    with work.database.transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == crew.contributor.person_id))
    take_in_upload(work, store, upload_id=upload_id)
    with work.database.reading() as session:
        assert session.get_one(Upload, upload_id).refusal_code == "not_permitted"


def test_a_machine_that_cannot_look_leaves_the_file_waiting(
    work: Work, store: LocalStore, crew: make.People, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut(*args: object, **named: object) -> None:
        raise NoSandbox("Not here.")

    monkeypatch.setattr("assetlib.catalog.jobs.uploads.examine", shut)
    upload_id = send(crew.contributor, jpeg())
    with pytest.raises(NoSandbox):
        take_in_upload(work, store, upload_id=upload_id)
    with work.database.reading() as session:
        assert session.get_one(Upload, upload_id).state == "verifying"
    assert len(keys(store)) == 1
    monkeypatch.undo()
    take_in_upload(work, store, upload_id=upload_id)
    with work.database.reading() as session:
        assert session.get_one(Upload, upload_id).state == "available"


def test_what_is_too_large_for_a_preview_is_kept_and_says_so(
    work: Work, store: LocalStore, crew: make.People, send: Send
) -> None:
    content = jpeg()
    small = Work(work.database, replace(work.settings, largest_preview=len(content) - 1))
    upload_id = send(crew.contributor, content)
    take_in_upload(small, store, upload_id=upload_id)
    with work.database.reading() as session:
        version = session.scalars(select(Version)).one()
        assert version.preview_state == "none"
        assert version.warnings == [TOO_LARGE_TO_DRAW]
        assert session.scalars(select(Job)).all() == []


def test_nothing_is_left_in_the_scratch_folder(work: Work, crew: make.People, taken_in: TakeIn) -> None:
    taken_in(crew.contributor, jpeg())
    taken_in(crew.contributor, b"MZ\x90\0", name="a.exe")
    assert list(work.settings.scratch.iterdir()) == []


def test_versions_that_arrive_at_once_get_numbers_of_their_own(
    work: Work, store: LocalStore, crew: make.People, taken_in: TakeIn, send: Send
) -> None:
    first = taken_in(crew.contributor, jpeg())
    waiting = [send(crew.contributor, jpeg(170 + n), as_version_of=first.asset_id) for n in range(4)]
    assert at_once([partial(take_in_upload, work, store, upload_id=each) for each in waiting]) == [None] * 4
    asset = asset_of(work, first)
    assert [version.number for version in asset.versions] == [5, 4, 3, 2, 1]
    assert asset.current_version_id == asset.versions[0].id


def test_the_same_upload_looked_at_by_two_workers_counts_once(
    work: Work, store: LocalStore, crew: make.People, send: Send
) -> None:
    upload_id = send(crew.contributor, jpeg())
    assert at_once([partial(take_in_upload, work, store, upload_id=upload_id)] * 3) == [None] * 3
    with work.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Asset)) == 1
        assert session.get_one(Upload, upload_id).state == "available"
    assert len(keys(store)) == 1
