"""What broke off by a fault of ours is taken up again, when its work is started anew."""

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.models import BulkEdit, BulkEditItem
from assetlib.catalog.permissions.assets import REFUSE_UPLOAD
from assetlib.catalog.permissions.bulk_edits import TAKE_UP_BULK_EDIT
from assetlib.storage.models import Upload
from assetlib.storage.states import GIVEN_UP, REFUSED, VERIFYING


def take_up_upload(session: Session, actor: Actor, upload: Upload) -> None:
    """Let an upload wait to be looked at again; one that was not given up stays as it is."""
    REFUSE_UPLOAD.require(actor, upload)
    held = session.scalars(
        select(Upload)
        .where(Upload.id == upload.id, Upload.state == REFUSED, Upload.refusal_code == GIVEN_UP)
        .with_for_update(of=Upload)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        return
    held.state, held.refusal_code, held.refusal = VERIFYING, None, None
    session.flush()
    record(
        session,
        actor,
        "catalog.upload_taken_up",
        held,
        before={"state": REFUSED},
        after={"state": VERIFYING},
    )


def take_up_bulk_edit(
    session: Session, actor: Actor, bulk_edit: BulkEdit, reason: str, *, undo: bool
) -> None:
    """Let a change, or its undoing, go on with the items that were left for this reason.

    One that was not broken off, or that was undone since, stays as it is.
    """
    TAKE_UP_BULK_EDIT.require(actor)
    ended, moving, left, waits = (
        ("undone", "undoing", "kept", "changed") if undo else ("done", "running", "refused", "waiting")
    )
    held = session.scalars(
        select(BulkEdit)
        .where(BulkEdit.id == bulk_edit.id, BulkEdit.state == ended)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if held is None:
        return
    items: CursorResult[None] = session.execute(  # type: ignore[assignment]  # an UPDATE gives one
        update(BulkEditItem)
        .where(
            BulkEditItem.bulk_edit_id == held.id, BulkEditItem.outcome == left, BulkEditItem.reason == reason
        )
        .values(outcome=waits, reason="")
    )
    if not items.rowcount:
        return
    held.state, held.finished_at = moving, None
    session.flush()
    record(
        session,
        actor,
        "catalog.bulk_edit_taken_up",
        held,
        before={"state": ended},
        after={"state": moving},
        assets=items.rowcount,
    )
