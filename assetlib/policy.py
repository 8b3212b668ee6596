"""Each route says who may call it. A route that says nothing keeps the whole product from starting."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, request

from assetlib.access.permission import OPEN_TO_ALL, SIGNED_IN, Permission
from assetlib.current import actor
from assetlib.errors import NotAllowed
from assetlib.words import say

View = TypeVar("View", bound=Callable[..., object])

# Views that libraries bring along.
LIBRARY_VIEWS = {"openapi.spec": SIGNED_IN, "static": OPEN_TO_ALL}


class SignInFirst(NotAllowed):
    """Nobody is signed in, or not any more."""

    code = "sign_in_first"


class MissingPolicy(Exception):
    """A route was added without saying who may call it."""


def open_to(permission: Permission) -> Callable[[View], View]:
    """Say who may call a view. What they may do with a particular thing is asked again by the action."""

    def mark(view: View) -> View:
        view.policy = permission  # type: ignore[attr-defined]  # functions carry attributes
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
    if permission.allows(actor()):
        return
    if not actor().is_signed_in:
        raise SignInFirst(say("Sign in first."))
    permission.require(actor())
