"""A person as one who acts, with all that is open to them: the one way in which actors are made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import ApiToken, GroupMember, Organisation, Person
from assetlib.accounts.queries import (
    Part,
    Somebody,
    Widened,
    as_actor,
    get_person,
    part_in,
    rows_of_ids,
    rows_of_ids_of_many,
    rows_of_part,
    rows_of_parts,
)
from assetlib.catalog.models import (
    AssetGrant,
    Attribute,
    AttributeChoice,
    Collection,
    CollectionAncestor,
    CollectionGrant,
    CollectionGroupGrant,
)
from assetlib.database import rows_of

SCOPED_BY = ("brand", "region")
"""Attributes within whose choices a role can be held."""


def actor_of(session: Session, person_id: int) -> Actor:
    """The person of an id, for work that is done later in their name."""
    return acting(session, get_person(session, person_id))


def acting(
    session: Session,
    person: Somebody,
    *,
    token: ApiToken | None = None,
    request_id: str = "",
    address: str = "",
) -> Actor:
    """The person as they may act at this moment, in one statement. Needs the organisation loaded."""
    outside = person.organisation.kind != "own"
    asked = {
        "person_id": person.id,
        "organisation_id": person.organisation_id if outside else None,
        "today": clock.today(),
    }
    rows = rows_of(session, _RIGHTS, asked)
    part = part_in(rows)
    widened = _widened(rows, _below(session, part))
    return as_actor(person, part, widened=widened, token=token, request_id=request_id, address=address)


def actors_of(session: Session, person_ids: Iterable[int]) -> dict[int, Actor]:
    """`actor_of` for many people, in three statements however many they are; without those who are gone."""
    people = session.scalars(
        select(Person).where(Person.id.in_(person_ids)).options(joinedload(Person.organisation))
    ).all()
    rows: dict[int, list[Sequence[Any]]] = {each.id: [] for each in people}
    asked = {"person_ids": sorted(rows), "today": clock.today()}
    for person_id, *row in session.execute(_RIGHTS_OF_MANY, asked) if rows else ():
        rows[person_id].append(row)
    parts = {number: part_in(found) for number, found in rows.items()}
    below = _below(session, *parts.values())
    return {
        each.id: as_actor(each, parts[each.id], widened=_widened(rows[each.id], below)) for each in people
    }


def _widened(rows: Sequence[Sequence[Any]], below: Mapping[tuple[str, str], frozenset[str]]) -> Widened:
    return Widened(
        collections=frozenset(row[-1] for row in rows if row[0] == "collection"),
        assets={row[-1]: date.fromisoformat(row[1]) for row in rows if row[0] == "asset"},
        below=below,
    )


def _with_all_below(granted: Select[int]) -> Select[int]:
    """What was granted, with all below it; what somebody keeps private inside of it stays private."""
    return (
        select(CollectionAncestor.collection_id)
        .join(Collection, Collection.id == CollectionAncestor.collection_id)
        .where(CollectionAncestor.ancestor_id.in_(granted), Collection.audience == "organisation")
    )


def _granted_to_organisation() -> Select[int]:
    # Of the own company this is asked for nobody: its people see collections by another rule.
    organisation_id = bindparam("organisation_id", type_=Integer)
    return _with_all_below(
        select(CollectionGrant.collection_id).where(CollectionGrant.organisation_id == organisation_id)
    )


# The last day stands where others have a name.
_ASSET: tuple[Any, ...] = (
    literal("asset"),
    cast(AssetGrant.until, String),
    literal(""),
    literal(""),
    cast(null(), BigInteger),
    literal(""),
    AssetGrant.asset_id,
)


_GRANTED = _granted_to_organisation()


def granted_collections(session: Session, organisation_id: int) -> frozenset[int]:
    """Every collection granted to an organisation, with all below it that is not private."""
    return frozenset(session.scalars(_GRANTED, {"organisation_id": organisation_id}))


def _statement_of_rights() -> CompoundSelect[Any]:
    person_id = bindparam("person_id", type_=Integer)
    to_groups = (
        select(CollectionGroupGrant.collection_id)
        .join(GroupMember, GroupMember.group_id == CollectionGroupGrant.group_id)
        .where(GroupMember.person_id == person_id)
    )
    assets = select(*_ASSET).where(AssetGrant.person_id == person_id, AssetGrant.until >= bindparam("today"))
    return union_all(
        *rows_of_part(person_id),
        rows_of_ids("collection", _granted_to_organisation()),
        rows_of_ids("collection", _with_all_below(to_groups)),
        assets,
    )


def _statement_of_rights_of_many() -> CompoundSelect[Any]:
    person_ids = bindparam("person_ids", expanding=True, type_=Integer)
    to_organisations = (
        select(Person.id, CollectionGrant.collection_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(CollectionGrant, CollectionGrant.organisation_id == Organisation.id)
        .where(Person.id.in_(person_ids), Organisation.kind != "own")
    )
    to_groups = (
        select(GroupMember.person_id, CollectionGroupGrant.collection_id)
        .join(CollectionGroupGrant, CollectionGroupGrant.group_id == GroupMember.group_id)
        .where(GroupMember.person_id.in_(person_ids))
    )
    granted = union_all(to_organisations, to_groups).subquery()
    collections = (
        select(granted.c[0], CollectionAncestor.collection_id)
        .join(CollectionAncestor, CollectionAncestor.ancestor_id == granted.c[1])
        .join(Collection, Collection.id == CollectionAncestor.collection_id)
        .where(Collection.audience == "organisation")
    )
    assets = select(AssetGrant.person_id, *_ASSET).where(
        AssetGrant.person_id.in_(person_ids), AssetGrant.until >= bindparam("today")
    )
    return union_all(*rows_of_parts(person_ids), rows_of_ids_of_many("collection", collections), assets)


_RIGHTS_OF_MANY = _statement_of_rights_of_many()
# Every request asks this: one statement, and put together once, which takes longer than to run it.
_RIGHTS = _statement_of_rights()


def _below(session: Session, *parts: Part) -> dict[tuple[str, str], frozenset[str]]:
    """What each scope's key stands for: itself and all below it in its tree."""
    scopes = {
        (each.scope_kind, each.scope_key)
        for part in parts
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
