"""Delivery specs."""

from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.shapes import Query, Shape, Text
from assetlib.catalog.actions import delivery_specs as actions
from assetlib.catalog.models import DeliverySpec
from assetlib.catalog.permissions.delivery_specs import EDIT_SPECS, SEE_SPECS
from assetlib.catalog.queries.delivery_specs import get_spec, specs_page
from assetlib.current import actor, database
from assetlib.policy import open_to

api = APIBlueprint("api_delivery_specs", __name__, url_prefix="/delivery-specs", tag="Delivery specs")


class RulesIn(Shape):
    """What is left out is not checked."""

    formats: list[Text] = Field([], description="JPEG, PSD, MP4 …")
    sizes: list[list[int]] = Field([], description="allowed pixels, [width, height] each")
    at_least: bool = Field(default=False, description="files may be larger")
    dpi: int | None = Field(None, description="of print sizes; 300 unless it is said")
    colour: list[Text] = Field([], description="RGB, CMYK, Grey or Lab")
    profile: Text = Field("", description="words in the name of the colour profile")
    bit_depth: int | None = None
    shortest_s: int | None = None
    longest_s: int | None = None
    heaviest: int | None = Field(None, description="bytes")
    file_name: Text = Field("", description="* any letters, # one digit or more")
    attributes: list[Text] = Field([], description="keys of details that have to be filled in")
    rights_holder: bool = False
    rights_until: date | None = None
    rights_channels: list[Text] = []


class SpecIn(Shape):
    name: Text
    description: Text = ""
    rules: RulesIn = Field(default_factory=RulesIn.model_construct)


class SpecChange(SpecIn):
    revision: int


class SpecOut(Shape):
    id: int
    name: str
    description: str
    rules: dict[str, Any]
    retired_at: datetime | None
    revision: int


class SpecsOut(Shape):
    total: int
    page: int
    size: int
    specs: list[SpecOut]


@api.get("")
@api.input(Query, location="query")
@api.output(SpecsOut)
@open_to(SEE_SPECS)
def index(query_data: Query) -> SpecsOut:
    """Every spec by name, the retired ones last."""
    with database().reading() as session:
        page = specs_page(session, actor(), number=query_data.page, size=query_data.size)
        return SpecsOut(
            total=page.total, page=page.number, size=page.size, specs=[_out(each) for each in page.rows]
        )


@api.post("")
@api.input(SpecIn)
@api.output(SpecOut, status_code=201)
@open_to(EDIT_SPECS)
def make(json_data: SpecIn) -> SpecOut:
    """A new spec, offered from now on."""
    with database().transaction() as session:
        return _out(
            actions.make_spec(
                session,
                actor(),
                name=json_data.name,
                description=json_data.description,
                rules=json_data.rules.model_dump(),
            )
        )


@api.get("/<int:spec_id>")
@api.output(SpecOut)
@open_to(SEE_SPECS)
def show(spec_id: int) -> SpecOut:
    """One spec."""
    with database().reading() as session:
        return _out(get_spec(session, actor(), spec_id))


@api.put("/<int:spec_id>")
@api.input(SpecChange)
@api.output(SpecOut)
@open_to(EDIT_SPECS)
def change(spec_id: int, json_data: SpecChange) -> SpecOut:
    """Say it anew. `revision` is the one that was read."""
    with database().transaction() as session:
        row = get_spec(session, actor(), spec_id)
        actions.change_spec(
            session,
            actor(),
            row,
            revision=json_data.revision,
            name=json_data.name,
            description=json_data.description,
            rules=json_data.rules.model_dump(),
        )
        return _out(row)


@api.post("/<int:spec_id>/retire")
@api.output(SpecOut)
@open_to(EDIT_SPECS)
def retire(spec_id: int) -> SpecOut:
    """Offer it no longer; what has it keeps it."""
    with database().transaction() as session:
        row = get_spec(session, actor(), spec_id)
        actions.retire_spec(session, actor(), row)
        return _out(row)


@api.post("/<int:spec_id>/offer")
@api.output(SpecOut)
@open_to(EDIT_SPECS)
def offer(spec_id: int) -> SpecOut:
    """Offer a retired one again."""
    with database().transaction() as session:
        row = get_spec(session, actor(), spec_id)
        actions.offer_spec(session, actor(), row)
        return _out(row)


def _out(row: DeliverySpec) -> SpecOut:
    return SpecOut(
        id=row.id,
        name=row.name,
        description=row.description,
        rules=row.rules,
        retired_at=row.retired_at,
        revision=row.revision,
    )
