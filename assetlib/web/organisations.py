"""The companies that work with the house, and how working together begins and ends."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib.accounts import actions
from assetlib.accounts.errors import OrganisationChanged
from assetlib.accounts.models import Organisation
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation
from assetlib.accounts.queries.directory import (
    STATES,
    Wanted,
    groups_reaching,
    organisations_page,
    people_page,
)
from assetlib.catalog.queries.open_matters import collections_granted_to
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.goodbyes import open_matters, part_from
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.changing import Changing, made
from assetlib.web.meanwhile import Began
from assetlib.web.pages import last_page, pager_view
from assetlib.web.people import entry_view
from assetlib.web.people_meanwhile import YOURS_STANDS, texts_of_both, texts_then, told
from assetlib.web.people_view import KIND_LABELS, PAGE_SIZE, roles_words, sections
from assetlib.web.people_view import STATES as STATE_VIEWS
from assetlib.words import say

pages = Blueprint("organisations", __name__, url_prefix="/people/organisations")

FEW = 12
"""As many people stand on an organisation's own page; the list has all."""


@pages.get("")
@open_to(MANAGE_PEOPLE)
def index() -> str | Response:
    text = request.args.get("q", "")[:200].replace("\0", "")
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    number, size = clamp(
        request.args.get("page", type=int), request.args.get("size", type=int), default=PAGE_SIZE
    )
    with database().reading() as session:
        page = organisations_page(
            session,
            text=text,
            state=state if state in STATES else "",
            kind=kind if kind in KIND_LABELS else "",
            number=number,
            size=size,
        )
        if page.is_past_the_end:
            return last_page(page)
        rows = [
            {
                "name": each.organisation.name,
                "url": f"/people/organisations/{each.organisation.id}",
                "kind": KIND_LABELS[each.organisation.kind],
                "state": STATE_VIEWS[each.organisation.state],
                "people": each.people,
                "people_url": f"/people?organisation={each.organisation.id}",
            }
            for each in page.rows
        ]
    return render_template(
        "people/organisations.html",
        sections=sections("/people/organisations"),
        rows=rows,
        pager=pager_view(page),
        total=page.total,
        q=text,
        state=state,
        kind=kind,
        states=[(each, STATE_VIEWS[each]["label"]) for each in STATES],
        kinds=list(KIND_LABELS.items()),
    )


@pages.get("/new")
@open_to(MANAGE_PEOPLE)
def ask() -> str:
    return _new_page()


@pages.post("")
@open_to(MANAGE_PEOPLE, fresh=True)
def add() -> Response | tuple[str, int]:
    kind = request.form.get("kind", "")
    return made(
        lambda session: actions.add_organisation(
            session,
            actor(),
            name=request.form.get("name", ""),
            kind=kind if kind in ("agency", "partner") else "",
        ),
        said=lambda added: say("{name} is there. Invite its people now.", name=added.name),
        to=lambda added: f"/people/organisations/{added.id}",
        refused=_new_page,
    )


@pages.get("/<int:organisation_id>")
@open_to(MANAGE_PEOPLE)
def show(organisation_id: int) -> str:
    return _page(organisation_id)


@pages.post("/<int:organisation_id>")
@open_to(MANAGE_PEOPLE, fresh=True)
def rename(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        organisation_id,
        partial(
            actions.rename_organisation,
            name=request.form.get("name", ""),
            seen=(texts_then("name") or {}).get("name"),
        ),
        say("Saved."),
        "rename",
    )


@pages.post("/<int:organisation_id>/suspend")
@open_to(MANAGE_PEOPLE, fresh=True)
def suspend(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        organisation_id,
        actions.suspend_organisation,
        say("Nobody of it can sign in from now on."),
        "suspend",
    )


@pages.post("/<int:organisation_id>/reopen")
@open_to(MANAGE_PEOPLE, fresh=True)
def reopen(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        organisation_id,
        partial(actions.reopen_organisation, reason=request.form.get("reason", "")),
        say("Its people can sign in again."),
        "reopen",
    )


@pages.post("/<int:organisation_id>/close")
@open_to(MANAGE_PEOPLE, fresh=True)
def close(organisation_id: int) -> Response | tuple[str, int]:
    """Refused with all that is still open; its people are closed with it if that is ticked."""
    return _changed(
        organisation_id,
        partial(part_from, with_people="people" in request.form),
        say("Closed. Its files, and what it did, stay."),
        "close",
    )


def _new_page(problem: Refusal | None = None) -> str:
    return render_template(
        "people/new_organisation.html",
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        typed=request.form,
    )


def _page(organisation_id: int, problem: Refusal | None = None, form: str = "") -> str:
    with database().reading() as session:
        row = get_organisation(session, organisation_id)
        known = known_scopes(session)
        people = people_page(session, Wanted(organisation_id=row.id), number=1, size=FEW)
        rows = [entry_view(each, known) for each in people.rows]
        groups = [
            {
                "name": group.name,
                "url": f"/people/groups/{group.id}",
                "people": count,
                "roles": roles_words(group.grants, known),
            }
            for group, count in groups_reaching(session, row.id)
        ]
        collections = collections_granted_to(session, organisation_id=row.id) if row.kind != "own" else []
        matters = open_matters(session, row) if row.kind != "own" else []
        typed: Mapping[str, str] = request.form if problem is not None else {}
        if isinstance(problem, OrganisationChanged):
            problem = told(
                session, problem, "organisation", row.id, ["accounts.organisation_renamed"], YOURS_STANDS
            )
            typed, problem = texts_of_both({"name": row.name}, problem)
    return render_template(
        "people/organisation.html",
        shown=_view(row),
        rows=rows,
        total=people.total,
        groups=groups,
        collections=[(name, f"/collections/{number}") for number, name in collections],
        matters=matters,
        only_people=bool(matters) and all(each.key == "people" for each in matters),
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        form=form,
        typed=typed,
        began=Began({"name": [row.name]}),
    )


_changed = Changing(get_organisation, "/people/organisations/{}", _page)


def _view(row: Organisation) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "url": f"/people/organisations/{row.id}",
        "kind": row.kind,
        "kind_label": KIND_LABELS[row.kind],
        "state": row.state,
        "state_view": STATE_VIEWS[row.state],
        "created_at": row.created_at,
        "closed_at": row.closed_at,
    }
