"""Links as their makers, those who look after the library, and their holders see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from assetlib import clock
from assetlib.access.actor import Actor, LinkReach
from assetlib.access.prepared import Prepared, moment, person_of
from assetlib.accounts.models import Person
from assetlib.catalog.errors import NoSuchShare, NoSuchVersion
from assetlib.catalog.models import (
    Asset,
    Collection,
    CollectionAncestor,
    CollectionItem,
    Rendition,
    Share,
    ShareAccess,
    ShareItem,
    Version,
)
from assetlib.catalog.permissions.assets import NOT_YOURS, may_have_bytes
from assetlib.catalog.permissions.shares import SEE_SHARES, sees_all_shares
from assetlib.catalog.queries.links import holder_of, is_over, maker_of
from assetlib.catalog.queries.visibility import known_to, visible_to
from assetlib.catalog.rules.forms import ORIGINAL
from assetlib.catalog.rules.shares import MOST_ASSETS
from assetlib.paging import Page
from assetlib.words import say

State = Literal["open", "ended", "revoked", "used_up"]


@dataclass(frozen=True)
class Shared:
    """One asset that a link shows."""

    asset: Asset
    version: Version


@dataclass(frozen=True)
class ShareRow:
    """A link in a list."""

    share: Share
    maker: str
    opened: int
    """How often."""
    assets: int
    """How many it was made for; of a collection, how many lie in it now."""
    collection: str | None
    """The collection's name, where it is one."""
    state: State


@dataclass(frozen=True)
class Access:
    """Something that was done with a link."""

    at: datetime
    what: str
    """opened, refused, downloaded, resumed"""
    asset_id: int | None
    title: str
    form: str
    address: str


def state_of(share: Share) -> State:
    if share.revoked_at is not None:
        return "revoked"
    if share.expires_at <= clock.now():
        return "ended"
    return "used_up" if share.download_limit == share.downloads else "open"


def shown_by(session: Session, holder: Actor) -> list[Shared]:
    """What a link shows to its holder now, in its order. Four statements for each 500 assets."""
    return list(_shown(session, holder, _candidates(session, holder)))


def shown_one(session: Session, holder: Actor, asset_id: int) -> Shared:
    """One of them, or a refusal that does not tell whether there is such an asset."""
    for each in _shown(session, holder, [asset_id]):
        return each
    raise NoSuchVersion(NOT_YOURS.reason)


