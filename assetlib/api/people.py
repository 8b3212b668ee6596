"""People, for administrators; and everybody about themselves."""

from functools import partial

from apiflask import APIBlueprint
from pydantic import Field
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.access.permission import SIGNED_IN, SIGNED_IN_OR_TOKEN
from assetlib.accounts import actions
from assetlib.accounts.actions.own import set_language
from assetlib.accounts.models import Person
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation, get_person
from assetlib.accounts.queries.bulk import staged
from assetlib.accounts.queries.directory import Wanted, get_group, groups_of, people_page
from assetlib.accounts.rules import must_be_password, tidy_address
from assetlib.accounts.rules.bulk import read_lines
from assetlib.accounts.rules.roles import DutyAt
from assetlib.api.changing import Changing
from assetlib.api.people_shapes import (
    BulkIn,
    BulkOut,
    CloseIn,
    DutyIn,
    EraseIn,
    GroupIdsIn,
    MattersOut,
    PeopleOut,
    PeopleQuery,
    PersonChange,
    PersonIn,
    PersonOut,
    ReasonIn,
    RolesIn,
    RowOut,
    matters_out,
    person_out,
)
from assetlib.api.shapes import Shape, Text
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.current import actor, database
from assetlib.goodbyes import let_go, work_of
from assetlib.policy import open_to
from assetlib.sign_in import change_password

api = APIBlueprint("api_people", __name__, tag="People")


class MeOut(Shape):
    name: str
    roles: list[str]
    organisation_id: int | None
    language: str | None = Field(description="`en` or `de`; null when the call or the browser says it")
    time_zone: str | None = Field(description="such as Europe/Berlin; null when the browser says it")


class MeChange(Shape):
    """What is left out stays; null means that the call or the browser says it."""

    language: Text | None = None
    time_zone: Text | None = None


class PasswordIn(Shape):
    """Your present password, and the new one."""

    old: Text
    password: Text
    revoke_tokens: bool = Field(default=False, description="end your tokens for programs too")


@api.get("/me")
@api.output(MeOut)
@open_to(SIGNED_IN_OR_TOKEN)
def me() -> MeOut:
    """Who is signed in."""
    with database().reading() as session:
        return _me(get_person(session, actor().person_id or 0))


@api.patch("/me")
@api.input(MeChange)
@api.output(MeOut)
@open_to(SIGNED_IN_OR_TOKEN)
def change_me(json_data: MeChange) -> MeOut:
    """Choose the language and the time zone that sentences and times come in."""
    with database().transaction() as session:
        person = get_person(session, actor().person_id or 0)
        said = {
            "language": person.locale,
            "time_zone": person.time_zone,
            **json_data.model_dump(exclude_unset=True),
        }
        set_language(session, actor(), person, **said)
        return _me(person)


def _me(person: Person) -> MeOut:
    return MeOut(
        name=actor().name,
        roles=sorted(actor().all_roles),
        organisation_id=actor().organisation_id,
        language=person.locale,
        time_zone=person.time_zone,
    )


@api.put("/me/password")
@api.input(PasswordIn)
@api.output({}, status_code=204)
@open_to(SIGNED_IN)
def change_own_password(json_data: PasswordIn) -> str:
    """Change your own password; your other sessions end. Tokens stay, unless you say otherwise."""
    change_password(json_data.old, json_data.password, revoke_tokens=json_data.revoke_tokens)
    return ""


@api.get("/people")
@api.input(PeopleQuery, location="query")
@api.output(PeopleOut)
@open_to(MANAGE_PEOPLE)
def index(query_data: PeopleQuery) -> PeopleOut:
    """People by name, organisation, role, group and state, page by page."""
    wanted = Wanted(
        text=query_data.q,
        organisation_id=query_data.organisation,
        role=query_data.role,
        group_id=query_data.group,
        state=query_data.state,
        sort=query_data.sort,
    )
    with database().reading() as session:
        page = people_page(session, wanted, number=query_data.page, size=query_data.size)
        return PeopleOut(
            total=page.total,
            page=page.number,
            size=page.size,
            people=[person_out(each.person, each.groups, each.seen_at) for each in page.rows],
        )


@api.post("/people")
@api.input(PersonIn)
@api.output(PersonOut, status_code=201)
@open_to(MANAGE_PEOPLE, fresh=True)
def add_person(json_data: PersonIn) -> PersonOut:
    """Invite somebody by mail; with a password, add somebody who can sign in at once."""
    said = json_data
    hashed = ""
    if said.password is not None:
        must_be_password(said.password, email=tidy_address(said.email))
        hashed = hash_password(said.password)
    with database().transaction() as session:
        organisation = get_organisation(session, said.organisation_id)
        groups = [get_group(session, each) for each in sorted(set(said.groups))]
        known = known_scopes(session)
        if said.password is None:
            person = actions.invite_person(
                session, actor(), organisation, name=said.name, email=said.email, roles=said.roles,
                groups=groups, known=known, message=said.message,
            )  # fmt: skip
        else:
            person = actions.add_person(
                session, actor(), organisation, name=said.name, email=said.email, roles=said.roles,
                groups=groups, known=known,
            )  # fmt: skip
            actions.set_password(session, actor(), person, said.password, password_hash=hashed)
        return person_out(person, groups)


