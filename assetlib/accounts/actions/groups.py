"""Groups: people of any organisation who are given roles, and collections, together."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.actions.grants import held_roles, rewritten, spelled
from assetlib.accounts.errors import GroupChanged, NameTaken, NoSuchPerson, WrongPerson
from assetlib.accounts.models import Group, GroupMember, Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules import fault_of_name, is_same_name
from assetlib.accounts.rules.leaving import NOT_NOW
from assetlib.accounts.rules.oneself import must_not_serve_oneself
from assetlib.accounts.rules.roles import NOTHING_KNOWN, Known, RoleAt, must_be_roles, roles_at
from assetlib.audit import record
from assetlib.words import say

LONGEST_DESCRIPTION = 2_000


def add_group(session: Session, actor: Actor, *, name: str, description: str = "") -> Group:
    """A new group with nobody in it."""
    MANAGE_PEOPLE.require(actor)
    _must_be_described(session, name, description)
    group = Group(name=name, description=description, created_at=clock.now())
    session.add(group)
    _flush(session, name)
    record(session, actor, "accounts.group_added", group)
    return group


def describe_group(
    session: Session, actor: Actor, group: Group, *, revision: int, name: str, description: str
) -> None:
    """Another name or description, if nobody wrote another one since `revision`."""
    MANAGE_PEOPLE.require(actor)
    group = _held(session, group)
    if group.revision != revision:
        raise GroupChanged(
            say("Someone changed this group while you were writing. Your text is kept here."),
            revision=group.revision,
            current={"name": group.name, "description": group.description},
        )
    _must_be_described(session, name, description, but=group.id)
    fields = [
        key for key, value in (("name", name), ("description", description)) if getattr(group, key) != value
    ]
    group.name, group.description, group.revision = name, description, group.revision + 1
    _flush(session, name)
    record(session, actor, "accounts.group_described", group, fields=fields)


def set_group_roles(
    session: Session,
    actor: Actor,
    group: Group,
    roles: Iterable[str | RoleAt],
    *,
    known: Known = NOTHING_KNOWN,
    seen: Iterable[str | RoleAt] | None = None,
) -> None:
    """Exactly these roles for everybody in the group from now on, as far as they fit their organisation.

    `seen` are those that were read before; if they are others by now, nobody's change is undone unseen.
    """
    MANAGE_PEOPLE.require(actor)
    wanted, group = roles_at(roles), _held(session, group)
    before = held_roles(group.grants)
    if seen is not None and before not in (roles_at(seen), wanted):
        raise GroupChanged(
            say("Someone changed these roles while you were looking at them."),
            current={"roles": spelled(before)},
        )
    must_be_roles(wanted, organisation_kind=None, known=known, held=before)
    if group.id in actor.groups:
        must_not_serve_oneself(before, wanted)
    group.grants = rewritten(group.grants, wanted)
    record(
        session,
        actor,
        "accounts.group_roles_set",
        group,
        before={"roles": spelled(before)},
        after={"roles": spelled(wanted)},
    )


def add_members(session: Session, actor: Actor, group: Group, people: Sequence[Person]) -> int:
    """Put these people into the group, in open sessions too; how many were not in it."""
    MANAGE_PEOPLE.require(actor)
    group = _held(session, group)
    if not people:
        raise WrongPerson(say("Choose somebody."), fields={"person": say("Choose somebody.")})
    for person in people:
        if person.state == "closed":
            raise WrongPerson(NOT_NOW["closed"], fields={"person": NOT_NOW["closed"]})
    known = set(session.scalars(select(GroupMember.person_id).where(GroupMember.group_id == group.id)))
    new = sorted({each.id for each in people} - known)
    if actor.person_id in new:
        must_not_serve_oneself((), held_roles(group.grants))
    for person_id in new:
        session.add(GroupMember(group_id=group.id, person_id=person_id, added_at=clock.now()))
    session.flush()
    if new:
        record(session, actor, "accounts.group_members_added", group, people=new)
    return len(new)


def remove_member(session: Session, actor: Actor, group: Group, person: Person) -> None:
    """Take somebody out; what the group gave them is gone at once."""
    MANAGE_PEOPLE.require(actor)
    member = session.get(GroupMember, (group.id, person.id))
    if member is None:
        raise NoSuchPerson(say("They are not in this group any more."))
    session.delete(member)
    session.flush()
    record(session, actor, "accounts.group_member_removed", group, person=person.id)


def delete_group(session: Session, actor: Actor, group: Group) -> None:
    """The group is gone, with what it gave to its people; the people stay."""
    MANAGE_PEOPLE.require(actor)
    group = _held(session, group)
    record(
        session,
        actor,
        "accounts.group_deleted",
        group,
        before={
            "roles": spelled(held_roles(group.grants)),
            "people": sorted(each.person_id for each in group.members),
        },
    )
    session.delete(group)
    session.flush()


def _held(session: Session, group: Group) -> Group:
    """The group as it is now, until the transaction ends."""
    session.flush()
    return session.scalars(
        select(Group).where(Group.id == group.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _must_be_described(session: Session, name: str, description: str, but: int = 0) -> None:
    faults: dict[str, str] = {}
    if fault := fault_of_name(name, say("Give the group a name.")):
        faults["name"] = fault
    if len(description) > LONGEST_DESCRIPTION:
        faults["description"] = say("Use at most {most} characters.", most=LONGEST_DESCRIPTION)
    elif "\0" in description or any("\ud800" <= each <= "\udfff" for each in description):
        faults["description"] = say("This holds a character that cannot be kept. Type it again.")
    if faults:
        raise WrongPerson(say("Some of this cannot be taken. Look at the marked fields."), fields=faults)
    for row in session.execute(select(Group.id, Group.name).where(Group.id != but)):
        if is_same_name(row.name, name):
            raise _taken(row.name)


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken(name) from error


def _taken(name: str) -> NameTaken:
    return NameTaken(
        say("There is already a group called {name}.", name=name),
        fields={"name": say("This name is taken.")},
    )
