"""Collections: nested sets of assets."""

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from assetlib.accounts.queries import get_organisation
from assetlib.accounts.queries.directory import get_group
from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.catalog.actions import collections as actions
from assetlib.catalog.actions import opening
from assetlib.catalog.models import Collection
from assetlib.catalog.permissions.assets import VIEW_LIBRARY
from assetlib.catalog.permissions.collections import MAKE_COLLECTION
from assetlib.catalog.queries.collections import Node, get_collection, members_of, tree_of
from assetlib.current import actor, database
from assetlib.policy import open_to

api = APIBlueprint("api_collections", __name__, url_prefix="/collections", tag="Collections")


class CollectionIn(Shape):
    name: Text
    description: Text = ""
    audience: Text = "private"
    parent: RowId | None = None


class CollectionChange(CollectionIn):
    """The whole collection but its assets. `revision` is the one that was read."""

    revision: int


class MembersIn(Shape):
    assets: list[RowId] = Field(max_length=10_000)


class CollectionOut(Shape):
    id: int
    name: str
    description: str
    audience: str
    parent: int | None
    revision: int
    granted_to: list[int] = Field(description="organisation ids")
    granted_to_groups: list[int] = Field(description="group ids")


class NodeOut(Shape):
    id: int
    name: str
    audience: str
    count: int = Field(description="assets in it and below it that you may see")
    children: list["NodeOut"]


class TreeOut(Shape):
    collections: list[NodeOut]


class MembersOut(Shape):
    total: int
    page: int
    size: int
    assets: list[int]


class CountOut(Shape):
    count: int


@api.get("")
@api.output(TreeOut)
@open_to(VIEW_LIBRARY)
def index() -> TreeOut:
    """The collections that are open to you, one inside another."""
    with database().reading() as session:
        return TreeOut(collections=[node_out(node) for node in tree_of(session, actor())])


@api.post("")
@api.input(CollectionIn)
@api.output(CollectionOut, status_code=201)
@open_to(MAKE_COLLECTION)
def make(json_data: CollectionIn) -> CollectionOut:
    """Make a collection, at the top or inside another one."""
    with database().transaction() as session:
        row = actions.make_collection(
            session,
            actor(),
            name=json_data.name,
            description=json_data.description,
            audience=json_data.audience,
            parent=_parent(session, json_data),
        )
        return collection_out(get_collection(session, actor(), row.id))


@api.get("/<int:collection_id>")
@api.output(CollectionOut)
@open_to(VIEW_LIBRARY)
def show(collection_id: int) -> CollectionOut:
    """One collection."""
    with database().reading() as session:
        return collection_out(get_collection(session, actor(), collection_id))


@api.put("/<int:collection_id>")
@api.input(CollectionChange)
@api.output(CollectionOut)
@open_to(VIEW_LIBRARY)
def change(collection_id: int, json_data: CollectionChange) -> CollectionOut:
    """Name it anew, open or close it, move it."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        actions.describe_collection(
            session,
            actor(),
            row,
            revision=json_data.revision,
            name=json_data.name,
            description=json_data.description,
            audience=json_data.audience,
        )
        if json_data.parent != row.parent_id:
            actions.move_collection(session, actor(), row, _parent(session, json_data))
        return collection_out(row)


@api.delete("/<int:collection_id>")
@api.output({}, status_code=204)
@open_to(VIEW_LIBRARY)
def delete(collection_id: int) -> str:
    """Delete it; its assets stay in the library."""
    with database().transaction() as session:
        actions.delete_collection(session, actor(), get_collection(session, actor(), collection_id))
    return ""


@api.get("/<int:collection_id>/assets")
@api.input(Query, location="query")
@api.output(MembersOut)
@open_to(VIEW_LIBRARY)
def members(collection_id: int, query_data: Query) -> MembersOut:
    """Ids of the assets in it that you may see, in its order."""
    with database().reading() as session:
        row = get_collection(session, actor(), collection_id)
        page = members_of(session, actor(), row, number=query_data.page, size=query_data.size)
    return MembersOut(total=page.total, page=page.number, size=page.size, assets=list(page.rows))


@api.post("/<int:collection_id>/assets")
@api.input(MembersIn)
@api.output(CountOut)
@open_to(VIEW_LIBRARY)
def add(collection_id: int, json_data: MembersIn) -> CountOut:
    """Put assets at its end; how many were new."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        return CountOut(count=actions.add_assets(session, actor(), row, json_data.assets))


@api.post("/<int:collection_id>/assets/remove")
@api.input(MembersIn)
@api.output(CountOut)
@open_to(VIEW_LIBRARY)
def remove(collection_id: int, json_data: MembersIn) -> CountOut:
    """Take assets out; how many those were."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        return CountOut(count=actions.remove_assets(session, actor(), row, json_data.assets))


@api.post("/<int:collection_id>/assets/first")
@api.input(MembersIn)
@api.output({}, status_code=204)
@open_to(VIEW_LIBRARY)
def order(collection_id: int, json_data: MembersIn) -> str:
    """Put these first, in this order."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        actions.reorder_assets(session, actor(), row, json_data.assets)
    return ""


@api.put("/<int:collection_id>/grants/<int:organisation_id>")
@api.output(CollectionOut)
@open_to(VIEW_LIBRARY)
def grant(collection_id: int, organisation_id: int) -> CollectionOut:
    """Open it to an agency or partner."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        opening.grant_collection(session, actor(), row, get_organisation(session, organisation_id))
        return collection_out(row)


@api.delete("/<int:collection_id>/grants/<int:organisation_id>")
@api.output(CollectionOut)
@open_to(VIEW_LIBRARY)
def ungrant(collection_id: int, organisation_id: int) -> CollectionOut:
    """Close it to them, from this moment on."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        opening.ungrant_collection(session, actor(), row, get_organisation(session, organisation_id))
        return collection_out(row)


@api.put("/<int:collection_id>/group-grants/<int:group_id>")
@api.output(CollectionOut)
@open_to(VIEW_LIBRARY)
def grant_group(collection_id: int, group_id: int) -> CollectionOut:
    """Open it to the people of a group."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        opening.grant_collection_to_group(session, actor(), row, get_group(session, group_id))
        return collection_out(row)


@api.delete("/<int:collection_id>/group-grants/<int:group_id>")
@api.output(CollectionOut)
@open_to(VIEW_LIBRARY)
def ungrant_group(collection_id: int, group_id: int) -> CollectionOut:
    """Close it to them, from this moment on."""
    with database().transaction() as session:
        row = get_collection(session, actor(), collection_id)
        opening.ungrant_collection_to_group(session, actor(), row, get_group(session, group_id))
        return collection_out(row)


def _parent(session: Session, asked: CollectionIn) -> Collection | None:
    return get_collection(session, actor(), asked.parent) if asked.parent is not None else None


def collection_out(row: Collection) -> CollectionOut:
    return CollectionOut(
        id=row.id,
        name=row.name,
        description=row.description,
        audience=row.audience,
        parent=row.parent_id,
        revision=row.revision,
        granted_to=sorted(grant.organisation_id for grant in row.grants),
        granted_to_groups=sorted(grant.group_id for grant in row.group_grants),
    )


def node_out(node: Node) -> NodeOut:
    return NodeOut(
        id=node.id,
        name=node.name,
        audience=node.audience,
        count=node.count,
        children=[node_out(child) for child in node.children],
    )
