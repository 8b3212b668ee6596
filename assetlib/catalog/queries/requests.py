"""Requests for access, and what was opened by them, as pages look at them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import names_of
from assetlib.catalog.errors import NoSuchRequest
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant
from assetlib.catalog.permissions.assets import STAFF, opens_at, terms_of
from assetlib.catalog.permissions.requests import SEE_ACCESS, SEE_REQUESTS, answers, asked_it
from assetlib.catalog.queries.visibility import held_for, known_to
from assetlib.catalog.rules.requests import why_not_grantable
from assetlib.paging import Page
from assetlib.words import say

GONE = say("There is no such request, or it is not yours to answer.")


@dataclass(frozen=True)
class Asked:
    """A request with what stands around it."""

    request: AccessRequest
    person: str
    """Who asks; empty when they are gone."""
    asset: Asset | None
    """What is asked for, where the reader may know of it."""
    mine: bool
    answerable: bool
    """By the reader: they are the one to answer it, whatever its state."""
    answered_by: str
    opened_until: date | None = None
    """Of what was granted: the last day of what is or was open; None when a librarian ended it."""

    @property
    def standing(self) -> str:
        """The state of the request, or `ended` when what was granted is not open any more."""
        over = self.opened_until is None or self.opened_until < clock.today()
        return "ended" if self.request.state == "granted" and over else self.request.state


def get_request(session: Session, actor: Actor, request_id: int) -> Asked:
    """To the person who asked and to those who answer; `NoSuchRequest` to everybody else."""
    SEE_REQUESTS.require(actor)
    row = session.get(AccessRequest, request_id)
    if row is not None:
        asset = session.get(Asset, row.asset_number) if row.asset_number is not None else None
        mine, answerable = asked_it(actor, row), answers(actor, row, asset)
        if mine or answerable:
            return _asked(session, actor, [row])[0]
    raise NoSuchRequest(GONE)


def requests_of(session: Session, actor: Actor, *, number: int, size: int) -> Page[Asked]:
    """What this person asked for, the latest first."""
    SEE_REQUESTS.require(actor)
    return _page(session, actor, AccessRequest.person_id == actor.person_id, number, size)


def requests_to_answer(session: Session, actor: Actor, *, number: int, size: int) -> Page[Asked]:
    """What waits for this librarian's answer, the oldest first; what they asked for is for others."""
    SEE_REQUESTS.require(actor)
    by_others = AccessRequest.person_id != actor.person_id
    where = and_(AccessRequest.state == "open", by_others, answerable_by(actor))
    return _page(session, actor, where, number, size, oldest_first=True)


def answerable_by(actor: Actor) -> ColumnElement[bool]:
    """Requests that are the actor's to answer, whatever their state: `answers` of the permissions in SQL."""
    if not actor.has_role(*STAFF):
        return false()
    theirs = exists(
        select(Asset.id)
        .where(Asset.id == AccessRequest.asset_number, held_for(actor, *STAFF))
        .correlate(AccessRequest)
    )
    return or_(theirs, AccessRequest.asset_number.is_(None))


def _page(
    session: Session, actor: Actor, where: object, number: int, size: int, *, oldest_first: bool = False
) -> Page[Asked]:
    total = session.scalar(select(func.count()).select_from(AccessRequest).where(where)) or 0  # type: ignore[arg-type]  # a clause
    order = AccessRequest.id.asc() if oldest_first else AccessRequest.id.desc()
    rows = session.scalars(
        select(AccessRequest).where(where).order_by(order).limit(size).offset((number - 1) * size)  # type: ignore[arg-type]  # a clause
    ).all()
    return Page(_asked(session, actor, rows), number, size, total)


def _asked(session: Session, actor: Actor, rows: Sequence[AccessRequest]) -> list[Asked]:
    names = names_of(session, [each for row in rows for each in (row.person_id, row.answered_by_id)])
    numbers = [row.asset_number for row in rows if row.asset_number is not None]
    known: Mapping[int, Asset] = {
        asset.id: asset
        for asset in session.scalars(select(Asset).where(Asset.id.in_(numbers), known_to(actor)))
    }
    opened = _opened(session, [row for row in rows if row.state == "granted"])
    return [
        Asked(
            row,
            names.get(row.person_id, ""),
            asset := known.get(row.asset_number or 0),
            asked_it(actor, row),
            answers(actor, row, asset),
            names.get(row.answered_by_id or 0, ""),
            opened.get(row.id),
        )
        for row in rows
    ]


def _opened(session: Session, granted: Sequence[AccessRequest]) -> dict[int, date]:
    """Request → the last day of what it opened. A later request for the same asset may have moved it."""
    if not granted:
        return {}
    people, numbers = {row.person_id for row in granted}, {row.asset_number for row in granted}
    of_an_asset = and_(AssetGrant.person_id.in_(people), AssetGrant.asset_id.in_(numbers - {None}))
    by_asset: dict[tuple[int, int], date] = {}
    by_request: dict[int | None, date] = {}
    for grant in session.scalars(
        select(AssetGrant).where(or_(of_an_asset, AssetGrant.request_id.in_([row.id for row in granted])))
    ):
        by_asset[grant.asset_id, grant.person_id] = grant.until
        by_request[grant.request_id] = max(grant.until, by_request.get(grant.request_id, grant.until))
    found = {
        row.id: by_request.get(row.id)
        if row.asset_number is None
        else by_asset.get((row.asset_number, row.person_id))
        for row in granted
    }
    return {each: until for each, until in found.items() if until is not None}


def hindrance(asset: Asset) -> str:
    """Why the asset cannot be opened to anybody now; nothing when it can. Needs `asset.right` loaded."""
    return why_not_grantable(
        in_trash=asset.deleted_at is not None,
        state=asset.state,
        opens=opens_at(asset, clock.now()),
        terms=terms_of(asset.right),
        today=clock.today(),
    )


def open_request(
    session: Session, person_id: int, asset_number: int | None, query: str
) -> AccessRequest | None:
    """The one by which this person asks for the same already."""
    same = (
        AccessRequest.asset_number == asset_number
        if asset_number is not None
        else and_(AccessRequest.asset_number.is_(None), AccessRequest.query == query)
    )
    return session.scalars(
        select(AccessRequest)
        .where(AccessRequest.person_id == person_id, AccessRequest.state == "open", same)
        .order_by(AccessRequest.id)
    ).first()


@dataclass(frozen=True)
class Opened:
    """An asset is open to one person for a time."""

    person_id: int
    person: str
    until: date
    granted_by: str
    request_id: int | None


def grants_of(session: Session, actor: Actor, asset: Asset) -> list[Opened]:
    """To whom an asset is open at this moment by a grant of their own, by name. Nothing to others."""
    if not SEE_ACCESS.allows(actor, asset):
        return []
    rows = session.execute(
        select(AssetGrant, Person.name)
        .join(Person, Person.id == AssetGrant.person_id)
        .where(AssetGrant.asset_id == asset.id, AssetGrant.until >= clock.today())
        .order_by(func.lower(Person.name), Person.id)
    ).all()
    names = names_of(session, [grant.granted_by_id for grant, _ in rows])
    return [
        Opened(grant.person_id, name, grant.until, names.get(grant.granted_by_id or 0, ""), grant.request_id)
        for grant, name in rows
    ]
