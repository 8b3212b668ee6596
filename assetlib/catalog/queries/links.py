"""The holder of a link as one who acts: read afresh for each request, never more than the maker may have."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor, LinkReach
from assetlib.accounts.models import Person
from assetlib.accounts.sessions import hash_of, may_sign_in
from assetlib.catalog.errors import NoSuchShare, ShareOver
from assetlib.catalog.models import (
    Collection,
    CollectionAncestor,
    Share,
    ShareAccess,
    ShareItem,
    ShareSession,
)
from assetlib.catalog.queries.actors import acting
from assetlib.catalog.queries.visibility import collections_visible_to
from assetlib.catalog.rules.forms import COUNTS_ONCE_WITHIN
from assetlib.catalog.rules.shares import SESSION_LASTS
from assetlib.words import say

NOTHING_HERE = say(
    "This link does not open anything. It may have ended, been taken back, or not have arrived whole. "
    "Ask the person who sent it to you for a new one."
)
NOT_OPEN_HERE = say(
    "This link is not open in this browser. Open the link that you were sent once more, "
    "or ask the person who sent it to you for a new one."
)


@dataclass(frozen=True)
class OpenLink:
    """A link that is open in a browser."""

    share: Share
    actor: Actor
    maker_name: str


def find_by_token(session: Session, token: str) -> Share:
    """The link of this token while it can be opened; else `NoSuchShare`, whatever the reason."""
    share = session.scalars(select(Share).where(Share.token_hash == hash_of(token))).one_or_none()
    if share is None or is_over(share) or not may_sign_in(maker_of(session, share)):
        raise NoSuchShare(NOTHING_HERE)
    return share


def is_over(share: Share) -> bool:
    return share.revoked_at is not None or share.expires_at <= clock.now()


def maker_of(session: Session, share: Share) -> Person:
    return session.scalars(
        select(Person).where(Person.id == share.maker_id).options(joinedload(Person.organisation))
    ).one()


def find_open(
    session: Session, share_id: int, token: str, *, request_id: str = "", address: str = ""
) -> OpenLink:
    """The link that this browser opened, and its holder as they may act now.

    `NoSuchShare` for a browser that did not open it; `ShareOver` for one that did, when it is over.
    """
    row = session.scalars(
        select(ShareSession).where(
            ShareSession.token_hash == hash_of(token),
            ShareSession.share_id == share_id,
            ShareSession.created_at > clock.now() - SESSION_LASTS,
        )
    ).one_or_none()
    if row is None:
        raise NoSuchShare(NOT_OPEN_HERE)
    share = session.get_one(Share, share_id)
    maker = maker_of(session, share)
    if share.revoked_at is not None:
        raise ShareOver(
            say("{name} took this link back. Ask {name} if you still need the files.", name=maker.name)
        )
    if share.expires_at <= clock.now():
        raise ShareOver(say("This link has ended. Ask {name} for a new one.", name=maker.name))
    if not may_sign_in(maker):
        raise ShareOver(say("This link gives nothing any more. Ask the person who sent it to you."))
    actor = holder_of(session, share, maker, row.id, request_id=request_id, address=address)
    return OpenLink(share, actor, maker.name)


def holder_again(session: Session, actor: Actor) -> Actor:
    """The same holder of a link as they may act now, with what is being sent counted already."""
    reach = actor.reach
    row = session.get(ShareSession, reach.session_id) if reach is not None else None
    share = session.get(Share, actor.share_id) if row is not None and row.share_id == actor.share_id else None
    if row is None or share is None or is_over(share):
        raise ShareOver(say("This link has ended, or was taken back."))
    return holder_of(
        session,
        share,
        maker_of(session, share),
        row.id,
        request_id=actor.request_id,
        address=actor.address,
        counted=True,
    )


def holder_of(
    session: Session,
    share: Share,
    maker: Person,
    session_id: int,
    *,
    request_id: str = "",
    address: str = "",
    counted: bool = False,
) -> Actor:
    """Whoever holds the link. `counted`: what they ask for was counted before, so no limit is left to ask."""
    reach = None
    if may_sign_in(maker):
        right = acting(session, maker)
        limit = share.download_limit if not counted else None
        reach = LinkReach(
            maker=right,
            session_id=session_id,
            ends_at=share.expires_at,
            assets=_assets(session, share),
            collections=_collections(session, share, right),
            forms=frozenset(share.forms),
            left=max(limit - share.downloads, 0) if limit is not None else None,
            taken=_taken(session, share, session_id) if limit is not None else frozenset(),
        )
    return Actor(
        kind="share",
        name=share.name,
        organisation_id=maker.organisation_id,
        share_id=share.id,
        reach=reach,
        request_id=request_id,
        address=address,
    )


def _assets(session: Session, share: Share) -> frozenset[int]:
    if share.collection_id is not None:
        return frozenset()
    return frozenset(session.scalars(select(ShareItem.asset_id).where(ShareItem.share_id == share.id)))


def _collections(session: Session, share: Share, maker: Actor) -> frozenset[int]:
    """The collection of a live link and those inside of it that the house sees, while the maker sees them."""
    if share.collection_id is None:
        return frozenset()
    seen = session.scalars(
        select(Collection.id)
        .join(CollectionAncestor, CollectionAncestor.collection_id == Collection.id)
        .where(
            CollectionAncestor.ancestor_id == share.collection_id,
            collections_visible_to(maker),
            or_(Collection.id == share.collection_id, Collection.audience == "organisation"),
        )
    )
    found = frozenset(seen)
    return found if share.collection_id in found else frozenset()


def _taken(session: Session, share: Share, session_id: int) -> frozenset[tuple[int, str]]:
    rows = session.execute(
        select(ShareAccess.version_id, ShareAccess.form).where(
            ShareAccess.share_id == share.id,
            ShareAccess.session_id == session_id,
            ShareAccess.what == "downloaded",
            ShareAccess.version_id.is_not(None),
            ShareAccess.at > clock.now() - COUNTS_ONCE_WITHIN,
        )
    )
    return frozenset((row.version_id, row.form) for row in rows if row.version_id is not None)
