"""What waits for agencies: what came back, what did not arrive, what was not sent yet."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from assetlib.access.actor import AGENCY_CONTRIBUTOR, Actor
from assetlib.access.prepared import moment, organisation_of, person_of
from assetlib.catalog.models import Approval, Asset, Version
from assetlib.catalog.queries.visibility import held_for
from assetlib.dashboards.curating import newest_version
from assetlib.dashboards.work import Item, Rows, Source
from assetlib.measures import Size
from assetlib.planning.models import DeliverableItem
from assetlib.storage.models import Upload
from assetlib.storage.states import OPEN, REFUSED
from assetlib.words import recalled, say

BROKEN_OFF_AFTER = timedelta(hours=1)
"""An upload that got no part for so long is not on its way any more."""
REFUSED_SINCE = timedelta(days=7)


def _agency(actor: Actor) -> bool:
    return actor.has_role(AGENCY_CONTRIBUTOR)


def supplied_by(actor: Actor) -> ColumnElement[bool]:
    """Assets of the actor's agency."""
    return and_(
        Asset.deleted_at.is_(None),
        Asset.organisation_id == organisation_of(actor),
        held_for(actor, AGENCY_CONTRIBUTOR),
    )


def _last_word() -> ColumnElement[bool]:
    """The approval is the last one of its version."""
    later = aliased(Approval)
    last = select(func.max(later.id)).where(later.version_id == Version.id).correlate(Version)
    return Approval.id == last.scalar_subquery()


def _returned(actor: Actor) -> Rows:
    return (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            Version.number.label("number"),
            Approval.note.label("note"),
            Approval.at.label("at"),
        )
        .select_from(Asset)
        .join(Version, and_(Version.asset_id == Asset.id, newest_version()))
        .join(Approval, and_(Approval.version_id == Version.id, _last_word()))
        .where(supplied_by(actor), Asset.state != "archived", Approval.verdict == "returned")
        # Few ever are, so that the last word of all others need not be looked for.
        .where(Version.id.in_(select(Approval.version_id).where(Approval.verdict == "returned")))
        .where(or_(Asset.state == "draft", Version.id != Asset.current_version_id))
        .order_by(Approval.at, Asset.id)
    )


def _fix_version(row: Any) -> Item:
    return Item(
        row.title,
        say("Version {number} was returned.", number=row.number),
        f"/assets/{row.asset_id}?v={row.number}",
        say("Fix it"),
        row.asset_id,
        at=row.at,
        words=row.note,
    )


def _not_arrived(actor: Actor) -> Rows:
    return (
        select(
            Upload.public_id.label("public_id"),
            Upload.name.label("name"),
            Upload.size.label("size"),
            Upload.state.label("state"),
            Upload.refusal.label("refusal"),
            Upload.touched_at.label("at"),
        )
        .where(
            Upload.person_id == person_of(actor),
            or_(
                and_(Upload.state == REFUSED, Upload.touched_at > moment(REFUSED_SINCE)),
                and_(Upload.state == OPEN, Upload.touched_at < moment(BROKEN_OFF_AFTER)),
            ),
        )
        .order_by(Upload.touched_at, Upload.id)
    )


def _send_again(row: Any) -> Item:
    leave_url = f"/uploads/{row.public_id}/leave"
    if row.state == REFUSED:
        return Item(
            row.name,
            recalled(row.refusal or ""),
            "/uploads",
            say("Send another"),
            icon="upload",
            at=row.at,
            leave_url=leave_url,
        )
    return Item(
        row.name,
        say("The upload of {size} broke off. It goes on where it stopped.", size=Size(row.size)),
        "/uploads",
        say("Go on"),
        icon="upload",
        at=row.at,
        leave_url=leave_url,
    )


def _was_ordered() -> ColumnElement[bool]:
    """It came for a deliverable: then it is sent there, not by itself."""
    return exists(select(DeliverableItem.id).where(DeliverableItem.asset_id == Asset.id).correlate(Asset))


def _drafts(actor: Actor) -> Rows:
    decided = (
        select(Approval.id)
        .join(Version, Version.id == Approval.version_id)
        .where(Version.asset_id == Asset.id, newest_version())
        .correlate(Asset)
        .exists()
    )
    return (
        select(Asset.id.label("asset_id"), Asset.title.label("title"), Asset.updated_at.label("at"))
        .where(supplied_by(actor), Asset.state == "draft", ~decided, ~_was_ordered())
        .order_by(Asset.updated_at, Asset.id)
    )


def _send(row: Any) -> Item:
    return Item(
        row.title,
        say("A draft. Nobody looks at it before you send it."),
        f"/assets/{row.asset_id}",
        say("Send it"),
        row.asset_id,
        at=row.at,
    )


def _in_review(actor: Actor) -> Rows:
    return (
        select(
            Asset.id.label("asset_id"),
            Asset.title.label("title"),
            Version.number.label("number"),
            Asset.updated_at.label("at"),
        )
        .select_from(Asset)
        .join(Version, and_(Version.asset_id == Asset.id, newest_version()))
        .where(supplied_by(actor), Asset.state == "in_review")
        .order_by(Asset.updated_at, Asset.id)
    )


def _wait_for_verdict(row: Any) -> Item:
    return Item(
        row.title,
        say("Version {number} waits for a librarian.", number=row.number),
        f"/assets/{row.asset_id}?v={row.number}",
        say("Look at it"),
        row.asset_id,
        at=row.at,
    )


SOURCES = (
    Source("fix", _agency, _returned, _fix_version),
    Source("fix", _agency, _not_arrived, _send_again),
    Source("send", _agency, _drafts, _send),
    Source("sent", _agency, _in_review, _wait_for_verdict),
)
