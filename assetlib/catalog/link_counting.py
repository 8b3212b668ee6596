"""What the holders of a link take is counted before the first byte, so that no limit is ever passed."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit.recording import network_of
from assetlib.catalog.errors import NotToBeUsed
from assetlib.catalog.models import Share, ShareAccess, Version
from assetlib.catalog.permissions.assets import LIMIT_REACHED
from assetlib.catalog.rules.forms import COUNTS_ONCE_WITHIN
from assetlib.notify.telling import tell
from assetlib.words import say


def count_by_link(session: Session, holder: Actor, version: Version, form: str, *, reserved: bool) -> None:
    """One file for the holder of a link, or the refusal of its limit. `reserved`: it was counted before."""
    if not reserved:
        reserve_by_link(session, holder, 1)
    session.add(
        ShareAccess(
            share_id=holder.share_id,
            session_id=holder.reach.session_id if holder.reach is not None else None,
            at=clock.now(),
            what="downloaded",
            asset_id=version.asset_id,
            version_id=version.id,
            form=form,
            address=network_of(holder.address),
        )
    )


def reserve_by_link(session: Session, holder: Actor, count: int) -> None:
    """Count this many files at once, all or none; they stay counted, whatever becomes of the connection."""
    # One statement decides and counts: of two who come at once the second sees the first one's count.
    row = session.execute(
        update(Share)
        .where(
            Share.id == holder.share_id,
            Share.revoked_at.is_(None),
            Share.download_limit.is_(None) | (Share.downloads + count <= Share.download_limit),
        )
        .values(downloads=Share.downloads + count)
        .returning(Share.downloads, Share.download_limit, Share.maker_id, Share.name)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is not None:
        if row.downloads == row.download_limit:
            _tell_its_maker(session, holder, row.maker_id, row.name, row.download_limit)
        return
    left = session.execute(
        select(Share.download_limit - Share.downloads).where(Share.id == holder.share_id)
    ).scalar_one_or_none()
    if not left:
        raise NotToBeUsed(LIMIT_REACHED.reason, reason=LIMIT_REACHED.code)
    raise NotToBeUsed(
        say("This link gives {left} more files, and these are {count}. Take fewer.", left=left, count=count),
        reason=LIMIT_REACHED.code,
        left=left,
    )


def _tell_its_maker(session: Session, holder: Actor, maker_id: int, name: str, limit: int) -> None:
    tell(
        session,
        [maker_id],
        "share.used_up",
        say("Your link {name} gave all the files it may. Raise its limit if more are wanted.", name=name),
        say("You made this link."),
        f"/shares/{holder.share_id}",
        dedupe=f"share.used_up.{holder.share_id}.{limit}",
    )


def was_given(session: Session, holder: Actor, version: Version, form: str) -> bool:
    """Whether this browser was given this file by this link a while ago."""
    if holder.reach is None:
        return False
    given = select(ShareAccess.id).where(
        ShareAccess.share_id == holder.share_id,
        ShareAccess.session_id == holder.reach.session_id,
        ShareAccess.what == "downloaded",
        ShareAccess.version_id == version.id,
        ShareAccess.form == form,
        ShareAccess.at > clock.now() - COUNTS_ONCE_WITHIN,
    )
    return session.scalars(given.limit(1)).first() is not None
