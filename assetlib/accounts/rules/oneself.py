"""What nobody does to their own account: shut themselves out, or let themselves approve money."""

from collections.abc import Iterable

from assetlib.access.actor import ADMINISTRATOR, FINANCE
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.rules.roles import RoleAt
from assetlib.words import say

NOT_SUSPENDED = say("This is your own account. Ask another administrator to suspend it.")
NOT_CLOSED = say("This is your own account. Ask another administrator to close it.")


def must_be_another(actor_id: int | None, person_id: int, sentence: str) -> None:
    """Nothing, or `WrongPerson` with this sentence when somebody does it to themselves."""
    if actor_id is not None and actor_id == person_id:
        raise WrongPerson(sentence)


def must_not_serve_oneself(before: Iterable[RoleAt], wanted: Iterable[RoleAt]) -> None:
    """Nothing, or `WrongPerson` for one's own roles: who gives roles does not take those of money."""
    held, then = {each.role for each in before}, {each.role for each in wanted}
    fault = ""
    if ADMINISTRATOR in held - then:
        fault = say("This is your own account. Ask another administrator to take the role away.")
    elif FINANCE in then - held:
        fault = say("Nobody gives themselves Finance. Ask another administrator.")
    if fault:
        raise WrongPerson(fault, fields={"roles": fault})


def own_duty() -> WrongPerson:
    """The refusal of a duty for oneself."""
    fault = say("Nobody gives themselves a duty. Ask another administrator.")
    return WrongPerson(fault, fields={"duty": fault})
