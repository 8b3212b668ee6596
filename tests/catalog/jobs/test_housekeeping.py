from datetime import timedelta

from sqlalchemy import select

from assetlib import clock
from assetlib.audit import verify
from assetlib.audit.models import AuditEntry
from assetlib.catalog.actions.downloads import make_package, open_download
from assetlib.catalog.actions.trash import KEPT_FOR, delete_asset, restore_asset
from assetlib.catalog.jobs import collect_blobs, purge_trash
from assetlib.catalog.models import Asset, Package, UsageEvent, Version
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.jobs.work import Work
from assetlib.storage.models import Blob
from tests import make

ENGINES = ("sqlite", "postgresql")


def released(database: Database) -> set[int]:
    with database.reading() as session:
        return set(session.scalars(select(Blob.id).where(Blob.released_at.is_not(None))))


def test_only_what_nothing_refers_to_is_marked(work: Work, crew: make.People) -> None:
    with work.database.transaction() as session:
        asset = make.asset(session, crew.agency)
        version = session.get_one(Version, asset.current_version_id)
        make.rendition(session, version)
        lost = make.blob(session, crew.agency).id
    collect_blobs(work)
    assert released(work.database) == {lost}


def test_the_mark_keeps_its_first_moment(work: Work, crew: make.People) -> None:
    with work.database.transaction() as session:
        lost = make.blob(session, crew.agency).id
    early = clock.now() - timedelta(days=3)
    with clock.held_at(early):
        collect_blobs(work)
    collect_blobs(work)
    with work.database.reading() as session:
        assert session.get_one(Blob, lost).released_at == early


def test_what_is_needed_again_loses_the_mark(work: Work, crew: make.People) -> None:
    with work.database.transaction() as session:
        lost = make.blob(session, crew.agency).id
    collect_blobs(work)
    with work.database.transaction() as session:
        asset = make.asset(session, crew.agency, versions=0)
        make.version(session, asset, kept=session.get_one(Blob, lost))
    collect_blobs(work)
    assert released(work.database) == set()


def test_the_trash_is_emptied_after_thirty_days_and_no_earlier(work: Work, crew: make.People) -> None:
    start = clock.now()
    with work.database.transaction() as session:
        old, young, back, kept = (make.published(session, crew.agency, crew.librarian) for _ in range(4))
        ids = {"old": old.id, "young": young.id, "back": back.id, "kept": kept.id}
        shared = session.get_one(Version, kept.current_version_id)
        make.version(session, old, kept=session.get_one(Blob, shared.blob_id))
        alone = {v.blob_id for v in old.versions if v.blob_id != shared.blob_id}
        delete_asset(session, crew.librarian, old)
        delete_asset(session, crew.librarian, back)
        restore_asset(session, crew.librarian, back)
    with clock.held_at(start + timedelta(days=1)), work.database.transaction() as session:
        delete_asset(session, crew.librarian, session.get_one(Asset, ids["young"]))
    with clock.held_at(start + KEPT_FOR + timedelta(hours=1)):
        purge_trash(work)
        purge_trash(work)
        collect_blobs(work)
    with work.database.reading() as session:
        left = set(session.scalars(select(Asset.id)))
        assert left == {ids["young"], ids["back"], ids["kept"]}
        purged = session.scalars(select(AuditEntry).where(AuditEntry.action == "catalog.asset_purged")).all()
        assert [(entry.object_id, entry.actor_kind) for entry in purged] == [(str(ids["old"]), "system")]
        assert [job.kind for job in session.scalars(select(Job))] == ["catalog.collect_blobs"]
        assert verify(session).is_whole
    # Bytes that another asset still holds stay.
    assert released(work.database) == alone


def test_the_list_of_a_zip_goes_after_a_week_and_its_uses_stay(work: Work, crew: make.People) -> None:
    start = clock.now()
    with work.database.transaction() as session:
        asset = make.published(session, crew.agency, crew.librarian)
        assert asset.current_version is not None
        for age in (6, 8):
            with clock.held_at(start - timedelta(days=age)):
                package = make_package(session, crew.field_marketer, [asset.id], "original")
                open_download(
                    session, crew.field_marketer, asset, asset.current_version, "original", package=package
                )
        young = session.scalars(select(Package.id).order_by(Package.created_at.desc())).first()
    collect_blobs(work)
    with work.database.reading() as session:
        assert session.scalars(select(Package.id)).all() == [young]
        events = session.scalars(select(UsageEvent).order_by(UsageEvent.at)).all()
        assert [each.package_id for each in events] == [None, young]
