"""A file of people beside what the house knows: who can be invited, who is here, what is wrong with a row."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import Group, Organisation, Person
from assetlib.accounts.queries import find_own_organisation
from assetlib.accounts.rules import tidy_address
from assetlib.accounts.rules.bulk import Line, names_in, roles_in
from assetlib.accounts.rules.newcomers import must_be_newcomer
from assetlib.accounts.rules.roles import Known, RoleAt
from assetlib.words import say

HERE = {
    "invited": say("Invited already. This row is left out; invite them again on their page."),
    "active": say("Here already. This row is left out."),
    "suspended": say("Suspended. This row is left out; reopen the account on their page."),
    "closed": say("This account is closed. This row is left out; reopen it on their page."),
}
"""State of somebody whom the house knows → why the row is left out, and what to do."""


@dataclass(frozen=True)
class Staged:
    """One row of the file. `ready` is invited, `here` is known to the house already, `wrong` has faults."""

    number: int
    name: str
    email: str
    organisation: str
    roles: frozenset[RoleAt]
    groups: Sequence[Group]
    of: Organisation | None
    state: Literal["ready", "here", "wrong"]
    faults: Mapping[str, str]
    line: Line
    """As it stands in the file."""


def staged(session: Session, lines: Sequence[Line], known: Known) -> list[Staged]:
    """Every row, in as many statements for many as for few."""
    organisations: dict[str, Organisation] = {}
    twins: set[str] = set()
    for each in session.scalars(select(Organisation).order_by(Organisation.id)):
        twins |= {each.name.casefold()} & organisations.keys()
        organisations[each.name.casefold()] = each
    groups = {
        each.name.casefold(): each
        for each in session.scalars(select(Group).options(selectinload(Group.grants)))
    }
    addresses = [tidy_address(each.values["email"]) for each in lines]
    here = {
        row.email: row.state
        for row in session.execute(select(Person.email, Person.state).where(Person.email.in_(addresses)))
    }
    own = find_own_organisation(session)
    clear = {name: each for name, each in organisations.items() if name not in twins}
    return [_one(each, clear, twins, groups, here, own, known) for each in lines]


def _one(
    line: Line,
    organisations: Mapping[str, Organisation],
    twins: Set[str],
    groups: Mapping[str, Group],
    here: Mapping[str, str],
    own: Organisation | None,
    known: Known,
) -> Staged:
    values, faults = line.values, dict(line.faults)
    email = tidy_address(values["email"])
    named = values["organisation"]
    of = organisations.get(named.casefold()) if named else own
    wanted = names_in(values["groups"])
    chosen = [groups[each.casefold()] for each in wanted if each.casefold() in groups]
    unknown = [each for each in wanted if each.casefold() not in groups]
    if unknown:
        faults.setdefault("groups", say("There is no group called {names}.", names=unknown))
    roles = roles_in(values["roles"])
    if named.casefold() in twins:
        faults.setdefault(
            "organisation", say("Two organisations are called {name}. Rename one first.", name=named)
        )
    elif of is None:
        faults.setdefault("organisation", say("There is no organisation called {name}.", name=named))
    else:
        try:
            must_be_newcomer(
                name=values["name"],
                email=email,
                organisation_kind=of.kind,
                organisation_state=of.state,
                roles=roles,
                known=known,
                by_group=any(each.grants for each in chosen),
            )
        except WrongPerson as fault:
            for name, sentence in fault.details["fields"].items():
                faults.setdefault("organisation" if name == "organisation_id" else name, sentence)
    state: Literal["ready", "here", "wrong"] = "wrong" if faults else "ready"
    if email in here and "email" not in line.faults:
        state, faults = "here", {"email": HERE.get(here[email], HERE["active"])}
    return Staged(line.number, values["name"], email, named, roles, chosen, of, state, faults, line)
