"""Organisations come, are shut out, let in again, and part from us."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.errors import NameTaken, OrganisationChanged, WrongPerson
from assetlib.accounts.models import Organisation
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules import fault_of_name, is_same_name
from assetlib.accounts.rules.leaving import (
    WAYS_OF_AN_ORGANISATION,
    Matter,
    must_be_done,
    must_be_reason,
    must_follow,
)
from assetlib.accounts.sessions import end_sessions_of_organisation
from assetlib.audit import record
from assetlib.words import say


def add_organisation(session: Session, actor: Actor, *, name: str, kind: str) -> Organisation:
    """A new agency or partner, invited until the first of its people comes in; at set-up the own company."""
    MANAGE_PEOPLE.require(actor)
    _must_be_name(name)
    if kind not in ("own", "agency", "partner"):
        fault = say("Choose agency or partner.")
        raise WrongPerson(fault, fields={"kind": fault})
    _must_be_free(session, name)
    state = "active" if kind == "own" else "invited"
    organisation = Organisation(name=name, kind=kind, state=state, created_at=clock.now())
    session.add(organisation)
    _flush(session, name)
    record(session, actor, "accounts.organisation_added", organisation, after={"name": name, "kind": kind})
    return organisation


def rename_organisation(
    session: Session, actor: Actor, organisation: Organisation, *, name: str, seen: str | None = None
) -> None:
    """Another name, unless somebody gave it one since `seen` was read; everything that is theirs stays."""
    MANAGE_PEOPLE.require(actor)
    organisation = _held(session, organisation)
    if seen is not None and organisation.name not in (seen, name):
        raise OrganisationChanged(
            say("Someone renamed this organisation while you were looking at it."),
            current={"name": organisation.name},
        )
    _must_be_name(name)
    before = organisation.name
    if name == before:
        return
    _must_be_free(session, name, but=organisation.id)
    organisation.name = name
    _flush(session, name)
    record(
        session,
        actor,
        "accounts.organisation_renamed",
        organisation,
        before={"name": before},
        after={"name": name},
    )


def suspend_organisation(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Nobody of it can sign in any more, and every open session of its people ends now."""
    MANAGE_PEOPLE.require(actor)
    organisation = _held(session, organisation)
    if organisation.kind == "own":
        raise WrongPerson(say("The own company cannot be suspended."))
    must_follow(organisation.state, "suspended", WAYS_OF_AN_ORGANISATION)
    end_sessions_of_organisation(session, organisation.id)
    _change_state(session, actor, organisation, "suspended", "accounts.organisation_suspended")


def reopen_organisation(
    session: Session, actor: Actor, organisation: Organisation, *, reason: str = ""
) -> None:
    """Its people can sign in again; one that was closed comes back for a reason."""
    MANAGE_PEOPLE.require(actor)
    organisation = _held(session, organisation)
    must_follow(organisation.state, "active", WAYS_OF_AN_ORGANISATION)
    if organisation.state == "closed":
        must_be_reason(reason)
        organisation.closed_at = None
    _change_state(session, actor, organisation, "active", "accounts.organisation_reopened", reason)


def close_organisation(
    session: Session, actor: Actor, organisation: Organisation, *, still_open: Sequence[Matter]
) -> None:
    """We work together no longer. Its files, and what it did, stay.

    `still_open` is what the rooms found open in this transaction; nothing may be.
    """
    MANAGE_PEOPLE.require(actor)
    organisation = _held(session, organisation)
    if organisation.kind == "own":
        raise WrongPerson(say("The own company cannot be closed."))
    must_follow(organisation.state, "closed", WAYS_OF_AN_ORGANISATION)
    must_be_done(still_open, say("This organisation cannot be closed yet."))
    organisation.closed_at = clock.now()
    _change_state(session, actor, organisation, "closed", "accounts.organisation_closed")


def _held(session: Session, organisation: Organisation) -> Organisation:
    session.flush()
    return session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _must_be_name(name: str) -> None:
    if fault := fault_of_name(name, say("Give it a name.")):
        raise WrongPerson(fault, fields={"name": fault})


def _must_be_free(session: Session, name: str, but: int = 0) -> None:
    """No other one is called so, however it is written."""
    for row in session.execute(select(Organisation.id, Organisation.name).where(Organisation.id != but)):
        if is_same_name(row.name, name):
            raise _taken(row.name)


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken(name) from error


def _taken(name: str) -> NameTaken:
    return NameTaken(
        say("There is already an organisation called {name}.", name=name),
        fields={"name": say("This name is taken.")},
    )


def _change_state(
    session: Session, actor: Actor, organisation: Organisation, state: str, action: str, reason: str = ""
) -> None:
    before = organisation.state
    organisation.state = state
    record(
        session,
        actor,
        action,
        organisation,
        before={"state": before},
        after={"state": state},
        reason=reason,
    )
