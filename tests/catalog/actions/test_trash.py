from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.access.permission import NotPermitted
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.actions.trash import KEPT_FOR, delete_asset, purge_asset, restore_asset, restore_assets
from assetlib.catalog.errors import NoSuchAsset, WrongState, WrongValue
from assetlib.catalog.models import (
    Approval,
    Asset,
    CollectionItem,
    Rendition,
    UsageEvent,
    UsageRight,
    Version,
)
from assetlib.catalog.permissions.assets import may_have_bytes
from assetlib.catalog.queries.assets import get_asset
from assetlib.catalog.queries.visibility import visible_to
from tests import make
from tests.catalog.recorded import actions, recorded
from tests.catalog.statements import counted

ENGINES = ("sqlite", "postgresql")


def rich(session: Session, people: make.People) -> Asset:
    """A published asset with every tie there is."""
    asset = make.published(session, people.agency, people.librarian, title="Lighthouse")
    second = make.version(session, asset, current=False)
    make.rendition(session, second, "preview")
    make.collection(session, people.librarian, asset)
    assert asset.current_version is not None
    open_download(session, people.field_marketer, asset, asset.current_version, "original")
    return asset


def ties(session: Session, asset_id: int) -> list[int]:
    """How many rows hang on the asset, by table."""
    versions = select(Version.id).where(Version.asset_id == asset_id)
    return [
        len(session.execute(query).all())
        for query in (
            select(Version.id).where(Version.asset_id == asset_id),
            select(Rendition.id).where(Rendition.version_id.in_(versions)),
            select(Approval.id).where(Approval.version_id.in_(versions)),
            select(UsageRight.asset_id).where(UsageRight.asset_id == asset_id),
            select(CollectionItem.asset_id).where(CollectionItem.asset_id == asset_id),
            select(UsageEvent.id).where(UsageEvent.asset_id == asset_id),
        )
    ]


def test_what_is_deleted_is_seen_and_had_by_nobody_outside(session: Session, people: make.People) -> None:
    asset = rich(session, people)
    assert asset.current_version is not None
    delete_asset(session, people.librarian, asset, reason="Twice there")
    for actor in people.all():
        assert asset.id not in session.scalars(select(Asset.id).where(visible_to(actor))).all()
        assert not may_have_bytes(actor, asset, asset.current_version, "download").is_yes
    entry = recorded(session, asset)[-1]
    assert (entry.action, entry.reason) == ("catalog.asset_deleted", "Twice there")


def test_what_is_restored_has_all_its_ties(session: Session, people: make.People) -> None:
    asset = rich(session, people)
    before, state, current = ties(session, asset.id), asset.state, asset.current_version_id
    assert before == [2, 1, 1, 1, 1, 1]
    delete_asset(session, people.librarian, asset)
    restore_asset(session, people.librarian, asset)
    assert ties(session, asset.id) == before
    assert (asset.state, asset.current_version_id, asset.deleted_at) == (state, current, None)
    assert get_asset(session, people.field_marketer, asset.id) is asset
    assert actions(session, asset)[-2:] == ["asset_deleted", "asset_restored"]


@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_an_agency_deletes_its_own_until_it_is_approved(
    session: Session, people: make.People, state: str
) -> None:
    asset = make.asset(session, people.agency, state=state)
    with pytest.raises(NotPermitted):
        delete_asset(session, people.other_contributor, asset)
    delete_asset(session, people.contributor, asset)
    assert asset.deleted_by_id == people.contributor.person_id


def test_others_delete_and_restore_nothing(session: Session, people: make.People) -> None:
    asset = rich(session, people)
    for actor in (people.contributor, people.field_marketer):
        with pytest.raises(NotPermitted):
            delete_asset(session, actor, asset)
    delete_asset(session, people.librarian, asset)
    for actor in (people.contributor, people.field_marketer):
        with pytest.raises(NotPermitted):
            restore_asset(session, actor, asset)


def test_nothing_is_deleted_or_restored_twice(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    with pytest.raises(NotPermitted):
        restore_asset(session, people.librarian, asset)
    delete_asset(session, people.librarian, asset)
    with pytest.raises(NotPermitted):
        delete_asset(session, people.librarian, asset)


def test_a_reason_that_cannot_be_kept_is_refused(session: Session, people: make.People) -> None:
    asset = make.asset(session, people.own)
    with pytest.raises(WrongValue):
        delete_asset(session, people.librarian, asset, reason="\0")
    assert asset.deleted_at is None


def test_after_thirty_days_nothing_is_left_but_the_record(
    session: Session, people: make.People, noise: Asset
) -> None:
    asset, others = rich(session, people), ties(session, noise.id)
    asset_id = asset.id
    delete_asset(session, people.librarian, asset)
    with pytest.raises(WrongState):
        purge_asset(session, SYSTEM, asset)
    with pytest.raises(NotPermitted):
        purge_asset(session, people.administrator, asset)
    with clock.held_at(clock.now() + KEPT_FOR + timedelta(seconds=1)):
        purge_asset(session, SYSTEM, asset)
    assert session.get(Asset, asset_id) is None
    assert ties(session, asset_id) == [0] * 6
    assert ties(session, noise.id) == others
    entry = recorded(session)[-1]
    assert (entry.action, entry.object_id) == ("catalog.asset_purged", str(asset_id))
    assert entry.changes["before"]["title"] == "Lighthouse"
    assert len(entry.changes["before"]["versions"]) == 2


def test_many_are_restored_by_lots_and_all_or_none(session: Session, people: make.People) -> None:
    def trashed(count: int) -> list[int]:
        moment = clock.now()
        return [make.asset(session, people.own, versions=0, deleted_at=moment).id for _ in range(count)]

    few, many = trashed(2), trashed(40)
    session.expire_all()
    with counted(session) as for_few:
        assert restore_assets(session, people.librarian, [*few, few[0]]) == 2
    session.expire_all()
    with counted(session) as for_many:
        assert restore_assets(session, people.librarian, many) == 40
    reads = [[each for each in sent if each.startswith("SELECT")] for sent in (for_few, for_many)]
    assert len(reads[0]) == len(reads[1]) == 1
    more = trashed(2)
    with pytest.raises(NoSuchAsset):
        restore_assets(session, people.librarian, [*more, 10**6])
    with pytest.raises(NotPermitted):
        restore_assets(session, people.librarian, [*more, few[0]])
    with pytest.raises(WrongValue, match="10,000"):
        restore_assets(session, people.librarian, range(1, 10_002))
    still = select(Asset.id).where(Asset.deleted_at.is_not(None))
    assert set(session.scalars(still)) >= set(more)
