"""The companies that work with the house, and how working together begins and ends."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.accounts import actions
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
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.goodbyes import open_matters, part_from
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.web.changing import carried_out
from assetlib.web.pages import pager_view
from assetlib.web.people import entry_view
from assetlib.web.people_view import KIND_LABELS, PAGE_SIZE, roles_words, sections
from assetlib.web.people_view import STATES as STATE_VIEWS
from assetlib.words import say

pages = Blueprint("organisations", __name__, url_prefix="/people/organisations")

FEW = 12
"""As many people stand on an organisation's own page; the list has all."""


@pages.get("")
@open_to(MANAGE_PEOPLE)
def index() -> str:
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
    form = request.form
    try:
        with database().transaction() as session:
            kind = form.get("kind", "")
            added = actions.add_organisation(
                session,
                actor(),
                name=form.get("name", ""),
                kind=kind if kind in ("agency", "partner") else "",
            )
    except (Invalid, Conflict) as refusal:
        return _new_page(refusal), status_of(refusal)
    flash(say("{name} is there. Invite its people now.", name=added.name), "ok")
    return redirect(f"/people/organisations/{added.id}", code=303)


@pages.get("/<int:organisation_id>")
@open_to(MANAGE_PEOPLE)
def show(organisation_id: int) -> str:
    return _page(organisation_id)


@pages.post("/<int:organisation_id>")
@open_to(MANAGE_PEOPLE, fresh=True)
def rename(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        organisation_id,
        lambda session, row: actions.rename_organisation(
            session, actor(), row, name=request.form.get("name", "")
        ),
        say("Saved."),
        "rename",
    )


@pages.post("/<int:organisation_id>/suspend")
@open_to(MANAGE_PEOPLE, fresh=True)
def suspend(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        organisation_id,
        lambda session, row: actions.suspend_organisation(session, actor(), row),
        say("Nobody of it can sign in from now on."),
        "suspend",
    )


@pages.post("/<int:organisation_id>/reopen")
@open_to(MANAGE_PEOPLE, fresh=True)
def reopen(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        organisation_id,
        lambda session, row: actions.reopen_organisation(
            session, actor(), row, reason=request.form.get("reason", "")
        ),
        say("Its people can sign in again."),
        "reopen",
    )


@pages.post("/<int:organisation_id>/close")
@open_to(MANAGE_PEOPLE, fresh=True)
def close(organisation_id: int) -> Response | tuple[str, int]:
    """Refused with all that is still open; its people are closed with it if that is ticked."""
    return _changed(
        organisation_id,
        lambda session, row: part_from(session, actor(), row, with_people="people" in request.form),
        say("Closed. Its files, and what it did, stay."),
        "close",
    )


def _changed(
    organisation_id: int, change: Callable[[Session, Organisation], object], done: str, form: str
) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: change(session, get_organisation(session, organisation_id)),
        said=done,
        to=f"/people/organisations/{organisation_id}",
        refused=lambda refusal: _page(organisation_id, problem=refusal, form=form),
    )


def _new_page(problem: Refusal | None = None) -> str:
    return render_template(
        "people/new_organisation.html",
        problem=problem,
        errors=problem.details.get("fields", {}) if problem is not None else {},
        typed=request.form,
    )


def _page(organisation_id: int, *, problem: Refusal | None = None, form: str = "") -> str:
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
        typed=request.form if problem is not None else {},
    )


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
