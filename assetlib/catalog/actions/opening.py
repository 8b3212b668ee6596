"""Collections are opened to organisations and groups, by those who are librarians for what lies there."""

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Group, Organisation
from assetlib.audit import record
from assetlib.catalog.errors import NoSuchCollection, WrongValue
from assetlib.catalog.models import (
    Asset,
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionGroupGrant,
    CollectionItem,
)
from assetlib.catalog.permissions.assets import STAFF
from assetlib.catalog.permissions.collections import (
    FILL_OPENED_COLLECTION,
    GRANT_COLLECTION,
    OPEN_TO_OTHERS,
)
from assetlib.catalog.queries.collections import is_opened
from assetlib.catalog.queries.visibility import held_for
from assetlib.words import say


def grant_collection(
    session: Session, actor: Actor, collection: Collection, organisation: Organisation
) -> None:
    """Open it, and the published assets in it and below, to the people of an agency or partner."""
    GRANT_COLLECTION.require(actor, collection)
    if organisation.kind == "own":
        raise WrongValue(
            say("The own company sees it already."),
            fields={"organisation": say("Choose an agency or partner.")},
        )
    hold(session, collection)
    if session.get(CollectionGrant, (collection.id, organisation.id)) is not None:
        return
    _must_be_librarian_for(session, actor, in_or_below(collection))
    collection.grants.append(
        CollectionGrant(
            organisation_id=organisation.id, granted_by_id=actor.person_id, granted_at=clock.now()
        )
    )
    session.flush()
    record(session, actor, "catalog.collection_granted", collection, after={"organisation": organisation.id})


def ungrant_collection(
    session: Session, actor: Actor, collection: Collection, organisation: Organisation
) -> None:
    """Close it to them again; the next request already finds it closed."""
    GRANT_COLLECTION.require(actor, collection)
    hold(session, collection)
    grant = session.get(CollectionGrant, (collection.id, organisation.id))
    if grant is None:
        return
    collection.grants.remove(grant)
    session.flush()
    record(
        session, actor, "catalog.collection_ungranted", collection, before={"organisation": organisation.id}
    )


def grant_collection_to_group(session: Session, actor: Actor, collection: Collection, group: Group) -> None:
    """Open it, and the published assets in it and below, to the people of a group.

    Each of them sees there what their role reaches; the house's own people see it without.
    """
    GRANT_COLLECTION.require(actor, collection)
    hold(session, collection)
    if session.get(CollectionGroupGrant, (collection.id, group.id)) is not None:
        return
    _must_be_librarian_for(session, actor, in_or_below(collection))
    collection.group_grants.append(
        CollectionGroupGrant(group_id=group.id, granted_by_id=actor.person_id, granted_at=clock.now())
    )
    session.flush()
    record(session, actor, "catalog.collection_granted", collection, after={"group": group.id})


def ungrant_collection_to_group(session: Session, actor: Actor, collection: Collection, group: Group) -> None:
    """Close it to them again; the next request already finds it closed."""
    GRANT_COLLECTION.require(actor, collection)
    hold(session, collection)
    grant = session.get(CollectionGroupGrant, (collection.id, group.id))
    if grant is None:
        return
    collection.group_grants.remove(grant)
    session.flush()
    record(session, actor, "catalog.collection_ungranted", collection, before={"group": group.id})


def must_be_theirs_to_open(
    session: Session, actor: Actor, collection: Collection, audience: str, which: ColumnElement[bool]
) -> None:
    """Who may not open a collection, or these assets, to others does it by no other way."""
    if audience == "organisation" and is_opened(session, collection):
        FILL_OPENED_COLLECTION.require(actor, collection)
        _must_be_librarian_for(session, actor, which)


def _must_be_librarian_for(session: Session, actor: Actor, which: ColumnElement[bool]) -> None:
    """Nothing, or a refusal where one of the assets is another librarian's."""
    if OPEN_TO_OTHERS.allows(actor):
        return
    if session.scalar(select(exists().where(which, not_(held_for(actor, *STAFF))))):
        OPEN_TO_OTHERS.require(actor)


def in_or_below(collection: Collection) -> ColumnElement[bool]:
    """Assets in a collection, or in one that lies in it at any depth."""
    below = select(CollectionAncestor.collection_id).where(CollectionAncestor.ancestor_id == collection.id)
    return Asset.id.in_(select(CollectionItem.asset_id).where(CollectionItem.collection_id.in_(below)))


def hold(session: Session, collection: Collection) -> None:
    """Two who fill a collection at once wait for each other, so that no place is given twice."""
    held = session.scalars(
        select(Collection.id).where(Collection.id == collection.id).with_for_update(key_share=True)
    ).one_or_none()
    if held is None:
        raise NoSuchCollection(say("There is no such collection any more."))
