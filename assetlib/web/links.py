"""Links from mails: an invitation, a new password. Looking at one changes nothing; its button does."""

from flask import Blueprint, redirect, request
from flask import session as form_session
from werkzeug.wrappers import Response

from assetlib import language
from assetlib.access.permission import OPEN_TO_ALL
from assetlib.accounts.actions.links import ask_for_reset, use_link
from assetlib.accounts.errors import LinkOver, TooManyTries, WrongPerson
from assetlib.accounts.links import PATHS, Purpose, link_of
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.rules import (
    LONGEST_PASSWORD,
    is_address,
    must_be_password,
    same_as_before,
    tidy_address,
)
from assetlib.accounts.sessions import check_password
from assetlib.accounts.throttling import FORGOTTEN, FORGOTTEN_NETWORK, count_try
from assetlib.current import actor, database
from assetlib.entering import come_in, said
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.web.door import door, without_trace
from assetlib.words import LANGUAGES, say

pages = Blueprint("links", __name__)

INVITATION: Purpose = "invitation"
RESET: Purpose = "reset"


@pages.get("/welcome/<token>")
@open_to(OPEN_TO_ALL)
def arrive_invited(token: str) -> Response:
    return _out_of_the_address(INVITATION, token)


@pages.get("/welcome")
@open_to(OPEN_TO_ALL)
def show_invitation() -> Response:
    return _page(INVITATION)


@pages.post("/welcome")
@open_to(OPEN_TO_ALL)
def use_invitation() -> Response:
    return _use(INVITATION)


@pages.get("/new-password/<token>")
@open_to(OPEN_TO_ALL)
def arrive_forgotten(token: str) -> Response:
    return _out_of_the_address(RESET, token)


@pages.get("/new-password")
@open_to(OPEN_TO_ALL)
def show_reset() -> Response:
    return _page(RESET)


@pages.post("/new-password")
@open_to(OPEN_TO_ALL)
def use_reset() -> Response:
    return _use(RESET)


@pages.get("/forgotten-password")
@open_to(OPEN_TO_ALL)
def show_forgotten() -> str:
    return door("sign_in/forgotten.html", email="", error=None, sent=False)


@pages.post("/forgotten-password")
@open_to(OPEN_TO_ALL)
def ask() -> str | tuple[str, int]:
    """The same answer, and the same work, for every address."""
    email = tidy_address(request.form.get("email", "")[:300])
    if not is_address(email):
        error = say("Write an address like name@company.example.")
        return door("sign_in/forgotten.html", email=email, error=error, sent=False), 422
    try:
        with database().transaction() as session:
            count_try(session, (FORGOTTEN, email), (FORGOTTEN_NETWORK, request.remote_addr or ""))
            ask_for_reset(session, actor(), email)
    except TooManyTries as refusal:
        page = door("sign_in/forgotten.html", email=email, error=said(refusal), sent=False)
        return page, status_of(refusal)
    return door("sign_in/forgotten.html", email=email, error=None, sent=True)


def _out_of_the_address(purpose: Purpose, token: str) -> Response:
    """The token moves from the address into the form session, before a page loads anything."""
    form_session[purpose] = token[:100]
    response = redirect(PATHS[purpose], code=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(purpose: Purpose, refusal: Refusal | None = None) -> Response:
    try:
        with database().reading() as session:
            _, person = link_of(session, purpose, form_session.get(purpose, ""))
    except LinkOver as over:
        return without_trace(door("sign_in/link_over.html", sentence=over.sentence), status_of(over))
    page = door(
        "sign_in/link.html",
        purpose=purpose,
        email=person.email,
        name=request.form.get("name", person.name),
        chosen=request.form.get("language", person.locale or language.language()),
        choices=list(LANGUAGES.items()),
        errors=refusal.details.get("fields", {"password": refusal.sentence}) if refusal is not None else {},
    )
    return without_trace(page, status_of(refusal) if refusal is not None else 200)


def _use(purpose: Purpose) -> Response:
    """Short transactions around the slow part, so that nobody waits for a password to be hashed."""
    token, password = form_session.get(purpose, ""), request.form.get("password", "")
    try:
        with database().reading() as session:
            _, person = link_of(session, purpose, token)
        must_be_password(
            password[: LONGEST_PASSWORD + 1], email=person.email, name=request.form.get("name", person.name)
        )
        if check_password(person, password):
            raise same_as_before()
        hashed = hash_password(password)
        with database().transaction() as session:
            person = use_link(
                session, actor(), purpose, token, password, password_hash=hashed, **_own_words(purpose)
            )
    except (LinkOver, WrongPerson) as refusal:
        return _page(purpose, refusal)
    form_session.pop(purpose, None)
    return come_in(person, "link", "/")


def _own_words(purpose: Purpose) -> dict[str, str | None]:
    """What an invited person says of themself."""
    if purpose != INVITATION:
        return {}
    chosen = request.form.get("language")
    return {
        "name": request.form.get("name", "").strip(),
        "locale": chosen if chosen in LANGUAGES else None,
    }
