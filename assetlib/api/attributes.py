"""The schema: asset types, attributes and what they can hold."""

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.assets import asset_out
from assetlib.api.shapes import AssetOut, AttributesChange, Shape, Text
from assetlib.catalog.actions import attributes as actions
from assetlib.catalog.models import Attribute
from assetlib.catalog.permissions.assets import SHAPE_SCHEMA, UPLOAD, VIEW_LIBRARY
from assetlib.catalog.queries.assets import get_asset
from assetlib.catalog.queries.attributes import asset_types, definition_of, get_attribute, schema
from assetlib.current import actor, database
from assetlib.policy import open_to
from assetlib.search.filters import BUILT_IN_NAMES

api = APIBlueprint("api_attributes", __name__, tag="Attributes")


FILLED_BY = "what fills it from inside a file at upload, such as `creator`; empty for nothing"


class AttributeIn(Shape):
    label: Text
    hint: Text = ""
    facet: bool = False
    required: bool = False
    types: list[Text] = Field(default=[], max_length=100)


class NewAttributeIn(AttributeIn):
    key: Text
    kind: Text
    multiple: bool = False
    embedded_as: Text = Field("", description=FILLED_BY)


class AttributeChange(AttributeIn):
    """The whole attribute but key and kind. `revision` is the one that was read."""

    revision: int
    embedded_as: Text | None = Field(None, description=f"{FILLED_BY}; null leaves it as it is")


class ChoiceIn(Shape):
    label: Text
    key: Text = ""
    parent: Text | None = None


class ChoiceChange(Shape):
    """Only what is given is changed. An empty `parent` means the top."""

    label: Text | None = None
    parent: Text | None = None


class ChoiceOut(Shape):
    key: str
    label: str
    parent: str | None


class AttributeOut(Shape):
    key: str
    label: str
    kind: str
    hint: str
    multiple: bool
    facet: bool
    required: bool
    types: list[str]
    embedded_as: str = Field(description=FILLED_BY)
    revision: int
    choices: list[ChoiceOut]


class TypeOut(Shape):
    key: str
    label: str


class SchemaOut(Shape):
    types: list[TypeOut]
    attributes: list[AttributeOut]


@api.get("/attributes")
@api.output(SchemaOut)
@open_to(VIEW_LIBRARY)
def index() -> SchemaOut:
    """Types, and attributes with their choices."""
    with database().reading() as session:
        return SchemaOut(
            types=[TypeOut(key=each.key, label=each.label) for each in asset_types(session)],
            attributes=[attribute_out(each) for each in schema(session)],
        )


@api.post("/attributes")
@api.input(NewAttributeIn)
@api.output(AttributeOut, status_code=201)
@open_to(SHAPE_SCHEMA)
def add(json_data: NewAttributeIn) -> AttributeOut:
    """Add an attribute. Its key and kind stay for ever."""
    with database().transaction() as session:
        actions.add_attribute(session, actor(), **json_data.model_dump(), reserved=BUILT_IN_NAMES)
        return attribute_out(get_attribute(session, json_data.key))


@api.put("/attributes/<key>")
@api.input(AttributeChange)
@api.output(AttributeOut)
@open_to(SHAPE_SCHEMA)
def change(key: str, json_data: AttributeChange) -> AttributeOut:
    """Change what people see of it."""
    with database().transaction() as session:
        row = get_attribute(session, key)
        actions.change_attribute(session, actor(), row, **json_data.model_dump())
        return attribute_out(row)


@api.delete("/attributes/<key>")
@api.output({}, status_code=204)
@open_to(SHAPE_SCHEMA)
def remove(key: str) -> str:
    """Drop an attribute that no asset has filled."""
    with database().transaction() as session:
        actions.remove_attribute(session, actor(), get_attribute(session, key))
    return ""


@api.post("/attributes/<key>/choices")
@api.input(ChoiceIn)
@api.output(AttributeOut, status_code=201)
@open_to(SHAPE_SCHEMA)
def add_choice(key: str, json_data: ChoiceIn) -> AttributeOut:
    """Add a value to choose."""
    with database().transaction() as session:
        row = get_attribute(session, key)
        actions.add_choice(
            session, actor(), row, label=json_data.label, key=json_data.key, parent=json_data.parent
        )
        return attribute_out(row)


@api.patch("/attributes/<key>/choices/<choice_key>")
@api.input(ChoiceChange)
@api.output(AttributeOut)
@open_to(SHAPE_SCHEMA)
def change_choice(key: str, choice_key: str, json_data: ChoiceChange) -> AttributeOut:
    """Rename a value, or move it in the tree."""
    with database().transaction() as session:
        row = get_attribute(session, key)
        if json_data.label is not None:
            actions.rename_choice(session, actor(), row, choice_key, label=json_data.label)
        if json_data.parent is not None:
            actions.move_choice(session, actor(), row, choice_key, parent=json_data.parent or None)
        return attribute_out(row)


@api.delete("/attributes/<key>/choices/<choice_key>")
@api.output(AttributeOut)
@open_to(SHAPE_SCHEMA)
def remove_choice(key: str, choice_key: str) -> AttributeOut:
    """Drop a value that no asset holds."""
    with database().transaction() as session:
        row = get_attribute(session, key)
        actions.remove_choice(session, actor(), row, choice_key)
        return attribute_out(row)


@api.patch("/assets/<int:asset_id>/attributes")
@api.input(AttributesChange)
@api.output(AssetOut)
@open_to(UPLOAD)
def set_values(asset_id: int, json_data: AttributesChange) -> AssetOut:
    """Set what is given and leave the rest; null clears."""
    with database().transaction() as session:
        asset = get_asset(session, actor(), asset_id)
        actions.set_attributes(session, actor(), asset, json_data.values, revision=json_data.revision)
        return asset_out(session, actor(), get_asset(session, actor(), asset_id))


def attribute_out(row: Attribute) -> AttributeOut:
    return AttributeOut(
        key=row.key,
        label=row.label,
        kind=row.kind,
        hint=row.hint,
        multiple=row.multiple,
        facet=row.facet,
        required=row.required,
        types=row.types,
        embedded_as=row.embedded_as,
        revision=row.revision,
        choices=[
            ChoiceOut(key=each.key, label=each.label, parent=each.parent)
            for each in definition_of(row).choices
        ],
    )
