"""Signing in and out."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from assetlib.access.permission import OPEN_TO_ALL, SIGNED_IN
from assetlib.accounts.errors import NoMatch, ShutOut, TooManyTries
from assetlib.accounts.models import Person
from assetlib.accounts.queries import find_own_organisation
from assetlib.accounts.rules import LONGEST_PASSWORD, tidy_address
from assetlib.accounts.sessions import (
    close_session,
    find_person,
    is_password_of,
    may_sign_in,
    refuse_sign_in,
    refuse_who_is_shut_out,
)
from assetlib.accounts.throttling import begin_try
from assetlib.current import actor, database, request_id
from assetlib.entering import HalfOver, come_in, come_in_by_code, half_signed_in, said, way_on
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import take_cookie, token_in
from assetlib.web.door import door
from assetlib.web.forms import SignInForm
from assetlib.web.single_sign_on import button
from assetlib.words import say

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
    if not email.strip() or not password:
        return _page(form, problem=say("Write your address and your password.")), 422
    try:
        return come_in(_try(email, password), "password", request.args.get("next"))
    except (NoMatch, ShutOut, TooManyTries) as refusal:
        return _page(form, problem=said(refusal)), status_of(refusal)


@pages.get("/sign-in/code")
@open_to(OPEN_TO_ALL)
def show_code() -> Response | str:
    try:
        person = half_signed_in()
    except HalfOver:
        return redirect("/sign-in")
    return door("sign_in/code.html", email=person.email, problem=None)


@pages.post("/sign-in/code")
@open_to(OPEN_TO_ALL)
def give_code() -> Response | tuple[str, int]:
    try:
        person = half_signed_in()
    except HalfOver:
        return redirect("/sign-in", code=303)
    try:
        return come_in_by_code(person, request.form.get("code", ""))
    except (NoMatch, TooManyTries) as refusal:
        page = door("sign_in/code.html", email=person.email, problem=said(refusal))
        return page, status_of(refusal)


def _try(email: str, password: str) -> Person:
    """Short transactions around the slow check, so that nobody waits for a password to be hashed."""
    email, address = email[:254], request.remote_addr or ""
    with database().transaction() as session:
        left = begin_try(session, tidy_address(email), address)
        person = find_person(session, email)
    if not is_password_of(person, password[: LONGEST_PASSWORD + 1]) or person is None:
        with database().transaction() as session:
            refusal = refuse_sign_in(session, email, left=left, address=address, request_id=request_id())
        raise refusal
    if not may_sign_in(person):
        with database().transaction() as session:
            own = find_own_organisation(session)
            shut_out = refuse_who_is_shut_out(
                session,
                person,
                house=own.name if own else "assetlib",
                address=address,
                request_id=request_id(),
            )
        raise shut_out
    return person


@pages.post("/sign-out")
@open_to(SIGNED_IN, without_factor=True)
def sign_out() -> Response:
    with database().transaction() as session:
        close_session(session, actor(), token_in(request))
    response = redirect("/sign-in")
    take_cookie(response)
    # The back button must not show what the person saw.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(form: SignInForm, problem: str | None = None) -> str:
    return door(
        "sign_in/index.html",
        form=form,
        problem=problem,
        forgotten_url="/forgotten-password",
        single_sign_on=button(),
    )
