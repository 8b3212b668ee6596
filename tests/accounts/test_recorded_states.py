"""What the record says of somebody who is shut out and let in again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR
from assetlib.accounts import actions
from assetlib.accounts.models import Identity, Person
from assetlib.audit import append_chain
from assetlib.audit.models import AuditEntry
from tests import make


def test_both_states_are_written_down(session: Session, people: make.People, contributor: Person) -> None:
    actions.suspend_person(session, people.administrator, contributor)
    actions.reopen_person(session, people.administrator, contributor)
    append_chain(session)
    assert [entry.changes for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.seq))] == [
        {"before": {"state": "active"}, "after": {"state": "suspended"}},
        {"before": {"state": "suspended"}, "after": {"state": "active"}},
    ]


def test_who_never_came_in_is_invited_still(session: Session, people: make.People) -> None:
    ida = people.administrator
    nora = actions.invite_person(
        session, ida, people.agency, name="Nora New", email="nora@halden.example", roles=[AGENCY_CONTRIBUTOR]
    )
    actions.suspend_person(session, ida, nora)
    actions.reopen_person(session, ida, nora)
    assert nora.state == "invited"
    actions.invite_again(session, ida, nora)
    nora.state, nora.password_hash = "active", "x"
    actions.suspend_person(session, ida, nora)
    actions.reopen_person(session, ida, nora)
    assert nora.state == "active"
    nora.password_hash = None
    session.add(Identity(person_id=nora.id, issuer="https://id.example", subject="7", created_at=clock.now()))
    actions.suspend_person(session, ida, nora)
    actions.reopen_person(session, ida, nora)
    assert nora.state == "active"
