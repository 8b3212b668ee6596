"""A permission is a named sentence about an actor and a thing.

    EDIT_ASSET = Permission("catalog.edit_asset", any_of(role("librarian"), uploaded_by_own_agency), "…")

`require` stands in the action, `allows` in the page, so that a button which would be refused is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assetlib.access.actor import Actor
from assetlib.errors import NotAllowed

Clause = Callable[[Actor, Any], bool]


class NotPermitted(NotAllowed):
    """A permission said no."""

    code = "not_permitted"


@dataclass(frozen=True)
class Permission:
    """One thing that can be permitted. `refusal` is what a person reads who may not."""

    name: str
    clause: Clause
    refusal: str = "This is not open to you."

    def allows(self, actor: Actor, thing: Any = None) -> bool:
        return self.clause(actor, thing)

    def require(self, actor: Actor, thing: Any = None) -> None:
        """Nothing, or `NotPermitted` with this permission's name and sentence."""
        if not self.clause(actor, thing):
            raise NotPermitted(self.refusal, permission=self.name)


def all_of(*clauses: Clause) -> Clause:
    return lambda actor, thing: all(clause(actor, thing) for clause in clauses)


def any_of(*clauses: Clause) -> Clause:
    return lambda actor, thing: any(clause(actor, thing) for clause in clauses)


def not_(clause: Clause) -> Clause:
    return lambda actor, thing: not clause(actor, thing)


def role(*names: str) -> Clause:
    """The actor holds one of these roles."""
    return lambda actor, thing: actor.has_role(*names)  # noqa: ARG005


def signed_in(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    return actor.is_signed_in


def the_house(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """The work is done by a job of ours, not by a person."""
    return actor.kind == "system"


def anyone(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    return True


SIGNED_IN = Permission("access.signed_in", signed_in, "Sign in first.")
OPEN_TO_ALL = Permission("access.open_to_all", anyone)
