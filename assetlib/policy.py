"""Each route says who may call it. A route that says nothing keeps the whole product from starting."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, request

from assetlib.access.permission import OPEN_TO_ALL, SIGNED_IN_OR_TOKEN, Permission
from assetlib.confirming import must_be_fresh
from assetlib.current import actor
from assetlib.errors import NotAllowed
from assetlib.sign_in import signed_in
from assetlib.words import say

View = TypeVar("View", bound=Callable[..., object])

# Views that libraries bring along.
LIBRARY_VIEWS = {"openapi.spec": SIGNED_IN_OR_TOKEN, "static": OPEN_TO_ALL}


class SignInFirst(NotAllowed):
    """Nobody is signed in, or not any more."""

    code = "sign_in_first"


class SecondFactorNeeded(NotAllowed):
    """A role of this person asks for a second factor, and they have none yet."""

    code = "second_factor_needed"


class MissingPolicy(Exception):
    """A route was added without saying who may call it."""


def open_to(
    permission: Permission, *, fresh: bool = False, without_factor: bool = False
) -> Callable[[View], View]:
    """Say who may call a view. What they may do with a particular thing is asked again by the action.

    `fresh`: only with a proof of who they are that is no older than a quarter of an hour. `without_factor`:
    also for those who must set up a second factor first.
    """

    def mark(view: View) -> View:
        view.policy = permission  # type: ignore[attr-defined]  # functions carry attributes
        view.fresh = fresh  # type: ignore[attr-defined]  # the same
        view.without_factor = without_factor  # type: ignore[attr-defined]  # the same
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Permission | None:
    """The permission of an endpoint; None if it has none."""
    if endpoint in LIBRARY_VIEWS:
        return LIBRARY_VIEWS[endpoint]
    return getattr(app.view_functions[endpoint], "policy", None)


def must_all_have_policies(app: Flask) -> None:
    """Nothing, or `MissingPolicy` with every route that has none."""
    missing = sorted(
        {rule.rule for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None}
    )
    if missing:
        raise MissingPolicy(f"these routes say nothing about who may call them: {', '.join(missing)}")


def ask_policy(app: Flask) -> None:
    """Before each request: may this actor call this route at all?"""
    if request.endpoint is None:
        return
    permission = policy_of(app, request.endpoint)
    if permission is None:
        raise MissingPolicy(request.endpoint)
    if not permission.allows(actor()):
        if not actor().is_signed_in:
            raise SignInFirst(say("Sign in first."))
        permission.require(actor())
    view, found = app.view_functions[request.endpoint], signed_in()
    if found is None or permission is OPEN_TO_ALL:
        return
    if found.lacks_factor and not getattr(view, "without_factor", False):
        raise SecondFactorNeeded(say("Your role asks for a second factor. Set one up first."))
    if getattr(view, "fresh", False):
        must_be_fresh()
