"""Signing in and out."""

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
from assetlib.entering import enter, let_in, said, way_on
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import take_cookie, token_in
from assetlib.web.door import door
from assetlib.web.forms import SignInForm

pages = Blueprint("sign_in", __name__)


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
