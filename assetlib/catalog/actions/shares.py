"""Make, change and take back links for people without an account."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.sessions import hash_of
from assetlib.audit import record
from assetlib.catalog.errors import NoSuchAsset, WrongState
from assetlib.catalog.models import Asset, Collection, Share, ShareItem, ShareSession
from assetlib.catalog.permissions.assets import SHARE
from assetlib.catalog.permissions.shares import CHANGE_SHARE, GIVE_BY_SHARE, REVOKE_SHARE, SEE_SHARES
from assetlib.catalog.queries.assets import GONE
from assetlib.catalog.queries.links import holder_of, maker_of
from assetlib.catalog.queries.shares import shown_by
from assetlib.catalog.queries.visibility import visible_to
from assetlib.catalog.rules.forms import ORIGINAL
from assetlib.catalog.rules.revisions import must_be_revision
from assetlib.catalog.rules.shares import HINT, must_be_share, must_fit_in_a_share, must_keep_to_limit
from assetlib.media.recipes import PRESETS
from assetlib.words import say


@dataclass(frozen=True)
class Terms:
    """What a link is to be: everything about it but what it opens and its password."""

    name: str
    message: str
    forms: Sequence[str]
    expires_at: datetime
    download_limit: int | None


def make_share(
    session: Session,
    actor: Actor,
    terms: Terms,
    *,
    longest_days: int,
    asset_ids: Sequence[int] = (),
    collection: Collection | None = None,
    password_hash: str | None = None,
) -> tuple[Share, str]:
    """A link to these assets, or to what lies in a collection at any time, and the token that opens it.

    The token is told this once; only its hash is kept.
    """
    SHARE.require(actor)
    (GIVE_BY_SHARE if terms.forms else SEE_SHARES).require(actor)
    terms = checked(terms, longest_days)
    wanted = list(dict.fromkeys(asset_ids))
    if collection is None:
        must_fit_in_a_share(len(wanted))
        seen = set(session.scalars(select(Asset.id).where(Asset.id.in_(wanted), visible_to(actor))))
        wanted = [each for each in wanted if each in seen]
        if not wanted:
            raise NoSuchAsset(GONE)
    token = secrets.token_urlsafe(32)
    share = Share(
        token_hash=hash_of(token),
        hint=token[:HINT],
        name=terms.name,
        message=terms.message,
        maker_id=actor.person_id,
        collection_id=collection.id if collection is not None else None,
        forms=list(terms.forms),
        expires_at=terms.expires_at,
        password_hash=password_hash,
        download_limit=terms.download_limit,
        created_at=clock.now(),
        items=[ShareItem(asset_id=each, position=place) for place, each in enumerate(wanted)]
        if collection is None
        else [],
    )
    session.add(share)
    session.flush()
    if not shown_by(session, holder_of(session, share, maker_of(session, share), 0)):
        raise WrongState(
            say(
                "None of this can be shared now. A link shows what is published, approved and cleared, "
                "and what you may download yourself."
            )
        )
    record(
        session,
        actor,
        "catalog.share_made",
        share,
        after=_facts(share) | {"collection": share.collection_id, "assets": [] if collection else wanted},
    )
    return share, token


def change_share(
    session: Session, actor: Actor, share: Share, terms: Terms, *, revision: int, longest_days: int
) -> None:
    """Give a link another name, message, end, limit or other forms. What it opens stays."""
    CHANGE_SHARE.require(actor, share)
    if terms.forms:
        GIVE_BY_SHARE.require(actor)
    share = _held(session, share)
    _must_be_open(share)
    current = {"name": share.name, "message": share.message, "expires_at": _told(share.expires_at)}
    must_be_revision(share.revision, revision, _facts(share) | current)
    terms = checked(terms, longest_days)
    must_keep_to_limit(terms.download_limit, share.downloads)
    before = _facts(share)
    share.name, share.message = terms.name, terms.message
    share.forms, share.expires_at = list(terms.forms), terms.expires_at
    share.download_limit = terms.download_limit
    share.revision += 1
    record(session, actor, "catalog.share_changed", share, before=before, after=_facts(share))


def set_share_password(
    session: Session, actor: Actor, share: Share, password_hash: str | None, *, revision: int
) -> None:
    """Ask for another password, or for none. Every browser in which the link is open has to open it anew."""
    CHANGE_SHARE.require(actor, share)
    share = _held(session, share)
    _must_be_open(share)
    must_be_revision(share.revision, revision, {})
    before = _facts(share)
    share.password_hash = password_hash
    share.revision += 1
    session.execute(delete(ShareSession).where(ShareSession.share_id == share.id))
    record(session, actor, "catalog.share_password_set", share, before=before, after=_facts(share))


def revoke_share(session: Session, actor: Actor, share: Share) -> None:
    """Take a link back: nothing is given from this moment on. Once more changes nothing."""
    REVOKE_SHARE.require(actor, share)
    share = _held(session, share)
    if share.revoked_at is not None:
        return
    share.revoked_at = clock.now()
    share.revision += 1
    record(session, actor, "catalog.share_revoked", share, after={"downloads": share.downloads})


def _held(session: Session, share: Share) -> Share:
    """The same link, read afresh, so that nobody changes it or takes from it meanwhile."""
    return session.scalars(
        select(Share).where(Share.id == share.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _must_be_open(share: Share) -> None:
    if share.revoked_at is not None:
        raise WrongState(say("This link was taken back and stays so. Make a new one."))


def checked(terms: Terms, longest_days: int) -> Terms:
    """The same terms without blanks around texts, or `WrongValue` with every fault at once."""
    tidied = replace(
        terms,
        name=terms.name.strip(),
        message=terms.message.strip(),
        forms=list(dict.fromkeys(terms.forms)),
    )
    must_be_share(
        name=tidied.name,
        message=tidied.message,
        forms=tidied.forms,
        known_forms=[ORIGINAL, *PRESETS],
        expires_at=tidied.expires_at,
        download_limit=tidied.download_limit,
        now=clock.now(),
        longest_days=longest_days,
    )
    return tidied


def _told(at: datetime) -> str:
    """A time as the answers of the API write it."""
    return at.isoformat().replace("+00:00", "Z")


def _facts(share: Share) -> dict[str, Any]:
    """What the audit log keeps of a link: neither its name nor its message, which people may have written."""
    return {
        "forms": sorted(share.forms),
        "expires_at": share.expires_at,
        "download_limit": share.download_limit,
        "password": share.password_hash is not None,
    }
