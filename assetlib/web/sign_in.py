"""Signing in and out."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, redirect, request
from flask import session as form_session
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
from assetlib.entering import HALF, HalfOver, come_in, come_in_by_code, half_signed_in, said, way_on
from assetlib.http_status import status_of
from assetlib.policy import SignInFirst, open_to
from assetlib.refusals import refused, wants_json
from assetlib.sign_in import take_cookie, token_in
from assetlib.web.door import door
from assetlib.web.forms import SignInForm
from assetlib.web.kept_forms import KEPT, keep_form, page_before, page_to_go_on
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
        person = _try(email, password)
        answer = come_in(person, "password", request.args.get("next"), _going_on(person))
    except (NoMatch, ShutOut, TooManyTries) as refusal:
        return _page(form, problem=said(refusal)), status_of(refusal)
    if HALF in form_session and request.form.get(KEPT):
        return _code_page(person), 200  # a redirect would lose the form that is kept
    return answer


@pages.get("/sign-in/code")
@open_to(OPEN_TO_ALL)
def show_code() -> Response | str:
    try:
        person = half_signed_in()
    except HalfOver:
        return redirect("/sign-in")
    return _code_page(person)


@pages.post("/sign-in/code")
@open_to(OPEN_TO_ALL)
def give_code() -> Response | tuple[str, int]:
    try:
        person = half_signed_in()
    except HalfOver:
        return redirect("/sign-in", code=303)
    try:
        return come_in_by_code(person, request.form.get("code", ""), _going_on(person))
    except (NoMatch, TooManyTries) as refusal:
        return _code_page(person, said(refusal)), status_of(refusal)


def ask_to_sign_in(refusal: SignInFirst) -> Response | tuple[str, int]:
    """Whoever was signed out is told so; a form that they sent is kept while they sign in again."""
    if wants_json():
        return refused(refusal)
    if request.headers.get("HX-Request"):
        response = Response(status=401)
        response.headers["HX-Redirect"] = _door_before(page_before())
        return response
    kept = keep_form()
    if kept:
        return _page(SignInForm(formdata=None), kept=kept), status_of(refusal)
    return redirect(
        _door_before(way_on(request.full_path.rstrip("?")) if request.method == "GET" else page_before())
    )


def _door_before(path: str) -> str:
    return f"/sign-in?next={quote(path, safe='/')}" if path != "/" else "/sign-in"


def _going_on(person: Person) -> Callable[[], str | None]:
    """What they see after signing in, when a form of theirs was kept meanwhile."""
    return lambda: page_to_go_on(request.form.get(KEPT, ""), person.id)


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


def _page(form: SignInForm, problem: str | None = None, kept: str = "") -> str:
    kept = kept or request.form.get(KEPT, "")
    return door(
        "sign_in/index.html",
        form=form,
        problem=problem,
        forgotten_url="/forgotten-password",
        single_sign_on=button(),
        signed_out=bool(token_in(request)),
        kept=kept,
    )


def _code_page(person: Person, problem: str | None = None) -> str:
    return door("sign_in/code.html", email=person.email, problem=problem, kept=request.form.get(KEPT, ""))
