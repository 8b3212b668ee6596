"""What the holders of a link take is counted before the first byte, so that no limit is ever passed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit.recording import network_of
from assetlib.catalog.errors import NotToBeUsed
from assetlib.catalog.models import Share, ShareAccess, UsageEvent, Version
from assetlib.catalog.permissions.assets import LIMIT_REACHED
from assetlib.catalog.rules.forms import COUNTS_ONCE_WITHIN, MOST_STRETCHES, MOST_ZIPS_AGAIN
from assetlib.notify.telling import tell
from assetlib.words import say


def count_by_link(session: Session, holder: Actor, version: Version, form: str) -> None:
    """One file for the holder of a link, or the refusal of its limit."""
    reserve_by_link(session, holder, 1)
    _write_down(session, holder, "downloaded", [(version.asset_id, version.id)], form)


def resume_by_link(session: Session, holder: Actor, version: Version, form: str) -> bool:
    """Whether this browser may have the rest of a file that it was given; written down, but not counted.

    False: it is a download like any other; also of a file that was given too long ago, or its rest too often.
    """
    given = _given(session, holder, [version.id], form)
    if not given or given[0].again >= MOST_STRETCHES:
        return False
    _write_down(session, holder, "resumed", [(version.asset_id, version.id)], form)
    return True


def count_zip_by_link(session: Session, holder: Actor, files: Sequence[tuple[int, int]], form: str) -> bool:
    """All (asset id, version id) of a ZIP at once, or none. Whether this browser is given the same ZIP again.

    What breaks off cannot be gone on with, so the same files for the same browser are not counted once more.
    """
    given = _given(session, holder, [version_id for _, version_id in files], form)
    # What one ZIP gave was written down at one moment, and nothing else was.
    moments = {each.at for each in given}
    again = len(given) == len(files) and len(moments) == 1 and _alone(session, holder, form, given)
    again = again and max(each.again for each in given) < MOST_ZIPS_AGAIN
    if not again:
        reserve_by_link(session, holder, len(files))
    _write_down(session, holder, "resumed" if again else "downloaded", files, form)
    return again


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


@dataclass(frozen=True)
class _Given:
    """A file that a browser was given by a link a while ago, the last time that it was counted."""

    version_id: int
    at: datetime
    again: int
    """How often it was given since without being counted."""


def _given(session: Session, holder: Actor, version_ids: Sequence[int], form: str) -> list[_Given]:
    rows = session.execute(
        _of_this_browser(holder, form).where(ShareAccess.version_id.in_(version_ids)).order_by(ShareAccess.id)
    )
    found: dict[int, _Given] = {}
    for row in rows:
        known = found.get(row.version_id)
        if row.what == "downloaded":
            found[row.version_id] = _Given(row.version_id, row.at, 0)
        elif known is not None:
            found[row.version_id] = replace(known, again=known.again + 1)
    return list(found.values())


def _alone(session: Session, holder: Actor, form: str, given: Sequence[_Given]) -> bool:
    """Whether these were all that the browser was given at that moment."""
    moment = _of_this_browser(holder, form).where(
        ShareAccess.what == "downloaded", ShareAccess.at == given[0].at
    )
    return {row.version_id for row in session.execute(moment)} == {each.version_id for each in given}


def _of_this_browser(holder: Actor, form: str) -> Select[int | None, str, datetime]:
    return select(ShareAccess.version_id, ShareAccess.what, ShareAccess.at).where(
        ShareAccess.share_id == holder.share_id,
        ShareAccess.session_id == (holder.reach.session_id if holder.reach is not None else None),
        ShareAccess.form == form,
        ShareAccess.what.in_(("downloaded", "resumed")),
        ShareAccess.at > clock.now() - COUNTS_ONCE_WITHIN,
    )


def uses_are_missing(session: Session, holder: Actor, version: Version, form: str) -> bool:
    """Whether a file was counted for this link and its use not written down: the ZIP broke off before it."""
    since = clock.now() - COUNTS_ONCE_WITHIN
    counted = select(func.count()).select_from(ShareAccess)
    counted = counted.where(
        ShareAccess.share_id == holder.share_id,
        ShareAccess.version_id == version.id,
        ShareAccess.form == form,
        ShareAccess.what == "downloaded",
        ShareAccess.at > since,
    )
    used = select(func.count()).select_from(UsageEvent)
    used = used.where(
        UsageEvent.share_id == holder.share_id,
        UsageEvent.version_id == version.id,
        UsageEvent.form == form,
        UsageEvent.at > since,
    )
    return (session.scalar(used) or 0) < (session.scalar(counted) or 0)


def _write_down(
    session: Session, holder: Actor, what: str, files: Sequence[tuple[int, int]], form: str
) -> None:
    """For the link's maker to see: each file, at one moment."""
    moment = clock.now()
    session.add_all(
        ShareAccess(
            share_id=holder.share_id,
            session_id=holder.reach.session_id if holder.reach is not None else None,
            at=moment,
            what=what,
            asset_id=asset_id,
            version_id=version_id,
            form=form,
            address=network_of(holder.address),
        )
        for asset_id, version_id in files
    )
