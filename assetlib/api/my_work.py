"""What waits for whoever asks, as JSON."""

from datetime import date, datetime

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from assetlib.access.permission import SIGNED_IN_OR_TOKEN
from assetlib.api.shapes import Shape
from assetlib.current import actor, database
from assetlib.dashboards.my_work import Waiting, what_waits
from assetlib.dashboards.work import FOR_ME, VERBS, VIEWS, Item
from assetlib.language import zone
from assetlib.policy import open_to

api = APIBlueprint("api_my_work", __name__, tag="My work")


class MyWorkQuery(BaseModel):
    verb: str | None = Field(None, pattern=f"^({'|'.join(VERBS)})$")
    view: str = Field(FOR_ME, pattern=f"^({'|'.join(VIEWS)})$", description="left out where a verb is given")
    page: int = Field(1, ge=1, le=1_000, description="of one verb")
    size: int = Field(20, ge=1, le=96)


class ItemOut(Shape):
    title: str
    sentence: str = Field(description="what happened")
    words: str = Field(description="what somebody said of it")
    url: str
    button: str
    asset: int | None
    due: date | datetime | None
    at: datetime | None = Field(description="when it happened")
    is_pressing: bool = Field(description="due today or late")


class GroupOut(Shape):
    verb: str
    label: str
    total: int
    items: list[ItemOut]


class MyWorkOut(Shape):
    total: int = Field(
        description="how many things wait for you; of a verb or another view how many there are"
    )
    groups: list[GroupOut] = Field(description="by what is to be done, the soonest first")


@api.get("/my-work")
@api.input(MyWorkQuery, location="query")
@api.output(MyWorkOut)
@open_to(SIGNED_IN_OR_TOKEN)
def index(query_data: MyWorkQuery) -> MyWorkOut:
    """What waits for you: the first things of each verb, or one page of one verb's."""
    number = query_data.page if query_data.verb else 1
    with database().reading() as session:
        waiting = what_waits(
            session,
            actor(),
            verb=query_data.verb,
            view=query_data.view,
            number=number,
            size=query_data.size,
            zone=zone(),
        )
    return MyWorkOut(
        total=waiting.total if query_data.verb is None and query_data.view == FOR_ME else waiting.shown,
        groups=[
            GroupOut(
                verb=group.verb,
                label=group.label,
                total=group.total,
                items=[_item(waiting, each) for each in group.items],
            )
            for group in waiting.groups
        ],
    )


def _item(waiting: Waiting, item: Item) -> ItemOut:
    return ItemOut(
        title=item.title,
        sentence=item.sentence,
        words=item.words,
        url=item.url,
        button=item.button,
        asset=item.tile.asset.id if item.tile is not None else None,
        due=item.due,
        at=item.at,
        is_pressing=waiting.presses(item),
    )
