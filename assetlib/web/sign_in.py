"""Signing in and out."""

import math
import re

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.access.permission import OPEN_TO_ALL, SIGNED_IN
from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.queries import find_own_organisation
from assetlib.accounts.rules import LONGEST_PASSWORD, tidy_address
from assetlib.accounts.sessions import (
    check_password,
    close_session,
    find_person,
    open_session,
    refuse_sign_in,
)
from assetlib.accounts.throttling import begin_try
from assetlib.current import actor, database, request_id
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import give_cookie, take_cookie, token_in
from assetlib.static_files import static_url
from assetlib.web.forms import SignInForm
from assetlib.words import say, say_n, together

pages = Blueprint("sign_in", __name__)

MINUTE = 60

# Only a path of our own: neither //elsewhere nor \elsewhere, which browsers read as another host.
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x1f\\]*")


def own_path(text: str | None) -> str:
    """The path to go on to after signing in, if it is one of ours."""
    return text if text is not None and _OWN_PATH.fullmatch(text) else "/"


@pages.get("/sign-in")
@open_to(OPEN_TO_ALL)
def show() -> Response | str:
    if actor().is_signed_in:
        return redirect(own_path(request.args.get("next")))
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
    response = redirect(own_path(request.args.get("next")))
    give_cookie(response, token)
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
        browser = request.headers.get("User-Agent", "")
        return open_session(session, person, address=address, browser=browser, request_id=request_id())


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
    with database().reading() as session:
        own = find_own_organisation(session)
    return render_template(
        "sign_in.html",
        form=form,
        problem=problem,
        organisation=own.name if own else None,
        picture={"url": static_url("sign-in.jpg"), "caption": None},
    )
