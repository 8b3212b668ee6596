"""What the record says of somebody who is shut out and let in again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts import actions
from assetlib.accounts.models import Person
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
