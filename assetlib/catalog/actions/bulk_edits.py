"""Many assets are changed at once: looked at first, done by a job in small steps, and undone if it was wrong.

What a person saw in the preview is exactly what is done. An asset that says something else by then, in a
field that the edit touches, is left alone and says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit import record
from assetlib.catalog.errors import NoSuchBulkEdit, WrongState, WrongValue
from assetlib.catalog.models import Asset, BulkEdit, BulkEditItem, CollectionItem, UsageRight
from assetlib.catalog.permissions.assets import BULK_EDIT, EDIT_ASSET, EDIT_RIGHTS
from assetlib.catalog.permissions.bulk_edits import BREAK_OFF_BULK_EDIT
from assetlib.catalog.queries.bulk_edits import (
    GONE,
    Places,
    assets_with_said,
    places_of,
    schema_for,
    tally_of,
)
from assetlib.catalog.queries.visibility import known_to
from assetlib.catalog.rules.bulk_edits import (
    LONGEST_REASON,
    MOST_ASSETS,
    checked_changes,
    named_collections,
    result_of,
    right_form,
    undo_refusal,
)
from assetlib.jobs import enqueue
from assetlib.words import kept, say, together

STEP = 100
"""Assets in one transaction: others get in between, and a crash loses at most this much."""
KEPT_FOR = timedelta(days=1)
"""How long a preview waits to be run."""
CHANGED_SINCE = say("Someone changed this after the preview. Preview it again.")
NOT_OPEN = say("You may not change this asset. It may lie in the trash.")


def preview_bulk_edit(
    session: Session, actor: Actor, asset_ids: Sequence[int], changes: Mapping[str, Any]
) -> BulkEdit:
    """Work out what a change would make of each asset, and change nothing.

    `changes` has the form of `rules.bulk_edits`. Every asset gets an item: `waiting` with before and after,
    `same`, or `refused` with the reason; ids of assets that are gone, or not
    open to the actor, get none. The number of statements grows
    by thousands of assets, not by assets.
    """
    BULK_EDIT.require(actor)
    wanted = set(asset_ids)
    if not 0 < len(wanted) <= MOST_ASSETS:
        fault = say(
            "Choose between 1 and {most} assets; these are {count}.",
            most=MOST_ASSETS,
            count=len(wanted),
        )
        raise WrongValue(fault, fields={"assets": fault})
    schema = schema_for(session, actor)
    checked, faults = checked_changes(changes, schema)
    if faults:
        raise WrongValue(say("Some of this cannot be done. Look at the marked fields."), fields=faults)
    _forget_old_previews(session, actor)
    row = BulkEdit(person_id=actor.person_id, changes=checked, created_at=clock.now())
    session.add(row)
    session.flush()
    items = []
    for asset, said in assets_with_said(
        session, list(wanted), named_collections(checked), among=known_to(actor)
    ):
        result = result_of(said, checked, schema)
        refusal = _not_open(actor, asset, checked) or result.refusal
        outcome = "refused" if refusal else "waiting" if result.after else "same"
        seen = outcome == "waiting"
        items.append(
            {
                "bulk_edit_id": row.id,
                "asset_id": asset.id,
                "before": result.before if seen else {},
                "after": result.after if seen else {},
                "outcome": outcome,
                "reason": kept(refusal, LONGEST_REASON),
            }
        )
    if items:
        session.execute(insert(BulkEditItem), items)
    record(session, actor, "catalog.bulk_edit_previewed", row, after={"changes": checked}, assets=len(items))
    return row


def run_bulk_edit(session: Session, actor: Actor, bulk_edit: BulkEdit) -> None:
    """Promise that a job does what the preview showed."""
    BULK_EDIT.require(actor)
    row = _held(session, bulk_edit)
    if row.state != "preview":
        raise WrongState(say("This was started before. Look at how far it is."), state=row.state)
    _set_state(session, actor, row, "running", "catalog.bulk_edit_started")
    enqueue(session, "catalog.run_bulk_edit", bulk_edit_id=row.id, person_id=actor.person_id)


def undo_bulk_edit(session: Session, actor: Actor, bulk_edit: BulkEdit) -> None:
    """Promise that a job restores what assets said before, where they still say what the edit said."""
    BULK_EDIT.require(actor)
    row = _held(session, bulk_edit)
    if row.state != "done":
        raise WrongState(say("Only a bulk edit that is done can be undone, and only once."), state=row.state)
    _set_state(session, actor, row, "undoing", "catalog.bulk_edit_undo_started")
    enqueue(session, "catalog.undo_bulk_edit", bulk_edit_id=row.id, person_id=actor.person_id)


def _set_state(session: Session, actor: Actor, row: BulkEdit, state: str, action: str) -> None:
    before = _state_of(row)
    row.state, row.finished_at = state, None
    session.flush()
    record(session, actor, action, row, before=before, after=_state_of(row))


def continue_bulk_edit(session: Session, actor: Actor, bulk_edit: BulkEdit) -> bool:
    """Change the next hundred assets that still wait; whether there may be more."""
    BULK_EDIT.require(actor)
    row = _held(session, bulk_edit)
    if row.state != "running":
        return False
    items = _next_items(session, row, "waiting")
    if not items:
        _finish(session, actor, row, "done", "catalog.bulk_edit_done")
        return False
    named = named_collections(row.changes)
    schema = schema_for(session, actor, hold=row.changes)
    # The schema, or who may fill a collection, may have changed since the preview.
    checked, faults = checked_changes(row.changes, schema)
    if faults:
        _settle(items.values(), "refused", together(next(iter(faults.values())), say("Preview it again.")))
        return True
    places = places_of(session, list(items), named)
    for asset, said in assets_with_said(session, list(items), named, hold=True):
        item = items[asset.id]
        result = result_of(said, checked, schema)
        refusal = _not_open(actor, asset, checked) or result.refusal
        if refusal:
            _settle([item], "refused", refusal)
        elif not result.after:
            _settle([item], "same")
        elif (result.before, result.after) != (item.before, item.after):
            _settle([item], "refused", CHANGED_SINCE)
        else:
            _put(session, actor, asset, item.before, item.after, places)
            _settle([item], "changed")
            _record_item(session, actor, row, asset, item.before, item.after)
    return True


def continue_undo(session: Session, actor: Actor, bulk_edit: BulkEdit) -> bool:
    """Restore the next hundred assets; whether there may be more. What was changed since is left alone."""
    BULK_EDIT.require(actor)
    row = _held(session, bulk_edit)
    if row.state != "undoing":
        return False
    items = _next_items(session, row, "changed")
    if not items:
        _finish(session, actor, row, "undone", "catalog.bulk_edit_undone")
        return False
    named = named_collections(row.changes)
    schema = schema_for(session, actor, hold=row.changes)
    places = places_of(session, list(items), named)
    for asset, said in assets_with_said(session, list(items), named, hold=True):
        item = items[asset.id]
        refusal = _not_open(actor, asset, row.changes) or undo_refusal(
            said, item.before, item.after, schema, named
        )
        if not refusal and not _collections_of(item.after) <= set(schema.collections):
            refusal = say("You may not take anything out of its collection.")
        if refusal:
            _settle([item], "kept", refusal)
        else:
            _put(session, actor, asset, item.after, item.before, places)
            _settle([item], "undone")
            _record_item(session, actor, row, asset, item.after, item.before, undone=True)
    return True


def break_off_bulk_edit(session: Session, actor: Actor, bulk_edit: BulkEdit, reason: str) -> None:
    """End what its person may not go on with. What was changed stays changed, the rest is left alone."""
    BREAK_OFF_BULK_EDIT.require(actor)
    row = _held(session, bulk_edit)
    after = {"running": ("waiting", "refused", "done"), "undoing": ("changed", "kept", "undone")}
    if row.state not in after:
        return
    from_outcome, to_outcome, state = after[row.state]
    session.execute(
        update(BulkEditItem)
        .where(BulkEditItem.bulk_edit_id == row.id, BulkEditItem.outcome == from_outcome)
        .values(outcome=to_outcome, reason=kept(reason, LONGEST_REASON))
    )
    _finish(session, actor, row, state, "catalog.bulk_edit_broken_off", reason=reason)


def _not_open(actor: Actor, asset: Asset, changes: Iterable[str]) -> str:
    """Why the actor may not change these fields of an asset; nothing when they may."""
    if not EDIT_ASSET.allows(actor, asset):
        return NOT_OPEN
    if any(name.startswith("right.") for name in changes) and not EDIT_RIGHTS.allows(actor, asset):
        return EDIT_RIGHTS.refusal
    return ""


def _held(session: Session, bulk_edit: BulkEdit) -> BulkEdit:
    """The same bulk edit, held: two workers that have the same job go one after the other."""
    row = session.scalars(
        select(BulkEdit)
        .where(BulkEdit.id == bulk_edit.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchBulkEdit(GONE)
    return row


def _next_items(session: Session, row: BulkEdit, outcome: str) -> dict[int, BulkEditItem]:
    items = session.scalars(
        select(BulkEditItem)
        .where(BulkEditItem.bulk_edit_id == row.id, BulkEditItem.outcome == outcome)
        .order_by(BulkEditItem.asset_id)
        .limit(STEP)
        .execution_options(populate_existing=True)
    )
    return {item.asset_id: item for item in items}


def _settle(items: Iterable[BulkEditItem], outcome: str, reason: str = "") -> None:
    for item in items:
        item.outcome, item.reason = outcome, kept(reason, LONGEST_REASON)


def _put(
    session: Session,
    actor: Actor,
    asset: Asset,
    now: Mapping[str, Any],
    wanted: Mapping[str, Any],
    places: Places,
) -> None:
    """Make the asset say what is wanted, field by field, where it says `now`."""
    attributes = dict(asset.attributes)
    for name, value in wanted.items():
        if name == "type_key":
            asset.type_key = value
        elif name == "tags":
            asset.tags = value
        elif name == "right":
            _put_right(session, asset, value)
        elif name == "collections":
            _add_to(session, actor, asset, sorted(set(value) - set(now[name])), places)
            _take_out(session, asset, set(now[name]) - set(value), places)
        elif value is None:
            attributes.pop(name.removeprefix("attr."), None)
        else:
            attributes[name.removeprefix("attr.")] = value
    if attributes != asset.attributes:
        asset.attributes = attributes
    asset.updated_at = clock.now()


def _put_right(session: Session, asset: Asset, wanted: Mapping[str, Any] | None) -> None:
    if wanted is None:
        session.delete(asset.right)
        session.expire(asset, ["right"])
        return
    values = right_form(wanted).values()
    if asset.right is None:
        asset.right = UsageRight(**values)
    for name, value in values.items():
        setattr(asset.right, name, value)


def _add_to(
    session: Session, actor: Actor, asset: Asset, collection_ids: Sequence[int], places: Places
) -> None:
    for collection_id in collection_ids:
        places.ends[collection_id] += 1
        session.add(
            CollectionItem(
                collection_id=collection_id,
                asset_id=asset.id,
                position=places.ends[collection_id],
                added_by_id=actor.person_id,
                added_at=clock.now(),
            )
        )


def _take_out(session: Session, asset: Asset, collection_ids: set[int], places: Places) -> None:
    for collection_id in collection_ids:
        session.delete(places.items[collection_id, asset.id])


def _collections_of(after: Mapping[str, Any]) -> set[int]:
    return set(after.get("collections", ()))


def _record_item(
    session: Session,
    actor: Actor,
    row: BulkEdit,
    asset: Asset,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    undone: bool = False,
) -> None:
    action = "catalog.asset_bulk_edit_undone" if undone else "catalog.asset_bulk_edited"
    record(session, actor, action, asset, before=before, after=after, bulk_edit=row.id)


def _finish(
    session: Session, actor: Actor, row: BulkEdit, state: str, action: str, *, reason: str = ""
) -> None:
    before = _state_of(row)
    row.state, row.finished_at = state, clock.now()
    session.flush()
    tally = asdict(tally_of(session, row))
    record(session, actor, action, row, before=before, after=_state_of(row), reason=reason, assets=tally)


def _state_of(row: BulkEdit) -> dict[str, str]:
    return {"state": row.state}


def _forget_old_previews(session: Session, actor: Actor) -> None:
    """What nobody ran within a day is dropped, with its items."""
    too_old = clock.now() - KEPT_FOR
    old = session.scalars(
        select(BulkEdit.id)
        .where(BulkEdit.state == "preview", BulkEdit.created_at < too_old)
        .order_by(BulkEdit.id)
        .with_for_update()
    ).all()
    if not old:
        return
    for statement in (
        delete(BulkEditItem).where(BulkEditItem.bulk_edit_id.in_(old)),
        delete(BulkEdit).where(BulkEdit.id.in_(old)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    dropped = ("bulk_edit", "old previews")
    record(session, actor, "catalog.bulk_edit_previews_dropped", dropped, before={"bulk_edits": list(old)})
