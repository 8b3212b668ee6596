"""The administrator's page of organisations and people."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from assetlib.access.actor import ROLES
from assetlib.accounts import actions
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
        return _page(organisation_form=form, problem=refusal), status_of(refusal)
    flash(f"{added.name} is there. Add its people now.")
    return redirect("/people")


@pages.post("/<int:person_id>/roles")
@open_to(MANAGE_PEOPLE)
def set_roles(person_id: int) -> Response:
    with database().transaction() as session:
        person = get_person(session, person_id)
        actions.set_roles(session, actor(), person, RolesForm().roles.data or [])
    flash(f"The roles of {person.name} hold from now on.")
    return redirect("/people")


@pages.post("/<int:person_id>/suspend")
@open_to(MANAGE_PEOPLE)
def suspend(person_id: int) -> Response:
    with database().transaction() as session:
        person = get_person(session, person_id)
        actions.suspend_person(session, actor(), person)
    flash(f"{person.name} is signed out everywhere and cannot sign in.")
    return redirect("/people")


@pages.post("/<int:person_id>/reopen")
@open_to(MANAGE_PEOPLE)
def reopen(person_id: int) -> Response:
    with database().transaction() as session:
        person = get_person(session, person_id)
        actions.reopen_person(session, actor(), person)
    flash(f"{person.name} can sign in again.")
    return redirect("/people")


@pages.post("/organisations/<int:organisation_id>/suspend")
@open_to(MANAGE_PEOPLE)
def suspend_organisation(organisation_id: int) -> Response:
    with database().transaction() as session:
        organisation = get_organisation(session, organisation_id)
        actions.suspend_organisation(session, actor(), organisation)
    flash(f"Nobody of {organisation.name} can sign in from now on.")
    return redirect("/people")


@pages.post("/organisations/<int:organisation_id>/reopen")
@open_to(MANAGE_PEOPLE)
def reopen_organisation(organisation_id: int) -> Response:
    with database().transaction() as session:
        organisation = get_organisation(session, organisation_id)
        actions.reopen_organisation(session, actor(), organisation)
    flash(f"People of {organisation.name} can sign in again.")
    return redirect("/people")


def _page(
    *,
    person_form: PersonForm | None = None,
    organisation_form: OrganisationForm | None = None,
    problem: Refusal | None = None,
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
    )


def _number(text: str | None) -> int:
    try:
        return row_number(text or "")
    except ValueError:
        return 0
