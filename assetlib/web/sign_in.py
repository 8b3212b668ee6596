"""Signing in and out."""

import math

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from assetlib.access.permission import OPEN_TO_ALL, SIGNED_IN
from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.rules import LONGEST_PASSWORD, tidy_address
from assetlib.accounts.sessions import (
    check_password,
    close_session,
    find_person,
    refuse_sign_in,
)
from assetlib.accounts.throttling import begin_try
from assetlib.current import actor, database, request_id
from assetlib.entering import enter, let_in, way_on
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import take_cookie, token_in
from assetlib.web.door import door
from assetlib.web.forms import SignInForm
from assetlib.words import say, say_n, together

pages = Blueprint("sign_in", __name__)

MINUTE = 60


@pages.get("/sign-in")
@open_to(OPEN_TO_ALL)
def show() -> Response | str:
    if actor().is_signed_in:
        return redirect(way_on(request.args.get("next")))
    return _page(SignInForm())


@pages.post("/sign-in")
@open_to(OPEN_TO_ALL)
def sign_in() -> Response | tuple[str, int]:
    form = SignInForm()
    email, password = form.email.data or "", form.password.data or ""
    try:
        token = _try(email, password)
    except (NoMatch, TooManyTries) as refusal:
        return _page(form, problem=said(refusal)), status_of(refusal)
    return let_in(token, request.args.get("next"))


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


def _try(email: str, password: str) -> str:
    """Short transactions around the slow check, so that nobody waits for a password to be hashed."""
    email, address = email[:254], request.remote_addr or ""
    with database().transaction() as session:
        left = begin_try(session, tidy_address(email), address)
        person = find_person(session, email)
    if not check_password(person, password[: LONGEST_PASSWORD + 1]) or person is None:
        with database().transaction() as session:
            refusal = refuse_sign_in(session, email, left=left, address=address, request_id=request_id())
        raise refusal
    with database().transaction() as session:
        return enter(session, person, "password")


@pages.post("/sign-out")
@open_to(SIGNED_IN)
def sign_out() -> Response:
    with database().transaction() as session:
        close_session(session, actor(), token_in(request))
    response = redirect("/sign-in")
    take_cookie(response)
    # The back button must not show what the person saw.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(form: SignInForm, problem: str | None = None) -> str:
    return door("sign_in/index.html", form=form, problem=problem, forgotten_url="/forgotten-password")
