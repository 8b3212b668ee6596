"""How a person who proved who they are comes in: a session of ours, and the way on within the house."""

import hashlib
import hmac
import math
import re
from collections.abc import Callable
from datetime import timedelta

from flask import redirect, request
from flask import session as form_session
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.actions.second_factor import give_code
from assetlib.accounts.codes import sealing_key
from assetlib.accounts.errors import NoMatch
from assetlib.accounts.factors import has_factor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import may_sign_in, must_be_as_read, open_session
from assetlib.accounts.throttling import CODES, begin_try, count_try, forgive, give_back_try
from assetlib.current import database, house, request_id
from assetlib.errors import Invalid, Refusal
from assetlib.sign_in import begin_form_session, give_cookie
from assetlib.words import say, say_n, together

MINUTE = 60
HALF = "half"
HALF_LASTS = timedelta(minutes=10)
LONGEST_CODE = 40
WITH_CODE = {"password": "code", "oidc": "oidc_code", "link": "link_code"}
"""The way of the first half → of both."""
CODE_MISSING = say("Write the code first.")
PASSWORD_MISSING = say("Write your password first.")


class HalfOver(Invalid):
    """Nobody has shown a password in this browser lately."""

    code = "half_over"


# Only a path of our own: neither //elsewhere nor \elsewhere, which browsers read as another host.
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*")
# Nobody comes in in order to leave again, and these answer to buttons only.
_NO_WAY_ON = ("/sign-out", "/sign-in", "/welcome", "/new-password", "/forgotten-password", "/language")


def own_path(text: str | None) -> str:
    """The path, if it is one of ours; else home."""
    return text if text is not None and _OWN_PATH.fullmatch(text) else "/"


def way_on(text: str | None) -> str:
    """The path to go on to after coming in, if it is one of ours that can be looked at; else home."""
    path = own_path(text).partition("?")[0]
    leads_back = any(path == each or path.startswith(each + "/") for each in _NO_WAY_ON)
    return "/" if leads_back else own_path(text)


def come_in(
    person: Person, way: str, onward: str | None, page: Callable[[], str | None] = lambda: None
) -> Response:
    """Sign the person in, or lead them to the code of their second factor first. They have proved who they
    are by `way`; `NoMatch` when the account changed since `person` was read. `page` makes what they see
    first, if it is not the way on.
    """
    with database().transaction() as session:
        if has_factor(session, person.id):
            must_be_as_read(session, person)
            if way == "password":
                give_back_try(session, person.email, request.remote_addr or "")
            return _half_way(person, way, onward)
        token = _enter(session, person, way)
    return _let_in(token, onward, page)


def come_in_by_code(person: Person, code: str, page: Callable[[], str | None] = lambda: None) -> Response:
    """The second half of signing in; `NoMatch` or `TooManyTries` when it is not done."""
    address, half = request.remote_addr or "", form_session[HALF]
    if not code.strip():
        raise NoMatch(CODE_MISSING)
    with database().transaction() as session:
        left = begin_try(session, person.email, address)
        count_try(session, (CODES, str(person.id)))
    token = ""
    with database().transaction() as session:
        key = sealing_key(house().settings.secret_key)
        who = Actor(kind="anonymous", name="Nobody", address=address, request_id=request_id())
        if give_code(session, who, person, code[:LONGEST_CODE], key=key):
            token = _enter(session, person, WITH_CODE[half["way"]])
            forgive(session, (CODES, str(person.id)))
    if not token:
        raise NoMatch(
            say("This code is not right, or was used already. Wait for the next one and write that."),
            tries_left=left,
        )
    return _let_in(token, half["next"], page)


def half_signed_in() -> Person:
    """Whoever has shown their password in this browser, a few minutes ago; `HalfOver` for nobody.

    A new password, or a suspended account, ends it.
    """
    half = form_session.get(HALF)
    if not isinstance(half, dict) or half["at"] < (clock.now() - HALF_LASTS).timestamp():
        raise HalfOver(say("Begin anew: write your address and password."))
    with database().reading() as session:
        person = get_person(session, half["person"])
    if not may_sign_in(person) or not hmac.compare_digest(half["bound"], _bound(person)):
        raise HalfOver(say("Begin anew: write your address and password."))
    return person


def _half_way(person: Person, way: str, onward: str | None) -> Response:
    begin_form_session()
    form_session[HALF] = {
        "person": person.id,
        "bound": _bound(person),
        "at": clock.now().timestamp(),
        "way": way,
        "next": way_on(onward),
    }
    return redirect("/sign-in/code", code=303)


def _bound(person: Person) -> str:
    """Changes with the password, and says nothing about it."""
    key = house().settings.secret_key.encode()
    return hmac.new(key, f"half\0{person.id}\0{person.password_hash}".encode(), hashlib.sha256).hexdigest()


def _enter(session: Session, person: Person, way: str) -> str:
    """A new session in this browser; the token for its cookie."""
    return open_session(
        session,
        person,
        address=request.remote_addr or "",
        browser=request.headers.get("User-Agent", ""),
        request_id=request_id(),
        way=way,
    )


def _let_in(token: str, onward: str | None, page: Callable[[], str | None]) -> Response:
    """The answer that signs the browser in and leads on, or shows a page; the form session starts anew."""
    response = redirect(way_on(onward))
    give_cookie(response, token)
    shown = page()
    if shown is not None:
        response.status_code = 200
        response.headers.remove("Location")
        response.headers["Cache-Control"] = "private, no-store"
        response.set_data(shown)
    return response


def said(refusal: Refusal) -> str:
    """What the person reads: why not, and how often or how soon they can try again."""
    left, wait = refusal.details.get("tries_left"), refusal.details.get("retry_after")
    if wait is not None and wait >= 2 * MINUTE:
        minutes = math.ceil(wait / MINUTE)
        return say_n(
            "Too many tries. Wait {count} minute, then try again.",
            "Too many tries. Wait {count} minutes, then try again.",
            minutes,
        )
    if wait is not None:
        return say_n(
            "Too many tries. Wait {count} second, then try again.",
            "Too many tries. Wait {count} seconds, then try again.",
            wait,
        )
    if left is None:
        return refusal.sentence
    if left == 0:
        return together(refusal.sentence, say("Wait a moment before you try again."))
    return together(refusal.sentence, say_n("{count} try left.", "{count} tries left.", left))
