"""Who looks at reference data, who changes it, and who lets changes through."""

from typing import Any

from assetlib.access.actor import ADMINISTRATOR, FINANCE, PLANNER, Actor
from assetlib.access.permission import Permission, all_of, any_of, role, role_everywhere, the_house
from assetlib.reference.models import ReferenceChange
from assetlib.reference.rules.things import ACCOUNTS_AND_RATES, KINDS, VENDORS_AND_CONTRACTS
from assetlib.words import say

VENDOR_MAINTAINER = "vendor_maintainer"
APPROVERS = (FINANCE, ADMINISTRATOR)


def of_the_house(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """One of the house's own people."""
    return actor.kind == "person" and actor.is_own


def maintains_vendors(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """Somebody whose duty it is."""
    return any(duty.name == VENDOR_MAINTAINER for duty in actor.duties)


def kinds_proposed_by(actor: Actor) -> frozenset[str]:
    """Of which kinds of thing the actor may propose changes."""
    if not of_the_house(actor, None):
        return frozenset()
    if role_everywhere(FINANCE)(actor, None):
        return ACCOUNTS_AND_RATES | VENDORS_AND_CONTRACTS
    return VENDORS_AND_CONTRACTS if maintains_vendors(actor, None) else frozenset()


def proposes(actor: Actor, kind: str | None) -> bool:
    kinds = kinds_proposed_by(actor)
    return bool(kinds) if kind is None or kind not in KINDS else kind in kinds


def is_second_person(actor: Actor, change: ReferenceChange | None) -> bool:
    """Nobody decides what they proposed."""
    return change is None or (actor.person_id is not None and actor.person_id != change.made_by_id)


def made_it(actor: Actor, change: ReferenceChange | None) -> bool:
    return change is None or (actor.person_id is not None and actor.person_id == change.made_by_id)


SEE_REFERENCE = Permission(
    "reference.see",
    all_of(of_the_house, any_of(role(PLANNER, FINANCE, ADMINISTRATOR), maintains_vendors)),
    say("Reference data is open to planners, finance and administrators."),
    token="read",
)
KEEP_CALENDARS = Permission(
    "reference.keep_calendars",
    all_of(of_the_house, role_everywhere(FINANCE, ADMINISTRATOR)),
    say("Fiscal years are kept by finance and administrators."),
    token="edit",
)
KEEP_DAYS = Permission(
    "reference.keep_days",
    all_of(of_the_house, role(PLANNER, FINANCE, ADMINISTRATOR)),
    say("Days of the company are kept by planners, finance and administrators."),
    token="edit",
)
PROPOSE_CHANGE = Permission(
    "reference.propose_change",
    proposes,
    say(
        "Accounts, cost centres and rates are proposed by finance, vendors and contracts also by whoever "
        "maintains them."
    ),
    token="edit",
)
"""Asked for a kind of thing."""
APPROVE_CHANGE = Permission(
    "reference.approve_change",
    all_of(of_the_house, role_everywhere(*APPROVERS), is_second_person),
    say("This is decided by finance or an administrator who did not propose it."),
)
"""Not with a token: whoever lets it through is there themself."""
WITHDRAW_CHANGE = Permission(
    "reference.withdraw_change",
    any_of(all_of(of_the_house, made_it), APPROVE_CHANGE.clause),
    say("This is withdrawn by whoever proposed it, or by those who approve."),
    token="edit",
)
APPLY_CHANGES = Permission(
    "reference.apply_changes",
    any_of(the_house, APPROVE_CHANGE.clause),
    say("What was approved is put into effect by those who approve, or by the house on its day."),
)
