"""Everybody in the house, and how somebody new comes."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from assetlib.accounts import actions
from assetlib.accounts.models import Group, Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation, organisations
from assetlib.accounts.queries.directory import (
    SORTS,
    STATES,
    Entry,
    Wanted,
    all_groups,
    get_group,
    people_page,
)
from assetlib.accounts.rules.roles import ROLE_LABELS, Known
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.changing import made
from assetlib.web.context import face
from assetlib.web.forms import row_number
from assetlib.web.pages import address, last_page, pager_view
from assetlib.web.people_view import (
    PAGE_SIZE,
    numbers_typed,
    part_words,
    role_choices,
    role_without_part,
    roles_ticked,
    roles_typed,
    scoped_roles,
    sections,
    where_choices,
)
from assetlib.web.people_view import STATES as STATE_VIEWS
from assetlib.words import say

pages = Blueprint("people", __name__, url_prefix="/people")

SORT_LABELS = {
    "name": say("Name"),
    "organisation": say("Organisation"),
    "seen": say("Last seen"),
    "added": say("Newest first"),
}


def wanted_of_request() -> Wanted:
    """What the list is narrowed by; what makes no sense is left out."""
    asked = request.args
    state, role, sort = asked.get("state", ""), asked.get("role", ""), asked.get("sort", "name")
    return Wanted(
        text=asked.get("q", "")[:200].replace("\0", ""),
        organisation_id=asked.get("organisation", type=row_number),
        role=role if role in ROLE_LABELS else "",
        group_id=asked.get("group", type=row_number),
        state=state if state in STATES else "",
        sort=sort if sort in SORTS else "name",
    )


@pages.get("")
@open_to(MANAGE_PEOPLE)
def index() -> str | BaseResponse:
    wanted = wanted_of_request()
    number, size = clamp(
        request.args.get("page", type=int), request.args.get("size", type=int), default=PAGE_SIZE
    )
    with database().reading() as session:
        page = people_page(session, wanted, number=number, size=size)
        if page.is_past_the_end:
            return last_page(page)
        known = known_scopes(session)
        every, groups = organisations(session), all_groups(session)
        rows = [entry_view(each, known) for each in page.rows]
    return render_template(
        "people/index.html",
        sections=sections("/people"),
        rows=rows,
        pager=pager_view(page),
        total=page.total,
        wanted=wanted,
        organisations=[(each.id, each.name) for each in every],
        roles=list(ROLE_LABELS.items()),
        groups=[(each.id, each.name) for each in groups],
        states=[(each, STATE_VIEWS[each]["label"]) for each in STATES],
        sorts=[(each, SORT_LABELS[each]) for each in SORTS],
        sort_urls={each: _sort_url(each, wanted.sort) for each in ("name", "organisation", "seen")},
    )


def _sort_url(sort: str, current: str) -> dict[str, Any]:
    direction = "descending" if sort == "seen" else "ascending"
    return {"url": address(sort=sort, page=None), "direction": direction if sort == current else None}


def entry_view(entry: Entry, known: Known) -> dict[str, Any]:
    """A row of the list."""
    person = entry.person
    return {
        **face(person.id, person.name),
        "url": f"/people/{person.id}",
        "email": person.email if person.erased_at is None else "",
        "organisation": person.organisation.name,
        "organisation_url": f"/people/organisations/{person.organisation_id}",
        "parts": part_words(person.grants, entry.groups, known),
        "state": STATE_VIEWS[person.state],
        "shut": person.organisation.state if person.organisation.state in ("suspended", "closed") else "",
        "seen_at": entry.seen_at,
        "seen": _seen(person, entry),
    }


def _seen(person: Person, entry: Entry) -> str:
    if entry.seen_at is not None:
        return ""
    return say("not yet") if person.state == "invited" else say("not lately")


@pages.get("/invite")
@open_to(MANAGE_PEOPLE)
def ask_whom() -> str:
    return _invite_page()


@pages.post("/invite")
@open_to(MANAGE_PEOPLE, fresh=True)
def invite() -> BaseResponse | tuple[str, int]:
    """Somebody new; the mail goes out once this is kept."""
    form = request.form
    return made(
        lambda session: actions.invite_person(
            session,
            actor(),
            get_organisation(session, form.get("organisation_id", 0, type=row_number)),
            name=form.get("name", ""),
            email=form.get("email", ""),
            roles=roles_typed(),
            groups=groups_typed(session),
            known=known_scopes(session),
            message=form.get("message", "").strip(),
        ),
        said=lambda person: say("{name} is invited. The mail is on its way.", name=person.name),
        to=lambda person: f"/people/{person.id}",
        refused=_invite_page,
    )


def groups_typed(session: Session) -> list[Group]:
    """The groups that were ticked."""
    return [get_group(session, number) for number in numbers_typed("groups")]


def _invite_page(problem: Refusal | None = None) -> str:
    form = request.form if problem is not None else None
    with database().reading() as session:
        known = known_scopes(session)
        every, groups = organisations(session), all_groups(session)
    chosen = (
        form.get("organisation_id", 0, type=row_number)
        if form is not None
        else request.args.get("organisation", 0, type=row_number)
    )
    fixed = next((each for each in every if each.id == chosen), None) if form is None else None
    kind = fixed.kind if fixed is not None else ""
    again = roles_ticked() if form is not None else []
    return render_template(
        "people/invite.html",
        typed=form or {},
        chosen_roles=[str(each) for each in again],
        chosen_groups=form.getlist("groups") if form is not None else [],
        chosen_organisation=chosen or (every[0].id if every else 0),
        organisations=[(each.id, each.name) for each in every if each.state not in ("suspended", "closed")],
        role_choices=role_choices(kind, again, known),
        scoped_roles=scoped_roles(kind),
        half_role=role_without_part(),
        where_choices=where_choices(known),
        groups=[(str(each.id), each.name) for each in groups],
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
    )


def download(text: str, name: str) -> Response:
    """A small text file to keep."""
    return Response(
        text,
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