def could_show(session: Session, maker: Actor, asset_ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Which of these the maker of a link sees, and which of those it would show now."""
    seen: set[int] = set()
    for start in range(0, len(asset_ids), 500):
        some = asset_ids[start : start + 500]
        seen |= set(session.scalars(select(Asset.id).where(Asset.id.in_(some), visible_to(maker))))
    wanted = [each for each in dict.fromkeys(asset_ids) if each in seen]
    reach = LinkReach(
        maker=maker,
        session_id=0,
        ends_at=clock.now() + timedelta(days=1),
        assets=frozenset(wanted),
        collections=frozenset(),
        forms=frozenset(),
    )
    holder = Actor(kind="share", name="", reach=reach)
    return wanted, [each.asset.id for each in _shown(session, holder, wanted)]


def _candidates(session: Session, holder: Actor) -> list[int]:
    if holder.reach is None:
        return []
    if holder.reach.collections:
        rows = session.execute(
            select(CollectionItem.asset_id)
            .join(CollectionAncestor, CollectionAncestor.collection_id == CollectionItem.collection_id)
            .join(Share, Share.collection_id == CollectionAncestor.ancestor_id)
            .where(Share.id == holder.share_id, CollectionItem.collection_id.in_(holder.reach.collections))
            .order_by(CollectionAncestor.depth, CollectionItem.collection_id, CollectionItem.position)
        ).scalars()
    else:
        rows = session.execute(
            select(ShareItem.asset_id)
            .where(ShareItem.share_id == holder.share_id)
            .order_by(ShareItem.position)
        ).scalars()
    return list(dict.fromkeys(rows))[:MOST_ASSETS]


def _shown(session: Session, holder: Actor, asset_ids: Sequence[int]) -> list[Shared]:
    found: dict[int, Shared] = {}
    for start in range(0, len(asset_ids), 500):
        assets = session.scalars(
            select(Asset)
            .where(Asset.id.in_(asset_ids[start : start + 500]), Asset.deleted_at.is_(None))
            .options(
                joinedload(Asset.right),
                selectinload(Asset.items),
                joinedload(Asset.current_version).options(
                    selectinload(Version.approvals), defer(Version.facts), defer(Version.embedded)
                ),
            )
        )
        for asset in assets:
            version = asset.current_version
            if version is not None and may_have_bytes(holder, asset, version, "preview").is_yes:
                found[asset.id] = Shared(asset, version)
    return [found[each] for each in asset_ids if each in found]


def sizes_of(session: Session, shown: Sequence[Shared], forms: Sequence[str]) -> dict[tuple[int, str], int]:
    """(version id, form) → bytes, of every form in which there is a file."""
    sizes: dict[tuple[int, str], int] = {}
    if ORIGINAL in forms:
        sizes |= {(each.version.id, ORIGINAL): each.version.size for each in shown}
    ids = [each.version.id for each in shown]
    for start in range(0, len(ids), 500):
        rows = session.execute(
            select(Rendition.version_id, Rendition.recipe, Rendition.size).where(
                Rendition.version_id.in_(ids[start : start + 500]),
                Rendition.recipe.in_([each for each in forms if each != ORIGINAL]),
                Rendition.page == 1,
            )
        )
        sizes |= {(row.version_id, row.recipe): row.size for row in rows}
    return sizes


def get_share(session: Session, actor: Actor, share_id: int) -> Share:
    """A link of one's own, or any for those who look after all; else `NoSuchShare`."""
    share = session.scalars(
        select(Share).where(Share.id == share_id, _open_to(actor)).options(selectinload(Share.items))
    ).one_or_none()
    if share is None:
        raise NoSuchShare(say("There is no such link, or it is not yours."))
    return share


def _open_to(actor: Actor) -> ColumnElement[bool]:
    if sees_all_shares(actor):
        return true()
    return Share.maker_id == person_of(actor) if actor.kind == "person" else false()


def shares_page(
    session: Session,
    actor: Actor,
    *,
    all_of_them: bool = False,
    with_items: bool = False,
    number: int,
    size: int,
) -> Page[ShareRow]:
    """One's own links, the newest first; or everybody's, for those who look after all.

    Three statements, and one for the items if they are wanted.
    """
    SEE_SHARES.require(actor)
    where = and_(_open_to(actor), true() if all_of_them else Share.maker_id == actor.person_id)
    total = session.scalar(select(func.count()).select_from(Share).where(where)) or 0
    found = select(Share).where(where).order_by(Share.id.desc()).limit(size).offset((number - 1) * size)
    if with_items:
        found = found.options(selectinload(Share.items))
    shares = session.scalars(found).all()
    return Page(rows_of(session, shares), number, size, total)


_SAID = (
    select(
        Share.id,
        Person.name.label("maker"),
        Collection.name.label("collection"),
        select(func.count())
        .where(ShareAccess.share_id == Share.id, ShareAccess.what == "opened")
        .scalar_subquery()
        .label("opened"),
        select(func.count()).where(ShareItem.share_id == Share.id).scalar_subquery().label("items"),
        select(func.count())
        .where(CollectionItem.collection_id == Share.collection_id)
        .scalar_subquery()
        .label("lying"),
    )
    .outerjoin(Person, Person.id == Share.maker_id)
    .outerjoin(Collection, Collection.id == Share.collection_id)
    .where(Share.id.in_(bindparam("share_ids", expanding=True)))
)


def rows_of(session: Session, shares: Sequence[Share]) -> list[ShareRow]:
    """These links with what a list says of them. One statement; none for no links."""
    if not shares:
        return []
    said = {row.id: row for row in session.execute(_SAID, {"share_ids": [each.id for each in shares]})}
    return [
        ShareRow(
            share=each,
            maker=said[each.id].maker or "",
            opened=said[each.id].opened,
            assets=said[each.id].items if each.collection_id is None else said[each.id].lying,
            collection=said[each.id].collection,
            state=state_of(each),
        )
        for each in shares
    ]


def accesses_of(session: Session, actor: Actor, share: Share, *, number: int, size: int) -> Page[Access]:
    """What was done with a link, the latest first. Titles only of what the actor may know of today."""
    get_share(session, actor, share.id)
    where = ShareAccess.share_id == share.id
    total = session.scalar(select(func.count()).select_from(ShareAccess).where(where)) or 0
    rows = session.execute(
        select(ShareAccess, Asset.title)
        .outerjoin(Asset, and_(Asset.id == ShareAccess.asset_id, known_to(actor)))
        .where(where)
        .order_by(ShareAccess.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    done = [
        Access(
            row.ShareAccess.at,
            row.ShareAccess.what,
            row.ShareAccess.asset_id,
            row.title or "",
            row.ShareAccess.form,
            row.ShareAccess.address,
        )
        for row in rows
    ]
    return Page(done, number, size, total)


def not_opening(session: Session, share: Share) -> int:
    """How many assets a link was made for, or lie in its collection, that it does not show now."""
    if is_over(share):
        return 0
    holder = holder_of(session, share, maker_of(session, share), 0)
    return len(_candidates(session, holder)) - len(shown_by(session, holder))


def _statement_of_reaching(actor: Actor) -> Select[Share]:
    asset_id = bindparam("asset_id", type_=Integer)
    named = exists(
        select(ShareItem.asset_id).where(ShareItem.share_id == Share.id, ShareItem.asset_id == asset_id)
    )
    inside = exists(
        select(CollectionItem.asset_id)
        .join(CollectionAncestor, CollectionAncestor.collection_id == CollectionItem.collection_id)
        .join(Collection, Collection.id == CollectionItem.collection_id)
        .where(
            CollectionItem.asset_id == asset_id,
            CollectionAncestor.ancestor_id == Share.collection_id,
            or_(Collection.id == Share.collection_id, Collection.audience == "organisation"),
        )
    )
    return (
        select(Share)
        .where(_open_to(actor), Share.revoked_at.is_(None), Share.expires_at > moment(), or_(named, inside))
        .order_by(Share.id.desc())
    )


_REACHING = Prepared(_statement_of_reaching)


def shares_reaching(session: Session, actor: Actor, asset: Asset) -> list[ShareRow]:
    """Links that are open and name this asset, or a collection it lies in: all of them, or one's own."""
    if not SEE_SHARES.allows(actor):
        return []
    return rows_of(session, session.scalars(*_REACHING(actor, asset_id=asset.id)).all())
