"""A permission is a named sentence about an actor and a thing.

    EDIT_ASSET = Permission("catalog.edit_asset", any_of(role("librarian"), uploaded_by_own_agency), "…")

`require` stands in the action, `allows` in the page, so that a button which would be refused is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assetlib.access.actor import Actor, TokenScope
from assetlib.errors import NotAllowed
from assetlib.words import say

Clause = Callable[[Actor, Any], bool]


class NotPermitted(NotAllowed):
    """A permission said no."""

    code = "not_permitted"


class NotInTokenScope(NotAllowed):
    """The person may, but gave this token less."""

    code = "not_in_token_scope"


@dataclass(frozen=True)
class Permission:
    """One thing that can be permitted. `refusal` is what a person reads who may not.

    `token` is the scope that a program's token must carry for it; None: not open to programs at all.
    """

    name: str
    clause: Clause
    refusal: str = say("This is not open to you.")
    token: TokenScope | None = None

    def allows(self, actor: Actor, thing: Any = None) -> bool:
        return self._in_token_scope(actor) and self.clause(actor, thing)

    def require(self, actor: Actor, thing: Any = None) -> None:
        """Nothing, or a refusal with this permission's name and sentence."""
        if not self.clause(actor, thing):
            raise NotPermitted(self.refusal, permission=self.name)
        if not self._in_token_scope(actor):
            raise NotInTokenScope(
                say("This token may not do that. Make one with the scope {token}.", token=self.token)
                if self.token is not None
                else say("This is not done with a token. Sign in and do it yourself."),
                permission=self.name,
                scope=self.token,
            )

    def _in_token_scope(self, actor: Actor) -> bool:
        return actor.token_scopes is None or self.token in actor.token_scopes


def all_of(*clauses: Clause) -> Clause:
    return lambda actor, thing: all(clause(actor, thing) for clause in clauses)


def any_of(*clauses: Clause) -> Clause:
    return lambda actor, thing: any(clause(actor, thing) for clause in clauses)


def not_(clause: Clause) -> Clause:
    return lambda actor, thing: not clause(actor, thing)


def role(*names: str) -> Clause:
    """The actor holds one of these roles for the thing; where there is no thing yet, for any."""

    def holds(actor: Actor, thing: Any) -> bool:
        if not actor.scoped_roles or not hasattr(type(thing), "scope_facts"):
            return actor.has_role(*names)
        return actor.holds(*names, of=thing)

    return holds


def role_everywhere(*names: str) -> Clause:
    """The actor holds one of these roles without a scope: for what concerns all."""
    return lambda actor, thing: not actor.roles.isdisjoint(names)  # noqa: ARG005


def signed_in(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    return actor.is_signed_in


def the_house(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """The work is done by a job of ours, not by a person."""
    return actor.kind == "system"


def anyone(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    return True


SIGNED_IN = Permission("access.signed_in", signed_in, say("Sign in first."))
SIGNED_IN_OR_TOKEN = Permission("access.signed_in_or_token", signed_in, say("Sign in first."), token="read")
OPEN_TO_ALL = Permission("access.open_to_all", anyone, token="read")
