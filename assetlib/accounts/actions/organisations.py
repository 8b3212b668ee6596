"""Organisations come and go."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.errors import NameTaken, WrongPerson
from assetlib.accounts.models import Organisation
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.rules import AROUND, is_name
from assetlib.audit import record


def add_organisation(session: Session, actor: Actor, *, name: str, kind: str) -> Organisation:
    """A new agency or partner, or at set-up the own company."""
    MANAGE_PEOPLE.require(actor)
    if not is_name(name):
        fault = AROUND if name.strip() not in ("", name) else "Give it a name."
        raise WrongPerson("Give the organisation a name of up to 200 characters.", fields={"name": fault})
    if kind not in ("own", "agency", "partner"):
        raise WrongPerson("Choose agency or partner.", fields={"kind": "Choose agency or partner."})
    if session.scalars(select(Organisation.id).where(Organisation.name == name)).first() is not None:
        raise _taken(name)
    organisation = Organisation(name=name, kind=kind, created_at=clock.now())
    session.add(organisation)
    try:
        session.flush()
    except IntegrityError as error:  # somebody else was a moment sooner
        raise _taken(name) from error
    record(session, actor, "accounts.organisation_added", organisation, after={"name": name, "kind": kind})
    return organisation


def _taken(name: str) -> NameTaken:
    return NameTaken(
        f"There is already an organisation called {name}.", fields={"name": "This name is taken."}
    )


def suspend_organisation(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Nobody of it can sign in any more; open sessions are dead at once, because each request asks."""
    MANAGE_PEOPLE.require(actor)
    if organisation.kind == "own":
        raise WrongPerson("The own company cannot be suspended.")
    _change_state(session, actor, organisation, "suspended")


def reopen_organisation(session: Session, actor: Actor, organisation: Organisation) -> None:
    """Its people can sign in again."""
    MANAGE_PEOPLE.require(actor)
    _change_state(session, actor, organisation, "active")


def _change_state(session: Session, actor: Actor, organisation: Organisation, state: str) -> None:
    before = organisation.state
    organisation.state = state
    record(
        session,
        actor,
        f"accounts.organisation_{state}",
        organisation,
        before={"state": before},
        after={"state": state},
    )
