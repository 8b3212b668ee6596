"""Groups, for administrators."""

from functools import partial

from apiflask import APIBlueprint

from assetlib.accounts import actions
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_person
from assetlib.accounts.queries.directory import get_group, groups_page, members_page
from assetlib.api.changing import Changing
from assetlib.api.people_shapes import (
    GroupChange,
    GroupIn,
    GroupOut,
    GroupsOut,
    MembersIn,
    NamedQuery,
    PeopleOut,
    RolesIn,
    group_out,
    person_out,
)
from assetlib.api.shapes import Query
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.policy import open_to

api = APIBlueprint("api_groups", __name__, url_prefix="/groups", tag="People")
_changed = Changing(get_group, lambda _, group: group_out(group))


@api.get("")
@api.input(NamedQuery, location="query")
@api.output(GroupsOut)
@open_to(MANAGE_PEOPLE)
def index(query_data: NamedQuery) -> GroupsOut:
    """Groups by name, page by page."""
    with database().reading() as session:
        page = groups_page(session, text=query_data.q, number=query_data.page, size=query_data.size)
        return GroupsOut(
            total=page.total,
            page=page.number,
            size=page.size,
            groups=[group_out(each.group) for each in page.rows],
        )


@api.post("")
@api.input(GroupIn)
@api.output(GroupOut, status_code=201)
@open_to(MANAGE_PEOPLE, fresh=True)
def add(json_data: GroupIn) -> GroupOut:
    """A new group, with its roles."""
    with database().transaction() as session:
        group = actions.add_group(session, actor(), name=json_data.name, description=json_data.description)
        if json_data.roles:
            actions.set_group_roles(session, actor(), group, json_data.roles, known=known_scopes(session))
        return group_out(group)


@api.get("/<int:group_id>")
@api.output(GroupOut)
@open_to(MANAGE_PEOPLE)
def show(group_id: int) -> GroupOut:
    """One group."""
    with database().reading() as session:
        return group_out(get_group(session, group_id))


@api.patch("/<int:group_id>")
@api.input(GroupChange)
@api.output(GroupOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def describe(group_id: int, json_data: GroupChange) -> GroupOut:
    """Another name or description, if nobody wrote another one meanwhile."""
    said = json_data
    return _changed(
        group_id,
        partial(actions.describe_group, revision=said.revision, name=said.name, description=said.description),
    )


@api.put("/<int:group_id>/roles")
@api.input(RolesIn)
@api.output(GroupOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def set_roles(group_id: int, json_data: RolesIn) -> GroupOut:
    """Exactly these roles for everybody in it from now on."""
    return _changed(
        group_id,
        lambda session, actor, group: actions.set_group_roles(
            session, actor, group, json_data.roles, known=known_scopes(session), seen=json_data.seen
        ),
    )


@api.get("/<int:group_id>/people")
@api.input(Query, location="query")
@api.output(PeopleOut)
@open_to(MANAGE_PEOPLE)
def members(group_id: int, query_data: Query) -> PeopleOut:
    """Who is in it."""
    with database().reading() as session:
        group = get_group(session, group_id)
        page = members_page(session, group.id, number=query_data.page, size=query_data.size)
        return PeopleOut(
            total=page.total,
            page=page.number,
            size=page.size,
            people=[person_out(each, [group]) for each in page.rows],
        )


@api.post("/<int:group_id>/people")
@api.input(MembersIn)
@api.output(GroupOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def add_members(group_id: int, json_data: MembersIn) -> GroupOut:
    """Put people in; who is in it already stays."""
    return _changed(
        group_id,
        lambda session, actor, group: actions.add_members(
            session, actor, group, [get_person(session, each) for each in sorted(set(json_data.people))]
        ),
    )


@api.delete("/<int:group_id>/people/<int:person_id>")
@api.output({}, status_code=204)
@open_to(MANAGE_PEOPLE, fresh=True)
def remove_member(group_id: int, person_id: int) -> str:
    """Take somebody out; what the group gave them is gone."""
    return _changed.silently(
        group_id,
        lambda session, actor, group: actions.remove_member(
            session, actor, group, get_person(session, person_id)
        ),
    )


@api.delete("/<int:group_id>")
@api.output({}, status_code=204)
@open_to(MANAGE_PEOPLE, fresh=True)
def delete(group_id: int) -> str:
    """The group is gone; its people stay."""
    return _changed.silently(group_id, actions.delete_group)
