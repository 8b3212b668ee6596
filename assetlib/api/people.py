"""Organisations and people, for administrators."""

from apiflask import APIBlueprint

from assetlib.access.permission import SIGNED_IN
from assetlib.accounts import actions
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation, get_person, organisations, people
from assetlib.accounts.rules import must_be_password, tidy_address
from assetlib.api.shapes import OrganisationIn, OrganisationOut, PersonIn, PersonOut, RolesIn, Shape, Text
from assetlib.current import actor, database
from assetlib.policy import open_to
from assetlib.sign_in import change_password

api = APIBlueprint("api_people", __name__, tag="People")


class PeopleOut(Shape):
    organisations: list[OrganisationOut]
    people: list[PersonOut]


class MeOut(Shape):
    name: str
    roles: list[str]
    organisation_id: int | None


class PasswordIn(Shape):
    """Your present password, and the new one."""

    old: Text
    password: Text


@api.get("/me")
@api.output(MeOut)
@open_to(SIGNED_IN)
def me() -> MeOut:
    """Who is signed in."""
    return MeOut(name=actor().name, roles=sorted(actor().all_roles), organisation_id=actor().organisation_id)


@api.put("/me/password")
@api.input(PasswordIn)
@api.output({}, status_code=204)
@open_to(SIGNED_IN)
def change_own_password(json_data: PasswordIn) -> str:
    """Change your own password; your other sessions end."""
    change_password(json_data.old, json_data.password)
    return ""


@api.get("/people")
@api.output(PeopleOut)
@open_to(MANAGE_PEOPLE)
def index() -> PeopleOut:
    """Everybody, and where they belong."""
    with database().reading() as session:
        return PeopleOut(
            organisations=[organisation_out(each) for each in organisations(session)],
            people=[person_out(each) for each in people(session)],
        )


@api.post("/organisations")
@api.input(OrganisationIn)
@api.output(OrganisationOut, status_code=201)
@open_to(MANAGE_PEOPLE)
def add_organisation(json_data: OrganisationIn) -> OrganisationOut:
    """Add an agency or a partner."""
    kind = json_data.kind if json_data.kind != "own" else ""
    with database().transaction() as session:
        return organisation_out(actions.add_organisation(session, actor(), name=json_data.name, kind=kind))


@api.post("/organisations/<int:organisation_id>/suspend")
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE)
def suspend_organisation(organisation_id: int) -> OrganisationOut:
    """Nobody of it can sign in any more."""
    with database().transaction() as session:
        organisation = get_organisation(session, organisation_id)
        actions.suspend_organisation(session, actor(), organisation)
        return organisation_out(organisation)


@api.post("/organisations/<int:organisation_id>/reopen")
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE)
def reopen_organisation(organisation_id: int) -> OrganisationOut:
    """Its people can sign in again."""
    with database().transaction() as session:
        organisation = get_organisation(session, organisation_id)
        actions.reopen_organisation(session, actor(), organisation)
        return organisation_out(organisation)


@api.post("/people")
@api.input(PersonIn)
@api.output(PersonOut, status_code=201)
@open_to(MANAGE_PEOPLE)
def add_person(json_data: PersonIn) -> PersonOut:
    """Add somebody who can sign in at once."""
    must_be_password(json_data.password, email=tidy_address(json_data.email))
    hashed = hash_password(json_data.password)
    with database().transaction() as session:
        organisation = get_organisation(session, json_data.organisation_id)
        person = actions.add_person(
            session, actor(), organisation, name=json_data.name, email=json_data.email, roles=json_data.roles
        )
        actions.set_password(session, actor(), person, json_data.password, password_hash=hashed)
        return person_out(person)


@api.put("/people/<int:person_id>/roles")
@api.input(RolesIn)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE)
def set_roles(person_id: int, json_data: RolesIn) -> PersonOut:
    """Exactly these roles from now on, in open sessions too."""
    with database().transaction() as session:
        person = get_person(session, person_id)
        actions.set_roles(session, actor(), person, json_data.roles)
        return person_out(person)


@api.post("/people/<int:person_id>/suspend")
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE)
def suspend(person_id: int) -> PersonOut:
    """Sign a person out everywhere and keep them out."""
    with database().transaction() as session:
        person = get_person(session, person_id)
        actions.suspend_person(session, actor(), person)
        return person_out(person)


@api.post("/people/<int:person_id>/reopen")
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE)
def reopen(person_id: int) -> PersonOut:
    """Let a suspended person sign in again."""
    with database().transaction() as session:
        person = get_person(session, person_id)
        actions.reopen_person(session, actor(), person)
        return person_out(person)


def organisation_out(row: Organisation) -> OrganisationOut:
    return OrganisationOut(id=row.id, name=row.name, kind=row.kind, state=row.state)


def person_out(row: Person) -> PersonOut:
    return PersonOut(
        id=row.id,
        name=row.name,
        email=row.email,
        organisation_id=row.organisation_id,
        roles=sorted(row.roles),
        state=row.state,
    )
