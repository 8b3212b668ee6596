"""What was deleted in the last 30 days, and the way back."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.accounts.queries import names_of
from assetlib.api.shapes import Query, RowId, Shape
from assetlib.catalog.actions.trash import KEPT_FOR, restore_assets
from assetlib.catalog.permissions.assets import CURATE, SEE_TRASH
from assetlib.catalog.queries.assets import trash_page
from assetlib.current import actor, database
from assetlib.policy import open_to

api = APIBlueprint("api_trash", __name__, url_prefix="/trash", tag="Assets")


class DeletedOut(Shape):
    id: int
    ref: str
    title: str
    deleted_at: datetime
    deleted_by: str = Field(description="empty when that person is gone")
    gone_at: datetime = Field(description="it can be restored until then")


class TrashOut(Shape):
    total: int
    page: int
    size: int
    assets: list[DeletedOut]


class RestoreIn(Shape):
    assets: list[RowId] = Field(min_length=1, max_length=10_000)


class RestoredOut(Shape):
    count: int


@api.get("")
@api.input(Query, location="query")
@api.output(TrashOut)
@open_to(SEE_TRASH)
def index(query_data: Query) -> TrashOut:
    """What lies in the trash, the latest deletion first."""
    with database().reading() as session:
        page = trash_page(session, actor(), number=query_data.page, size=query_data.size)
        names = names_of(session, [asset.deleted_by_id for asset in page.rows])
    return TrashOut(
        total=page.total,
        page=page.number,
        size=page.size,
        assets=[
            DeletedOut(
                id=asset.id,
                ref=asset.ref,
                title=asset.title,
                deleted_at=asset.deleted_at,
                deleted_by=names.get(asset.deleted_by_id or 0, ""),
                gone_at=asset.deleted_at + KEPT_FOR,
            )
            for asset in page.rows
            if asset.deleted_at is not None
        ],
    )


@api.post("/restore")
@api.input(RestoreIn)
@api.output(RestoredOut)
@open_to(CURATE)
def restore(json_data: RestoreIn) -> RestoredOut:
    """Take assets out of the trash with all their ties: all of them or none."""
    with database().transaction() as session:
        return RestoredOut(count=restore_assets(session, actor(), json_data.assets))
