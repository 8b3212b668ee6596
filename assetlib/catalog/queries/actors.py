"""A person as one who acts, with all that is open to them: the one way in which actors are made."""

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import ApiToken, Person
from assetlib.accounts.queries import Part, Widened, as_actor, get_person, part_of
from assetlib.catalog.models import (
    AssetGrant,
    Attribute,
    AttributeChoice,
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionGroupGrant,
)

SCOPED_BY = ("brand", "region")
"""Attributes within whose choices a role can be held."""


def actor_of(session: Session, person_id: int) -> Actor:
    """The person of an id, for work that is done later in their name."""
    return acting(session, get_person(session, person_id))


def acting(
    session: Session,
    person: Person,
    *,
    token: ApiToken | None = None,
    request_id: str = "",
    address: str = "",
) -> Actor:
    """The person as they may act at this moment. Needs the organisation loaded."""
    part = part_of(session, person.id)
    organisation_id = person.organisation_id if person.organisation.kind != "own" else None
    widened = Widened(
        collections=granted_collections(session, organisation_id, part.groups),
        assets=_granted_assets(session, person.id),
        below=_below(session, part),
    )
    return as_actor(person, part, widened=widened, token=token, request_id=request_id, address=address)


def granted_collections(
    session: Session, organisation_id: int | None, groups: Iterable[int] = ()
) -> frozenset[int]:
    """Every collection granted to an organisation or to one of the groups, with all below it.

    What somebody keeps private inside of one stays private.
    """
    grants = []
    if organisation_id is not None:
        grants.append(
            select(CollectionGrant.collection_id).where(CollectionGrant.organisation_id == organisation_id)
        )
    if groups := sorted(groups):
        grants.append(
            select(CollectionGroupGrant.collection_id).where(CollectionGroupGrant.group_id.in_(groups))
        )
    if not grants:
        return frozenset()
    return frozenset(
        session.scalars(
            select(CollectionAncestor.collection_id)
            .join(Collection, Collection.id == CollectionAncestor.collection_id)
            .where(
                or_(*(CollectionAncestor.ancestor_id.in_(each) for each in grants)),
                Collection.audience == "organisation",
            )
        )
    )


_GRANTED_ASSETS = select(AssetGrant.asset_id).where(
    AssetGrant.person_id == bindparam("person_id"), AssetGrant.until >= bindparam("today")
)


def _granted_assets(session: Session, person_id: int) -> frozenset[int]:
    asked = {"person_id": person_id, "today": clock.today()}
    return frozenset(session.scalars(_GRANTED_ASSETS, asked))


def _below(session: Session, part: Part) -> dict[tuple[str, str], frozenset[str]]:
    """What each scope's key stands for: itself and all below it in its tree."""
    scopes = {
        (each.scope_kind, each.scope_key)
        for each in (*part.roles, *part.duties)
        if each.scope_kind in SCOPED_BY
    }
    if not scopes:
        return {}
    choices = session.execute(
        select(
            Attribute.key.label("attribute"),
            AttributeChoice.id,
            AttributeChoice.parent_id,
            AttributeChoice.key,
        )
        .join(Attribute, Attribute.id == AttributeChoice.attribute_id)
        .where(Attribute.key.in_(SCOPED_BY))
    ).all()
    key_of = {row.id: row.key for row in choices}
    parent_of = {row.id: row.parent_id for row in choices}
    found: dict[tuple[str, str], set[str]] = {scope: {scope[1]} for scope in scopes}
    for row in choices:
        above: int | None = row.id
        while above is not None:
            if (row.attribute, key_of[above]) in found:
                found[(row.attribute, key_of[above])].add(row.key)
            above = parent_of[above]
    return {scope: frozenset(keys) for scope, keys in found.items()}