@api.post("/people/bulk")
@api.input(BulkIn)
@api.output(BulkOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def invite_many(json_data: BulkIn) -> BulkOut:
    """Read a CSV of people; with `send`, invite all rows that are right, in one transaction."""
    lines = read_lines(json_data.csv)
    with database().transaction() as session:
        known = known_scopes(session)
        rows = staged(session, lines, known)
        invited = (
            actions.invite_people(session, actor(), rows, message=json_data.message) if json_data.send else []
        )
        return BulkOut(
            rows=[
                RowOut(row=each.number, email=each.email, state=each.state, faults=dict(each.faults))
                for each in rows
            ],
            invited=[each.id for each in invited],
        )


@api.get("/people/<int:person_id>")
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE)
def show(person_id: int) -> PersonOut:
    """One person."""
    with database().reading() as session:
        return _one(session, get_person(session, person_id))


@api.patch("/people/<int:person_id>")
@api.input(PersonChange)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def change(person_id: int, json_data: PersonChange) -> PersonOut:
    """Another name or address."""
    said = json_data
    return _changed(
        person_id,
        lambda session, actor, person: actions.change_person(
            session,
            actor,
            person,
            name=person.name if said.name is None else said.name,
            email=person.email if said.email is None else said.email,
            seen=None if said.seen is None else said.seen.model_dump(),
        ),
    )


@api.put("/people/<int:person_id>/roles")
@api.input(RolesIn)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def set_roles(person_id: int, json_data: RolesIn) -> PersonOut:
    """Exactly these roles from now on, in open sessions too."""
    return _changed(
        person_id,
        lambda session, actor, person: actions.set_roles(
            session, actor, person, json_data.roles, known=known_scopes(session), seen=json_data.seen
        ),
    )


@api.put("/people/<int:person_id>/groups")
@api.input(GroupIdsIn)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def set_groups(person_id: int, json_data: GroupIdsIn) -> PersonOut:
    """Exactly these groups from now on, in open sessions too."""
    return _changed(
        person_id,
        lambda session, actor, person: actions.set_groups(
            session,
            actor,
            person,
            [get_group(session, each) for each in sorted(set(json_data.groups))],
            seen=json_data.seen,
        ),
    )


@api.post("/people/<int:person_id>/duties")
@api.input(DutyIn)
@api.output(PersonOut, status_code=201)
@open_to(MANAGE_PEOPLE, fresh=True)
def grant_duty(person_id: int, json_data: DutyIn) -> PersonOut:
    """Give a duty; with `replace`, give it another limit."""
    said = json_data
    duty = DutyAt(said.duty, said.scope_kind, said.scope_key, said.limit_minor, said.currency)
    return _changed(
        person_id,
        lambda session, actor, person: actions.grant_duty(
            session, actor, person, duty, known=known_scopes(session), replace=said.replace
        ),
    )


@api.delete("/people/<int:person_id>/duties/<int:duty_id>")
@api.output({}, status_code=204)
@open_to(MANAGE_PEOPLE, fresh=True)
def end_duty(person_id: int, duty_id: int) -> str:
    """They answer for it no longer."""
    return _changed.silently(person_id, partial(actions.end_duty, duty_id=duty_id))


@api.post("/people/<int:person_id>/invite")
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def invite_again(person_id: int) -> PersonOut:
    """Send a new invitation; the link of the one before opens nothing any more."""
    return _changed(person_id, actions.invite_again)


@api.post("/people/<int:person_id>/suspend")
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def suspend(person_id: int) -> PersonOut:
    """Sign a person out everywhere and keep them out."""
    return _changed(person_id, actions.suspend_person)


@api.post("/people/<int:person_id>/reopen")
@api.input(ReasonIn)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def reopen(person_id: int, json_data: ReasonIn) -> PersonOut:
    """Let a suspended person sign in again; one who left comes back as invited, for a reason."""
    return _changed(person_id, partial(actions.reopen_person, reason=json_data.reason))


@api.get("/people/<int:person_id>/open-work")
@api.output(MattersOut)
@open_to(MANAGE_PEOPLE)
def open_work(person_id: int) -> MattersOut:
    """What they would leave behind, before the account is closed."""
    with database().reading() as session:
        return matters_out(work_of(session, get_person(session, person_id)))


@api.post("/people/<int:person_id>/close")
@api.input(CloseIn)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def close(person_id: int, json_data: CloseIn) -> PersonOut:
    """They leave: what they have open is handed on, every door shuts."""
    said = json_data

    def act(session: Session, actor: Actor, person: Person) -> None:
        to = get_person(session, said.to) if said.to is not None else None
        let_go(session, actor, person, to=to, shares=said.shares)

    return _changed(person_id, act)


@api.post("/people/<int:person_id>/erase")
@api.input(EraseIn)
@api.output(PersonOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def erase(person_id: int, json_data: EraseIn) -> PersonOut:
    """Name and address of one who left go for good."""
    return _changed(person_id, partial(actions.erase_person, typed=json_data.typed))


def _one(session: Session, person: Person) -> PersonOut:
    return person_out(person, groups_of(session, [person.id]).get(person.id, []), duties=person.duties)


_changed = Changing(get_person, _one)
