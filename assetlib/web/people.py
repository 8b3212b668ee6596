"""The administrator's page of organisations and people."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import ROLES
from assetlib.accounts import actions
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation, get_person, organisations, people
from assetlib.accounts.rules import LONGEST_PASSWORD, must_be_password, tidy_address
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.web.forms import OrganisationForm, PersonForm, RolesForm, lay_faults, row_number

pages = Blueprint("people", __name__, url_prefix="/people")

Named = TypeVar("Named", Person, Organisation)

ROLE_LABELS = {role: role.replace("_", " ").capitalize() for role in ROLES}


@pages.get("")
@open_to(MANAGE_PEOPLE)
def index() -> str:
    return _page()


@pages.post("")
@open_to(MANAGE_PEOPLE)
def add_person() -> Response | tuple[str, int]:
    form = PersonForm()
    password = (form.password.data or "")[: LONGEST_PASSWORD + 1]
    try:
        must_be_password(password, email=tidy_address(form.email.data or ""))
        hashed = hash_password(password)
        with database().transaction() as session:
            person = actions.add_person(
                session,
                actor(),
                get_organisation(session, _number(form.organisation_id.data)),
                name=form.name.data or "",
                email=form.email.data or "",
                roles=form.roles.data or [],
            )
            actions.set_password(session, actor(), person, password, password_hash=hashed)
    except (Invalid, Conflict) as refusal:
        lay_faults(form, refusal)
        return _page(person_form=form, problem=refusal), status_of(refusal)
    flash(f"{person.name} can sign in now.")
    return redirect("/people")


@pages.post("/organisations")
@open_to(MANAGE_PEOPLE)
def add_organisation() -> Response | tuple[str, int]:
    form = OrganisationForm()
    try:
        with database().transaction() as session:
            kind = form.kind.data if form.kind.data in ("agency", "partner") else ""
            added = actions.add_organisation(session, actor(), name=form.name.data or "", kind=kind)
    except (Invalid, Conflict) as refusal:
        lay_faults(form, refusal)
        return _page(organisation_form=form, problem=refusal, fact="No organisation was added."), status_of(
            refusal
        )
    flash(f"{added.name} is there. Add its people now.")
    return redirect("/people")


@pages.post("/<int:person_id>/roles")
@open_to(MANAGE_PEOPLE)
def set_roles(person_id: int) -> Response | tuple[str, int]:
    roles = RolesForm().roles.data or []
    return _changed(
        get_person,
        person_id,
        lambda session, person: actions.set_roles(session, actor(), person, roles),
        "The roles of {name} hold from now on.",
        typed={person_id: roles},
    )


@pages.post("/<int:person_id>/suspend")
@open_to(MANAGE_PEOPLE)
def suspend(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        get_person,
        person_id,
        lambda session, person: actions.suspend_person(session, actor(), person),
        "{name} is signed out everywhere and cannot sign in.",
    )


@pages.post("/<int:person_id>/reopen")
@open_to(MANAGE_PEOPLE)
def reopen(person_id: int) -> Response | tuple[str, int]:
    return _changed(
        get_person,
        person_id,
        lambda session, person: actions.reopen_person(session, actor(), person),
        "{name} can sign in again.",
    )


@pages.post("/organisations/<int:organisation_id>/suspend")
@open_to(MANAGE_PEOPLE)
def suspend_organisation(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        get_organisation,
        organisation_id,
        lambda session, organisation: actions.suspend_organisation(session, actor(), organisation),
        "Nobody of {name} can sign in from now on.",
    )


@pages.post("/organisations/<int:organisation_id>/reopen")
@open_to(MANAGE_PEOPLE)
def reopen_organisation(organisation_id: int) -> Response | tuple[str, int]:
    return _changed(
        get_organisation,
        organisation_id,
        lambda session, organisation: actions.reopen_organisation(session, actor(), organisation),
        "People of {name} can sign in again.",
    )


def _changed(
    get: Callable[[Session, int], Named],
    number: int,
    change: Callable[[Session, Named], None],
    done: str,
    *,
    typed: dict[int, list[str]] | None = None,
) -> Response | tuple[str, int]:
    """Do it to the row of that number and go back to the page; a refusal is told there."""
    try:
        with database().transaction() as session:
            row = get(session, number)
            change(session, row)
    except (Invalid, Conflict) as refusal:
        return _page(problem=refusal, fact="Nothing was changed.", typed=typed), status_of(refusal)
    flash(done.format(name=row.name))
    return redirect("/people")


def _page(
    *,
    person_form: PersonForm | None = None,
    organisation_form: OrganisationForm | None = None,
    problem: Refusal | None = None,
    fact: str = "Nobody was added.",
    typed: dict[int, list[str]] | None = None,
) -> str:
    with database().reading() as session:
        all_organisations, everybody = organisations(session), people(session)
    return render_template(
        "people/index.html",
        organisations=all_organisations,
        people=everybody,
        role_labels=ROLE_LABELS,
        person_form=person_form or PersonForm(formdata=None),
        organisation_form=organisation_form or OrganisationForm(formdata=None),
        problem=problem.sentence if problem else None,
        fact=fact,
        typed=typed or {},
        me=actor().person_id,
    )


def _number(text: str | None) -> int:
    try:
        return row_number(text or "")
    except ValueError:
        return 0
