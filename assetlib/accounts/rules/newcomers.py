"""What must be so before somebody new comes."""

from collections.abc import Callable

from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.rules import must_be_person
from assetlib.accounts.rules.roles import Known, RoleAt, must_be_roles
from assetlib.words import say

LONGEST_MESSAGE = 1_000


def must_be_newcomer(
    *,
    name: str,
    email: str,
    organisation_kind: str,
    organisation_state: str,
    roles: frozenset[RoleAt],
    known: Known,
    by_group: bool,
    message: str = "",
) -> None:
    """Nothing, or `WrongPerson` with all that is wrong, a sentence per field.

    `by_group`: one of the groups that they are put into has a role.
    """
    checks: tuple[Callable[[], None], ...] = (
        lambda: must_be_person(name=name, email=email, roles=[], organisation_kind=organisation_kind),
        lambda: must_be_roles(roles, organisation_kind=organisation_kind, known=known),
        lambda: must_be_open(organisation_state),
    )
    faults: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except WrongPerson as fault:
            faults |= fault.details.get("fields", {})
    if not roles and not by_group:
        faults.setdefault("roles", say("Give at least one role, or choose a group that has one."))
    if wrong := _fault_of_message(message):
        faults["message"] = wrong
    if faults:
        raise WrongPerson(say("Some of this cannot be taken. Look at the marked fields."), fields=faults)


def must_be_message(message: str) -> None:
    """Nothing, or `WrongPerson`: what the one who invites writes to those who are invited."""
    if fault := _fault_of_message(message):
        raise WrongPerson(fault, fields={"message": fault})


def _fault_of_message(message: str) -> str:
    if len(message) > LONGEST_MESSAGE:
        return say("Use at most {most} characters.", most=LONGEST_MESSAGE)
    if "\0" in message or any("\ud800" <= each <= "\udfff" for each in message):
        return say("This holds a character that cannot be kept. Type it again.")
    return ""


def must_be_open(organisation_state: str) -> None:
    """Nothing, or `WrongPerson` when nobody can come to that organisation now."""
    fault = {
        "suspended": say("This organisation is suspended. Reopen it first."),
        "closed": say("This organisation is closed. Reopen it first."),
    }.get(organisation_state)
    if fault:
        raise WrongPerson(fault, fields={"organisation_id": fault})
