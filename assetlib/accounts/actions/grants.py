"""What people and groups may: roles within scopes, duties up to limits, and who is in which group."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ADMINISTRATOR, Actor
from assetlib.accounts.actions.administrators import hold, must_leave_another
from assetlib.accounts.errors import DutyHeld, NoSuchPerson, PersonChanged, WrongPerson
from assetlib.accounts.models import DutyGrant, Group, GroupMember, Person, RoleGrant
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules.leaving import NOT_NOW
from assetlib.accounts.rules.oneself import must_not_serve_oneself, own_duty
from assetlib.accounts.rules.roles import (
    NOTHING_KNOWN,
    DutyAt,
    Known,
    RoleAt,
    must_be_duty,
    must_be_roles,
    roles_at,
)
from assetlib.audit import record
from assetlib.words import say


def set_roles(
    session: Session,
    actor: Actor,
    person: Person,
    roles: Iterable[str | RoleAt],
    *,
    known: Known = NOTHING_KNOWN,
    seen: Iterable[str | RoleAt] | None = None,
) -> None:
    """Exactly these roles from now on, in open sessions too.

    `seen` are those that were read before; if they are others by now, nobody's change is undone unseen.
    """
    MANAGE_PEOPLE.require(actor)
    wanted = roles_at(roles)
    person = hold(session, person)
    if person.state == "closed":
        raise WrongPerson(NOT_NOW["closed"])
    before = held_roles(person.grants)
    if seen is not None and before not in (roles_at(seen), wanted):
        raise PersonChanged(
            say("Someone changed these roles while you were looking at them."),
            current={"roles": spelled(before)},
        )
    must_be_roles(wanted, organisation_kind=person.organisation.kind, known=known, held=before)
    if RoleAt(ADMINISTRATOR) in before - wanted:
        must_leave_another(session, person)
    if actor.person_id == person.id:
        must_not_serve_oneself(before, wanted)
    person.grants = rewritten(person.grants, wanted)
    record(
        session,
        actor,
        "accounts.roles_set",
        person,
        before={"roles": spelled(before)},
        after={"roles": spelled(wanted)},
    )


def grant_duty(
    session: Session,
    actor: Actor,
    person: Person,
    wanted: DutyAt,
    *,
    known: Known = NOTHING_KNOWN,
    replace: bool = False,
) -> DutyGrant:
    """They answer for this from now on.

    With `replace` the same duty for the same part gets the new limit; otherwise one that is held stays.
    """
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    if person.state == "closed":
        raise WrongPerson(NOT_NOW["closed"])
    if actor.person_id == person.id:
        raise own_duty()
    must_be_duty(wanted, organisation_kind=person.organisation.kind, known=known)
    duty = next(
        (
            each
            for each in person.duties
            if (each.duty, each.scope_kind, each.scope_key) == (wanted.duty, wanted.kind, wanted.key)
        ),
        None,
    )
    before = None if duty is None else {"limit_minor": duty.limit_minor, "currency": duty.currency}
    after = {"limit_minor": wanted.limit_minor, "currency": wanted.currency}
    if before is not None and before != after and not replace:
        raise DutyHeld(
            say("They answer for this already, up to another amount. Say whether it is to be replaced."),
            current=before,
        )
    if duty is None:
        duty = DutyGrant(duty=wanted.duty, scope_kind=wanted.kind, scope_key=wanted.key)
        person.duties.append(duty)
    duty.limit_minor, duty.currency = wanted.limit_minor, wanted.currency
    duty.granted_by_id, duty.granted_at = actor.person_id, clock.now()
    session.flush()
    record(
        session,
        actor,
        "accounts.duty_granted",
        person,
        before=before,
        after=after,
        duty=wanted.duty,
        scope=f"{wanted.kind}:{wanted.key}" if wanted.key else wanted.kind,
    )
    return duty


def end_duty(session: Session, actor: Actor, person: Person, duty_id: int) -> None:
    """They answer for it no longer."""
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    duty = next((each for each in person.duties if each.id == duty_id), None)
    if duty is None:
        raise NoSuchPerson(say("There is no such duty any more."))
    record(
        session,
        actor,
        "accounts.duty_ended",
        person,
        duty=duty.duty,
        scope=f"{duty.scope_kind}:{duty.scope_key}" if duty.scope_key else duty.scope_kind,
    )
    person.duties.remove(duty)
    session.flush()


def set_groups(
    session: Session,
    actor: Actor,
    person: Person,
    groups: Sequence[Group],
    *,
    seen: Iterable[int] | None = None,
) -> None:
    """Exactly these groups from now on, with all that they give and take. `seen`: as of roles."""
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    if person.state == "closed" and groups:
        raise WrongPerson(NOT_NOW["closed"])
    before = frozenset(
        session.scalars(select(GroupMember.group_id).where(GroupMember.person_id == person.id))
    )
    wanted = frozenset(each.id for each in groups)
    if seen is not None and before not in (frozenset(seen), wanted):
        raise PersonChanged(
            say("Someone changed these groups while you were looking at them."),
            current={"groups": sorted(before)},
        )
    for gone in session.scalars(
        select(GroupMember).where(
            GroupMember.person_id == person.id, GroupMember.group_id.in_(sorted(before - wanted))
        )
    ).all():
        session.delete(gone)
    if actor.person_id == person.id:
        for each in groups:
            if each.id not in before:
                must_not_serve_oneself((), held_roles(each.grants))
    for new in sorted(wanted - before):
        session.add(GroupMember(group_id=new, person_id=person.id, added_at=clock.now()))
    session.flush()
    session.expire(person, ["memberships"])
    if before != wanted:
        record(
            session,
            actor,
            "accounts.groups_set",
            person,
            before={"groups": before},
            after={"groups": wanted},
        )


def held_roles(grants: Iterable[RoleGrant]) -> frozenset[RoleAt]:
    """The roles of these rows."""
    return frozenset(RoleAt(each.role, each.scope_kind, each.scope_key) for each in grants)


def rewritten(grants: Sequence[RoleGrant], wanted: frozenset[RoleAt]) -> list[RoleGrant]:
    """The rows that stay, and those that come."""
    kept = [each for each in grants if RoleAt(each.role, each.scope_kind, each.scope_key) in wanted]
    return kept + rows_of(wanted - held_roles(kept))


def rows_of(wanted: Iterable[RoleAt]) -> list[RoleGrant]:
    return [RoleGrant(role=each.role, scope_kind=each.kind, scope_key=each.key) for each in sorted(wanted)]


def spelled(roles: Iterable[RoleAt]) -> list[str]:
    """As the record and calls have them."""
    return sorted(str(each) for each in roles)
