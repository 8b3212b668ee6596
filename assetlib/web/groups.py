"""Groups: who is in them, and what they give."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.accounts import actions
from assetlib.accounts.actions.grants import held_roles, spelled
from assetlib.accounts.errors import GroupChanged
from assetlib.accounts.models import Group
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_person, names_of
from assetlib.accounts.queries.directory import chosen_for, get_group, groups_page, members_page, newcomers_to
from assetlib.accounts.rules.roles import roles_at
from assetlib.audit.queries import Wanted, stretch_of
from assetlib.catalog.queries.open_matters import collections_granted_to
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.changing import Changing, made
from assetlib.web.context import face
from assetlib.web.forms import revision_seen
from assetlib.web.meanwhile import Began
from assetlib.web.pages import last_page, pager_view
from assetlib.web.people_meanwhile import BOTH_BOXES, both, said_then, told
from assetlib.web.people_view import (
    PAGE_SIZE,
    STATES,
    numbers_typed,
    role_choices,
    role_without_part,
    roles_ticked,
    roles_typed,
    roles_words,
    scoped_roles,
    sections,
    where_choices,
)
from assetlib.words import say, say_n, together

pages = Blueprint("groups", __name__, url_prefix="/people/groups")

MOST_FOUND = 30
"""As many people stand in the picker at once; a search brings up the others."""


@pages.get("")
@open_to(MANAGE_PEOPLE)
def index() -> str | Response:
    text = request.args.get("q", "")[:200].replace("\0", "")
    number, size = clamp(
        request.args.get("page", type=int), request.args.get("size", type=int), default=PAGE_SIZE
    )
    with database().reading() as session:
        page = groups_page(session, text=text, number=number, size=size)
        if page.is_past_the_end:
            return last_page(page)
        known = known_scopes(session)
        rows = [
            {
                "name": each.group.name,
                "url": f"/people/groups/{each.group.id}",
                "description": each.group.description,
                "people": each.people,
                "roles": roles_words(each.group.grants, known),
            }
            for each in page.rows
        ]
    return render_template(
        "people/groups.html",
        sections=sections("/people/groups"),
        rows=rows,
        pager=pager_view(page),
        total=page.total,
        q=text,
    )


@pages.get("/new")
@open_to(MANAGE_PEOPLE)
def ask() -> str:
    return _new_page()


@pages.post("")
@open_to(MANAGE_PEOPLE, fresh=True)
def add() -> Response | tuple[str, int]:
    """A group with its roles at once."""

    def act(session: Session) -> Group:
        form = request.form
        group = actions.add_group(
            session, actor(), name=form.get("name", ""), description=form.get("description", "")
        )
        if roles_typed():
            actions.set_group_roles(session, actor(), group, roles_typed(), known=known_scopes(session))
        return group

    return made(
        act,
        said=lambda group: say("{name} is there. Put people into it now.", name=group.name),
        to=lambda group: f"/people/groups/{group.id}",
        refused=_new_page,
    )


@pages.get("/<int:group_id>")
@open_to(MANAGE_PEOPLE)
def show(group_id: int) -> str:
    return _page(group_id)


@pages.post("/<int:group_id>")
@open_to(MANAGE_PEOPLE, fresh=True)
def describe(group_id: int) -> Response | tuple[str, int]:
    return _changed(
        group_id,
        partial(
            actions.describe_group,
            revision=revision_seen(),
            name=request.form.get("name", ""),
            description=request.form.get("description", "").replace("\r\n", "\n"),
        ),
        say("Saved."),
        "describe",
    )


@pages.post("/<int:group_id>/roles")
@open_to(MANAGE_PEOPLE, fresh=True)
def set_roles(group_id: int) -> Response | tuple[str, int]:
    return _changed(
        group_id,
        lambda session, actor, group: actions.set_group_roles(
            session, actor, group, roles_typed(), known=known_scopes(session), seen=said_then("roles")
        ),
        say("These roles hold from now on."),
        "roles",
    )


@pages.get("/<int:group_id>/members")
@open_to(MANAGE_PEOPLE)
def ask_whom(group_id: int) -> str:
    """Who could come in, by a search; who is ticked stays so while somebody searches on."""
    return _members_page(group_id)


@pages.post("/<int:group_id>/members")
@open_to(MANAGE_PEOPLE, fresh=True)
def add_members(group_id: int) -> Response | tuple[str, int]:
    def act(session: Session) -> int:
        people = [get_person(session, number) for number in numbers_typed("person")]
        return actions.add_members(session, actor(), get_group(session, group_id), people)

    return made(
        act,
        said=lambda count: say_n("{count} person was put in.", "{count} people were put in.", count),
        to=lambda _: f"/people/groups/{group_id}",
        refused=lambda refusal: _members_page(group_id, refusal),
    )


@pages.post("/<int:group_id>/members/<int:person_id>/remove")
@open_to(MANAGE_PEOPLE, fresh=True)
def remove_member(group_id: int, person_id: int) -> Response | tuple[str, int]:
    return _changed(
        group_id,
        lambda session, actor, group: actions.remove_member(
            session, actor, group, get_person(session, person_id)
        ),
        say("Taken out. What the group gave them is gone."),
    )


@pages.post("/<int:group_id>/delete")
@open_to(MANAGE_PEOPLE, fresh=True)
def delete(group_id: int) -> Response | tuple[str, int]:
    return _changed(
        group_id,
        actions.delete_group,
        say("The group is gone. Its people stay."),
        to="/people/groups",
    )


def _new_page(problem: Refusal | None = None) -> str:
    again = roles_ticked() if problem is not None else []
    with database().reading() as session:
        known = known_scopes(session)
    return render_template(
        "people/new_group.html",
        role_choices=role_choices(None, again, known),
        chosen_roles=[str(each) for each in again],
        scoped_roles=scoped_roles(None),
        where_choices=where_choices(known),
        half_role=role_without_part(),
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        typed=request.form,
    )


def _page(group_id: int, problem: Refusal | None = None, form: str = "") -> str:
    number, size = clamp(
        request.args.get("page", type=int), request.args.get("size", type=int), default=PAGE_SIZE
    )
    with database().reading() as session:
        group = get_group(session, group_id)
        known = known_scopes(session)
        members = members_page(session, group_id, number=number, size=size)
        collections = collections_granted_to(session, group_id=group_id)
        held = held_roles(group.grants)
        now = spelled(held)
        chosen = [str(each) for each in roles_ticked()] if problem is not None and form == "roles" else now
        if isinstance(problem, GroupChanged) and form == "roles":
            problem = told(
                session, problem, "people_group", group_id, ["accounts.group_roles_set"], BOTH_BOXES
            )
            chosen = both(chosen, now, "roles")
        elif isinstance(problem, GroupChanged):
            problem = _named(session, group, problem)
    typed: Mapping[str, str] = request.form if problem is not None and form == "describe" else {}
    return render_template(
        "people/group.html",
        group=group,
        roles=roles_words(group.grants, known),
        rows=[_member(each) for each in members.rows],
        pager=pager_view(members),
        total=members.total,
        collections=[(name, f"/collections/{number}") for number, name in collections],
        role_choices=role_choices(None, held | roles_at(chosen), known),
        chosen_roles=chosen,
        began=Began({"roles": now}),
        half_role=role_without_part() if form == "roles" else "",
        scoped_roles=scoped_roles(None),
        where_choices=where_choices(known),
        described={
            "name": typed.get("name", group.name),
            "description": typed.get("description", group.description),
        },
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        form=form,
    )


def _members_page(group_id: int, problem: Refusal | None = None) -> str:
    text = request.values.get("q", "")[:200].replace("\0", "")
    ticked = numbers_typed("person", request.values)
    with database().reading() as session:
        group = get_group(session, group_id)
        found, total = newcomers_to(session, group_id, text=text, most=MOST_FOUND)
        chosen = chosen_for(session, group_id, ticked) if ticked else []
    shown = {each.id: each for each in [*chosen, *found]}
    return render_template(
        "people/members.html",
        group=group,
        q=text,
        choices=[(str(each.id), f"{each.name}, {each.organisation.name}") for each in shown.values()],
        chosen=[str(each.id) for each in chosen],
        found=total,
        left_out=total - len(found),
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
    )


_changed = Changing(get_group, "/people/groups/{}", _page)


def _named(session: Session, group: Group, problem: Refusal) -> Refusal:
    """Who wrote meanwhile, and what it says now, beside what was typed."""
    told = Wanted(
        object_kind="people_group",
        object_id=str(group.id),
        actions=frozenset({"accounts.group_described"}),
    )
    who = next((each.actor_id for each in stretch_of(session, told, size=1).entries), None)
    name = names_of(session, [who]).get(who or 0) or say("Someone")
    sentence = together(
        say("{who} changed this group while you were writing.", who=name),
        say("What you typed still stands here. Save again if it is to hold."),
    )
    now = {"name": group.name, "description": group.description}
    fields = {
        key: say("Now it says: {text}", text=text) if text else say("Now it says nothing.")
        for key, text in now.items()
        if request.form.get(key, "").replace("\r\n", "\n") != text
    }
    return type(problem)(sentence, **{**problem.details, "fields": fields})


def _member(person: Any) -> dict[str, Any]:
    return {
        **face(person.id, person.name),
        "id": person.id,
        "url": f"/people/{person.id}",
        "email": person.email,
        "organisation": person.organisation.name,
        "state": STATES[person.state],
    }
