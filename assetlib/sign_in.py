"""The cookie of a signed-in browser, or the token of a program, and the actor behind it.

Flask-Login over rows of ours. A request that brings a token is the token's: its cookies are not looked at.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import uuid4

from flask import Flask, Request, g, request
from flask import session as form_session
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response

from assetlib.access.actor import Actor
from assetlib.accounts.actions.own import change_own_password, refuse_password_change
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.factors import has_factor
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.queries import Somebody, get_person
from assetlib.accounts.rules import LONGEST_PASSWORD, must_be_password, same_as_before
from assetlib.accounts.sessions import (
    SignedInHere,
    check_password,
    find_signed_in,
    needs_touch,
    touch_session,
)
from assetlib.accounts.throttling import begin_try
from assetlib.accounts.tokens import find_token, touch_token
from assetlib.accounts.tokens import needs_touch as token_needs_touch
from assetlib.catalog.queries.actors import acting
from assetlib.current import actor, database, house
from assetlib.words import say

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
LONGEST_TOKEN = 64
BEARER = "bearer "
OLD_MISSING = say("Write your present password.")


class SignedIn(UserMixin):
    """What Flask-Login calls a user: one living session of ours, or one living token."""

    def __init__(
        self, person: Somebody, actor: Actor, row: SignedInHere | None = None, *, lacks_factor: bool = False
    ) -> None:
        self.id = row.id if row is not None else 0
        self.email = person.email
        self.organisation = person.organisation.name
        self.locale: str | None = person.locale
        self.time_zone: str | None = person.time_zone
        self.confirmed_at: datetime | None = row.confirmed_at if row is not None else None
        self.lacks_factor = lacks_factor
        """A role of theirs asks for a second factor, and they have none yet."""
        self.actor = actor


def cookie_name() -> str:
    """`__Host-` ties the cookie to this host and to TLS; on plain loopback a browser would refuse it."""
    return "__Host-assetlib" if house().settings.secure_cookies else "assetlib"


def install(app: Flask) -> None:
    """Find out who acts, once per request, from the cookie."""
    manager = LoginManager()
    manager.request_loader(_find)
    manager.init_app(app)
    app.before_request(_name_request)
    app.before_request(_learn_actor)


def _name_request() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex


def _learn_actor() -> None:
    # A style sheet or a health probe does not need to know who asks, and costs no look at the database.
    if request.endpoint in ("static", "health.healthz", "health.readyz", "metrics"):
        return
    signed_in = _find(request)
    if signed_in is not None:
        g.actor = signed_in.actor


def by_token(asked: Request) -> bool:
    """Whether the request is a program's: calls and addresses of bytes can be, pages cannot."""
    if not asked.headers.get("Authorization", "").lower().startswith(BEARER):
        return False
    gives_bytes = (asked.endpoint or "").startswith("files.") and asked.method in ("GET", "HEAD")
    return asked.path.startswith("/api/") or gives_bytes


def signed_in() -> SignedIn | None:
    """The session or token of this request."""
    return _find(request)


def _find(asked: Request) -> SignedIn | None:
    if "signed_in" in g:
        return cast("SignedIn | None", g.signed_in)
    g.signed_in = None
    if by_token(asked):
        g.signed_in = _read_token(asked.headers["Authorization"][len(BEARER) :].strip())
        return cast("SignedIn | None", g.signed_in)
    token = asked.cookies.get(cookie_name(), "")
    if token and len(token) <= LONGEST_TOKEN and token.isascii():
        g.signed_in = _read(token)
    return cast("SignedIn | None", g.signed_in)


def _read(token: str) -> SignedIn | None:
    with database().reading() as session:
        row = find_signed_in(session, token)
        if row is None:
            return None
        person = row.person
        actor = acting(session, person, request_id=g.request_id, address=request.remote_addr or "")
        actor = replace(actor, session_id=row.id)
    lacks_factor = _asked_for_factor(actor) and not row.has_factor
    if needs_touch(row.seen_at):
        with database().transaction() as session:
            touch_session(session, row.id)
    return SignedIn(person, actor, row, lacks_factor=lacks_factor)


def _read_token(token: str) -> SignedIn | None:
    with database().reading() as session:
        row = find_token(session, token)
        if row is None:
            return None
        actor = acting(
            session, row.person, token=row, request_id=g.request_id, address=request.remote_addr or ""
        )
        lacks_factor = _asked_for_factor(actor) and not has_factor(session, row.person_id)
    if token_needs_touch(row):
        with database().transaction() as session:
            touch_token(session, row.id)
    return SignedIn(row.person, actor, lacks_factor=lacks_factor)


def _asked_for_factor(actor: Actor) -> bool:
    return actor.has_role(*house().settings.second_factor_roles)


def change_password(old: str, new: str, *, revoke_tokens: bool = False) -> None:
    """Give whoever is signed in a new password, if the old one is right; a wrong one counts as a try.

    Short transactions around the slow parts, so that nobody waits for a password to be hashed.
    """
    who = actor()
    if not old:
        raise WrongPerson(OLD_MISSING, fields={"old": OLD_MISSING})
    with database().transaction() as session:
        person = get_person(session, who.person_id or 0)
        must_be_password(new, email=person.email, name=person.name)
        left = begin_try(session, person.email, who.address)
    if not check_password(person, old[: LONGEST_PASSWORD + 1]):
        with database().transaction() as session:
            refusal = refuse_password_change(session, who, person, left=left)
        raise refusal
    if new == old:
        raise same_as_before()
    hashed = hash_password(new)
    with database().transaction() as session:
        change_own_password(
            session,
            who,
            person,
            new,
            password_hash=hashed,
            token=token_in(request),
            revoke_tokens=revoke_tokens,
        )


def begin_form_session() -> None:
    """A form session in which nothing is; forms made from now on in this request carry its token."""
    form_session.clear()
    g.pop("csrf_token", None)  # where Flask-WTF keeps the token of the request


def give_cookie(response: Response, token: str) -> None:
    """Hand the token to the browser; the form session starts anew, so that none is carried over."""
    begin_form_session()
    response.set_cookie(
        cookie_name(), token, httponly=True, secure=house().settings.secure_cookies, samesite="Lax", path="/"
    )


def take_cookie(response: Response) -> None:
    begin_form_session()
    response.delete_cookie(cookie_name(), path="/", secure=house().settings.secure_cookies, httponly=True)


def token_in(asked: Request) -> str:
    return asked.cookies.get(cookie_name(), "")
