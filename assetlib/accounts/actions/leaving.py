"""Somebody leaves: every door shuts behind them at once, and what they did stays."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.actions.administrators import hold, must_leave_another
from assetlib.accounts.actions.grants import held_roles, spelled
from assetlib.accounts.links import end_links_of
from assetlib.accounts.models import (
    ApiToken,
    GroupMember,
    Identity,
    Person,
    RecoveryCode,
    SecondFactor,
)
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules.leaving import WAYS_OF_A_PERSON, Matter, must_be_done, must_follow
from assetlib.accounts.rules.oneself import NOT_CLOSED, must_be_another
from assetlib.accounts.sessions import end_sessions_of
from assetlib.audit import record
from assetlib.words import say


def close_person(session: Session, actor: Actor, person: Person, *, still_open: Sequence[Matter]) -> None:
    """They have left. Sessions, tokens, links, password and second factor end; roles, duties and groups go.

    `still_open` is the open work that was neither handed on nor ended in this transaction; none may be left.
    """
    MANAGE_PEOPLE.require(actor)
    person = hold(session, person)
    must_follow(person.state, "closed", WAYS_OF_A_PERSON)
    must_leave_another(session, person)
    must_be_another(actor.person_id, person.id, NOT_CLOSED)
    must_be_done(still_open, say("Choose who takes over what is still open."))
    before = person.state
    roles, duties = spelled(held_roles(person.grants)), sorted(each.duty for each in person.duties)
    groups = sorted(session.scalars(select(GroupMember.group_id).where(GroupMember.person_id == person.id)))
    shut_doors(session, actor, person)
    person.grants, person.duties, person.memberships = [], [], []
    person.state, person.closed_at = "closed", clock.now()
    session.flush()
    record(
        session,
        actor,
        "accounts.person_closed",
        person,
        before={"state": before, "roles": roles, "duties": duties, "groups": groups},
        after={"state": "closed", "roles": [], "duties": [], "groups": []},
    )


def shut_doors(session: Session, actor: Actor, person: Person) -> None:
    """Nothing that they ever held opens anything from now on."""
    MANAGE_PEOPLE.require(actor)
    moment = clock.now()
    end_sessions_of(session, person.id)
    session.execute(
        update(ApiToken)
        .where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=moment)
    )
    end_links_of(session, person.id)
    for model in (SecondFactor, RecoveryCode, Identity):
        session.execute(delete(model).where(model.person_id == person.id))
    person.password_hash = None
    record(session, actor, "accounts.doors_shut", person)
