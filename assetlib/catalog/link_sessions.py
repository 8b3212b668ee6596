"""Open a link in a browser, and what is done there."""

import secrets
from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.sessions import hash_of
from assetlib.audit import record
from assetlib.audit.recording import network_of
from assetlib.catalog.errors import NoSuchShare, NotToBeUsed
from assetlib.catalog.models import Package, Share, ShareAccess, ShareSession
from assetlib.catalog.permissions.assets import NOT_YOURS
from assetlib.catalog.queries.links import NOTHING_HERE, find_by_token, holder_of, maker_of
from assetlib.catalog.queries.shares import shown_by
from assetlib.catalog.rules.forms import must_be_form, must_fit_in_a_package
from assetlib.catalog.rules.shares import SESSION_LASTS
from assetlib.media.recipes import PRESETS
from assetlib.notify.telling import tell
from assetlib.words import say


def open_share(
    session: Session,
    token: str,
    *,
    password_hash: str | None,
    former: str = "",
    request_id: str = "",
    address: str = "",
) -> tuple[Share, str]:
    """The link and the token of a session of it, which the browser keeps instead of the link's own.

    `password_hash` is what the password was checked against: `NoSuchShare` when it is another one by now.
    `former` is the token that this browser kept so far. Where it has the link open, it goes on under the new
    token: that is not opened once more, and what it was given stays known.
    """
    share = find_by_token(session, token)
    if share.password_hash != password_hash:
        raise NoSuchShare(NOTHING_HERE)
    kept = secrets.token_urlsafe(32)
    former_row = _session_of(session, share, former)
    row = former_row or ShareSession(share_id=share.id)
    row.token_hash, row.created_at, row.address = hash_of(kept), clock.now(), network_of(address)
    session.add(row)
    session.flush()
    if former_row is None:
        _write_down_opening(session, share, row)
    maker = maker_of(session, share)
    holder = holder_of(session, share, maker, row.id, request_id=request_id, address=address)
    record(session, holder, "catalog.share_opened", share)
    return share, kept


def _session_of(session: Session, share: Share, token: str) -> ShareSession | None:
    return session.scalars(
        select(ShareSession).where(
            ShareSession.token_hash == hash_of(token),
            ShareSession.share_id == share.id,
            ShareSession.created_at > clock.now() - SESSION_LASTS,
        )
    ).one_or_none()


def _write_down_opening(session: Session, share: Share, row: ShareSession) -> None:
    """For the link's maker to see, who is told of the first one."""
    earlier = session.scalar(
        select(func.count())
        .select_from(ShareAccess)
        .where(ShareAccess.share_id == share.id, ShareAccess.what == "opened")
    )
    session.add(
        ShareAccess(
            share_id=share.id, session_id=row.id, at=row.created_at, what="opened", address=row.address
        )
    )
    if not earlier:
        tell(
            session,
            [share.maker_id],
            "share.opened",
            say("Your link {name} was opened for the first time.", name=share.name),
            say("You made this link."),
            f"/shares/{share.id}",
            dedupe=f"share.opened.{share.id}",
        )


def refuse_share(session: Session, share: Share, *, request_id: str = "", address: str = "") -> None:
    """Write down that somebody tried a wrong password."""
    session.add(ShareAccess(share_id=share.id, at=clock.now(), what="refused", address=network_of(address)))
    nobody = Actor(kind="anonymous", name="Nobody", request_id=request_id, address=address)
    record(session, nobody, "catalog.share_refused", share)


def close_share(session: Session, holder: Actor) -> None:
    """End this browser's session of the link. The link itself stays open to others."""
    if holder.reach is not None:
        session.execute(delete(ShareSession).where(ShareSession.id == holder.reach.session_id))
        record(session, holder, "catalog.share_closed", ("share", str(holder.share_id)))


def pack_share(session: Session, holder: Actor, asset_ids: Sequence[int], form: str) -> Package:
    """Keep what the holder of a link chose, or all that it shows, to be fetched as one ZIP."""
    must_be_form(form, PRESETS)
    shown = [each.asset.id for each in shown_by(session, holder)]
    chosen = [each for each in shown if each in set(asset_ids)] if asset_ids else shown
    if asset_ids and not chosen:
        raise NotToBeUsed(NOT_YOURS.reason, reason=NOT_YOURS.code)
    must_fit_in_a_package(len(chosen))
    if holder.reach is None or form not in holder.reach.forms:
        raise NotToBeUsed(say("This link does not give the file in this form."), reason="form")
    package = Package(
        public_id=uuid4().hex,
        person_id=holder.answering.person_id,
        share_id=holder.share_id,
        form=form,
        asset_ids=chosen,
        created_at=clock.now(),
    )
    session.add(package)
    session.flush()
    record(
        session, holder, "catalog.package_made", package,
        after={"form": form, "assets": chosen, "share": holder.share_id},
    )  # fmt: skip
    return package
