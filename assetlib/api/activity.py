"""What happened to an asset, and who took it away."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.shapes import Query, Shape
from assetlib.catalog.permissions.assets import SEE_USAGE, UPLOAD
from assetlib.catalog.queries.activity import activity_of, usage_of
from assetlib.catalog.queries.assets import get_asset
from assetlib.current import actor, database
from assetlib.policy import open_to

api = APIBlueprint("api_activity", __name__, url_prefix="/assets", tag="Assets")


class HappeningOut(Shape):
    at: datetime
    action: str = Field(description="such as catalog.asset_published")
    person: str = Field(description="empty when it was the house itself, or somebody who is gone")
    reason: str


class ActivityOut(Shape):
    total: int
    page: int
    size: int
    happenings: list[HappeningOut]


class UseOut(Shape):
    at: datetime
    person: str
    version: int = Field(description="the version's number")
    form: str = Field(description="original, or a preset")
    size: int = Field(description="bytes")
    package: str | None = Field(description="the ZIP that it was part of")


class UsageOut(Shape):
    total: int
    page: int
    size: int
    uses: list[UseOut]


@api.get("/<int:asset_id>/activity")
@api.input(Query, location="query")
@api.output(ActivityOut)
@open_to(UPLOAD)
def activity(asset_id: int, query_data: Query) -> ActivityOut:
    """What happened to it, the latest first; an agency is told of its own downloads only."""
    with database().reading() as session:
        asset = get_asset(session, actor(), asset_id)
        page = activity_of(session, actor(), asset, number=query_data.page, size=query_data.size)
    return ActivityOut(
        total=page.total,
        page=page.number,
        size=page.size,
        happenings=[
            HappeningOut(at=each.at, action=each.action, person=each.who, reason=each.reason)
            for each in page.rows
        ],
    )


@api.get("/<int:asset_id>/usage")
@api.input(Query, location="query")
@api.output(UsageOut)
@open_to(SEE_USAGE)
def usage(asset_id: int, query_data: Query) -> UsageOut:
    """Who downloaded it, in which form and when, the latest first."""
    with database().reading() as session:
        asset = get_asset(session, actor(), asset_id)
        page = usage_of(session, actor(), asset, number=query_data.page, size=query_data.size)
    return UsageOut(
        total=page.total,
        page=page.number,
        size=page.size,
        uses=[
            UseOut(
                at=each.at,
                person=each.who,
                version=each.version_number,
                form=each.form,
                size=each.size,
                package=each.package,
            )
            for each in page.rows
        ],
    )
