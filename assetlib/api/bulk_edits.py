"""One change to many assets: preview, run, undo."""

from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.shapes import Query, RowId, Shape
from assetlib.catalog.actions import bulk_edits as actions
from assetlib.catalog.models import BulkEdit
from assetlib.catalog.permissions.assets import BULK_EDIT
from assetlib.catalog.queries.bulk_edits import get_bulk_edit, items_of, tally_of
from assetlib.current import actor, database
from assetlib.policy import open_to
from assetlib.words import recalled

api = APIBlueprint("api_bulk_edits", __name__, url_prefix="/bulk-edits", tag="Bulk edits")


class BulkEditIn(Shape):
    assets: list[RowId] = Field(max_length=10_000)
    changes: dict[str, dict[str, Any]] = Field(
        description='field → what to do: {"tags": {"add": ["coast"]}, "attr.brand": {"set": "aurora"}}'
    )


class TallyOut(Shape):
    waiting: int
    changed: int
    same: int
    refused: int
    undone: int
    kept: int


class BulkEditOut(Shape):
    id: int
    state: str
    changes: dict[str, Any]
    tally: TallyOut


class ItemsQuery(Query):
    outcome: str | None = None


class ItemOut(Shape):
    asset: int
    title: str
    outcome: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


class ItemsOut(Shape):
    total: int
    items: list[ItemOut]


@api.post("")
@api.input(BulkEditIn)
@api.output(BulkEditOut, status_code=201)
@open_to(BULK_EDIT)
def preview(json_data: BulkEditIn) -> BulkEditOut:
    """Work out what would become of each asset; nothing is changed yet."""
    with database().transaction() as session:
        row = actions.preview_bulk_edit(session, actor(), json_data.assets, json_data.changes)
        return _out(session, row)


@api.get("/<int:bulk_edit_id>")
@api.output(BulkEditOut)
@open_to(BULK_EDIT)
def show(bulk_edit_id: int) -> BulkEditOut:
    """How far it is."""
    with database().reading() as session:
        return _out(session, get_bulk_edit(session, actor(), bulk_edit_id))


@api.get("/<int:bulk_edit_id>/items")
@api.input(ItemsQuery, location="query")
@api.output(ItemsOut)
@open_to(BULK_EDIT)
def items(bulk_edit_id: int, query_data: ItemsQuery) -> ItemsOut:
    """What becomes, or came, of each asset."""
    with database().reading() as session:
        row = get_bulk_edit(session, actor(), bulk_edit_id)
        page = items_of(
            session,
            actor(),
            row,
            outcome=query_data.outcome,
            number=query_data.page,
            size=query_data.size,
        )
    return ItemsOut(
        total=page.total,
        items=[
            ItemOut(
                asset=each.asset_id,
                title=each.title,
                outcome=each.outcome,
                reason=recalled(each.reason),
                before=each.before,
                after=each.after,
            )
            for each in page.rows
        ],
    )


@api.post("/<int:bulk_edit_id>/run")
@api.output(BulkEditOut, status_code=202)
@open_to(BULK_EDIT)
def run(bulk_edit_id: int) -> BulkEditOut:
    """Do what the preview showed."""
    with database().transaction() as session:
        row = get_bulk_edit(session, actor(), bulk_edit_id)
        actions.run_bulk_edit(session, actor(), row)
        return _out(session, row)


@api.post("/<int:bulk_edit_id>/undo")
@api.output(BulkEditOut, status_code=202)
@open_to(BULK_EDIT)
def undo(bulk_edit_id: int) -> BulkEditOut:
    """Restore what assets said before, where nobody changed it since."""
    with database().transaction() as session:
        row = get_bulk_edit(session, actor(), bulk_edit_id)
        actions.undo_bulk_edit(session, actor(), row)
        return _out(session, row)


def _out(session: Any, row: BulkEdit) -> BulkEditOut:
    tally = tally_of(session, row)
    return BulkEditOut(
        id=row.id,
        state=row.state,
        changes=row.changes,
        tally=TallyOut(
            waiting=tally.waiting,
            changed=tally.changed,
            same=tally.same,
            refused=tally.refused,
            undone=tally.undone,
            kept=tally.kept,
        ),
    )
