"""Every change of what a search finds promises a refresh, in its own transaction."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.catalog.models import (
    Asset,
    Attribute,
    Collection,
    CollectionItem,
    UsageEvent,
    UsageRight,
    Version,
)
from assetlib.database import Database
from assetlib.jobs.models import Job
from assetlib.search import sync
from tests import make
from tests.search.conftest import Following

ENGINES = ("sqlite", "postgresql")


@pytest.fixture
def asset_id(following: Following) -> int:
    """An asset with everything, among others; all promises are kept."""
    with following.database.transaction() as session:
        people = make.people(session)
        asset = make.published(session, people.own, people.librarian, attributes={"brand": "tarn"})
        make.attribute(session, "brand", "choice", choices=["tarn", "ridge"])
        outer = make.collection(session, people.librarian, name="outer")
        make.collection(session, people.librarian, asset, inside=outer, name="inner")
        make.published(session, people.own, people.librarian)
    following.forget()
    return asset.id


def edit_title(session: Session, asset: Asset) -> None:
    asset.title = "Another"


def edit_tags(session: Session, asset: Asset) -> None:
    asset.tags = ["new"]


def put_in_trash(session: Session, asset: Asset) -> None:
    asset.deleted_at = clock.now()


def add_version(session: Session, asset: Asset) -> None:
    make.version(session, asset)


def read_words(session: Session, asset: Asset) -> None:
    session.get_one(Version, asset.current_version_id).text = "words inside"


def approve(session: Session, asset: Asset) -> None:
    person = make.person(session, make.organisation(session))
    make.approval(
        session,
        session.get_one(Version, asset.current_version_id),
        make.actor(person, person.organisation),
        verdict="returned",
    )


def edit_right(session: Session, asset: Asset) -> None:
    session.get_one(UsageRight, asset.id).ask_first = True


def drop_right(session: Session, asset: Asset) -> None:
    session.delete(session.get_one(UsageRight, asset.id))


def use(session: Session, asset: Asset) -> None:
    person = make.person(session, make.organisation(session))
    session.add(
        UsageEvent(
            at=clock.now(),
            person_id=person.id,
            organisation_id=person.organisation_id,
            asset_id=asset.id,
            version_id=asset.current_version_id,
            form="original",
            size=1,
        )
    )


def take_out(session: Session, asset: Asset) -> None:
    session.delete(session.scalars(select(CollectionItem).where(CollectionItem.asset_id == asset.id)).one())


def delete_collection(session: Session, asset: Asset) -> None:
    inner = session.scalars(select(Collection).where(Collection.name == "inner")).one()
    session.delete(inner)


def rename_choice(session: Session, asset: Asset) -> None:
    session.scalars(select(Attribute).where(Attribute.key == "brand")).one().choices[
        0
    ].label = "Tarn Footwear"


@pytest.mark.parametrize(
    "change",
    [
        edit_title,
        edit_tags,
        put_in_trash,
        add_version,
        read_words,
        approve,
        edit_right,
        drop_right,
        use,
        take_out,
        delete_collection,
        rename_choice,
    ],
)
def test_every_change_promises_its_asset_and_no_other(
    following: Following, asset_id: int, change: Callable[[Session, Asset], None]
) -> None:
    with following.database.transaction() as session:
        change(session, session.get_one(Asset, asset_id))
    assert following.promised_ids() == {asset_id}


def test_a_document_knows_nothing_of_how_collections_lie(following: Following, asset_id: int) -> None:
    with following.database.transaction() as session:
        for collection in session.scalars(select(Collection)):
            collection.name, collection.audience = f"{collection.name} again", "private"
    assert following.promised() == []


def test_an_edit_that_changes_nothing_promises_nothing(following: Following, asset_id: int) -> None:
    with following.database.transaction() as session:
        asset = session.get_one(Asset, asset_id)
        asset.title = str(asset.title)
    assert following.promised() == []


def test_what_is_rolled_back_promises_nothing(following: Following, asset_id: int) -> None:
    def change_and_fail() -> None:
        with following.database.transaction() as session:
            session.get_one(Asset, asset_id).title = "Never"
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    with following.database.transaction() as session:
        session.add(Job(kind="other", arguments={}, run_at=clock.now(), attempts=0, created_at=clock.now()))
    assert following.promised() == []


def test_a_twin_that_waits_is_enough(following: Following, asset_id: int) -> None:
    for title in ("one", "two", "three"):
        with following.database.transaction() as session:
            session.get_one(Asset, asset_id).title = title
            session.flush()
            session.get_one(Asset, asset_id).description = title
    assert following.promised() == [{"asset_ids": [asset_id]}]


def test_many_changes_are_promised_in_lots(following: Following) -> None:
    with following.database.transaction() as session:
        sync.promise(session, range(1, sync.AT_ONCE + 3))
    assert [len(each["asset_ids"]) for each in following.promised()] == [sync.AT_ONCE, 2]


def test_a_database_nobody_follows_promises_nothing(following: Following, database_url: str) -> None:
    other = Database(database_url)
    with other.transaction() as session:
        make.asset(session, make.organisation(session))
    other.close()
    assert following.promised() == []
