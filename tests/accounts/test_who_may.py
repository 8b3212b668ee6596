"""Every action on people, organisations and groups is for administrators and the house alone."""

import inspect
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import (
    ANONYMOUS,
    REVIEWER,
    SYSTEM,
    Actor,
)
from assetlib.access.permission import NotPermitted
from assetlib.accounts import actions
from assetlib.accounts.models import DutyGrant, Group, GroupMember, Organisation, Person
from assetlib.accounts.queries import (
    get_person,
)
from assetlib.accounts.queries.bulk import Staged, staged
from assetlib.accounts.rules.bulk import read_lines
from assetlib.accounts.rules.roles import DutyAt
from assetlib.audit.models import AuditEntry
from assetlib.audit.recording import append_chain
from tests import make

ENGINES = ("sqlite", "postgresql")
PASSWORD = "a few words in a row"


def recorded(session: Session) -> list[tuple[str, str, dict[str, Any]]]:
    """Action, object id and changes of each entry so far."""
    append_chain(session)
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
    return [(row.action, row.object_id, row.changes) for row in rows]


def add(session: Session, actor: Actor, to: Organisation, **changed: Any) -> Person:
    values = {"name": "Ada Example", "email": "ada@company.example", "roles": [REVIEWER], **changed}
    return actions.add_person(session, actor, to, **values)


def invite(session: Session, actor: Actor, to: Organisation, **changed: Any) -> Person:
    values = {"name": "Ines Invited", "email": "ines@company.example", "roles": [REVIEWER], **changed}
    return actions.invite_person(session, actor, to, **values)


def group(session: Session) -> Group:
    row = Group(name=f"Group {uuid4().hex[:6]}", created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def row_of_file(session: Session) -> list[Staged]:
    text = "name,email,organisation,roles\nIna,ina@company.example,Halden & Frey,reviewer"
    return staged(session, read_lines(text), {})


def with_a_duty(session: Session, person: Person) -> int:
    duty = next(iter(person.duties), None) or DutyGrant(duty="po_approver", granted_at=clock.now())
    person.duties = [duty]
    session.flush()
    return duty.id


def in_state(session: Session, person: Person, state: str) -> Person:
    person.state = state
    session.flush()
    return person


def member(session: Session, person: Person) -> Group:
    of = group(session)
    session.add(GroupMember(group_id=of.id, person_id=person.id, added_at=clock.now()))
    session.flush()
    return of


CALLS: dict[str, Callable[[Session, Actor, make.People, Person], object]] = {
    "add_group": lambda s, a, p, c: actions.add_group(s, a, name="New"),
    "describe_group": lambda s, a, p, c: actions.describe_group(
        s, a, group(s), revision=1, name="Newer", description=""
    ),
    "set_group_roles": lambda s, a, p, c: actions.set_group_roles(s, a, group(s), [REVIEWER]),
    "add_members": lambda s, a, p, c: actions.add_members(s, a, group(s), [c]),
    "remove_member": lambda s, a, p, c: actions.remove_member(s, a, member(s, c), c),
    "delete_group": lambda s, a, p, c: actions.delete_group(s, a, group(s)),
    "rename_organisation": lambda s, a, p, c: actions.rename_organisation(s, a, p.agency, name="Newer"),
    "close_organisation": lambda s, a, p, c: actions.close_organisation(s, a, p.agency, still_open=[]),
    "invite_person": lambda s, a, p, c: invite(s, a, p.own),
    "invite_people": lambda s, a, p, c: actions.invite_people(s, a, row_of_file(s)),
    "invite_again": lambda s, a, p, c: actions.invite_again(s, a, in_state(s, c, "invited")),
    "change_person": lambda s, a, p, c: actions.change_person(s, a, c, name="Ro", email="ro@x.example"),
    "grant_duty": lambda s, a, p, c: actions.grant_duty(
        s, a, get_person(s, p.librarian.person_id or 0), DutyAt("po_approver")
    ),
    "end_duty": lambda s, a, p, c: actions.end_duty(s, a, c, with_a_duty(s, c)),
    "set_groups": lambda s, a, p, c: actions.set_groups(s, a, c, [group(s)]),
    "close_person": lambda s, a, p, c: actions.close_person(s, a, c, still_open=[]),
    "erase_person": lambda s, a, p, c: actions.erase_person(s, a, in_state(s, c, "closed"), typed=c.email),
    "add_organisation": lambda s, a, p, c: actions.add_organisation(s, a, name="New", kind="agency"),
    "suspend_organisation": lambda s, a, p, c: actions.suspend_organisation(s, a, p.agency),
    "reopen_organisation": lambda s, a, p, c: actions.reopen_organisation(s, a, p.agency),
    "add_person": lambda s, a, p, c: add(s, a, p.own),
    "set_password": lambda s, a, p, c: actions.set_password(s, a, c, PASSWORD, password_hash="x"),
    "set_roles": lambda s, a, p, c: actions.set_roles(s, a, c, []),
    "suspend_person": lambda s, a, p, c: actions.suspend_person(s, a, c),
    "reopen_person": lambda s, a, p, c: actions.reopen_person(s, a, c),
}


def test_every_action_is_in_the_list() -> None:
    assert set(CALLS) == set(actions.__all__)
    assert all(
        list(inspect.signature(getattr(actions, name)).parameters)[:2] == ["session", "actor"]
        for name in CALLS
    )


@pytest.mark.parametrize("name", sorted(CALLS))
def test_only_administrators_and_the_house_may(
    session: Session, people: make.People, contributor: Person, name: str
) -> None:
    rows = session.scalar(select(func.count()).select_from(Person))
    for actor in (*people.all(), ANONYMOUS):
        if actor is people.administrator:
            continue
        with pytest.raises(NotPermitted) as refused:
            CALLS[name](session, actor, people, contributor)
        assert refused.value.details == {"permission": "accounts.manage_people"}
    assert recorded(session) == []
    assert not session.dirty
    assert session.scalar(select(func.count()).select_from(Person)) == rows
    for number, actor in enumerate((people.administrator, SYSTEM)):
        with session.begin_nested() as undone:
            CALLS[name](session, actor, people, contributor)
            undone.rollback()
        session.expire_all()
        assert len(recorded(session)) >= number + 1
