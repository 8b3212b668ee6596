"""A fresh proof before what must not be done from a browser that somebody left open.

The page that asks for it keeps the form that was sent, except files and passwords, and sends it to the same
address again with the proof beside it; so nothing is typed twice, and no address has to be trusted.
"""

from datetime import timedelta

from flask import Response, render_template, request

from assetlib import clock
from assetlib.accounts.actions.second_factor import give_code
from assetlib.accounts.actions.sessions import confirm_session, refuse_confirmation
from assetlib.accounts.codes import sealing_key
from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.factors import has_factor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import get_person
from assetlib.accounts.rules import LONGEST_PASSWORD
from assetlib.accounts.sessions import check_password
from assetlib.accounts.throttling import CODES, begin_try, count_try, forgive
from assetlib.current import actor, database, house
from assetlib.entering import CODE_MISSING, PASSWORD_MISSING, said
from assetlib.errors import NotAllowed
from assetlib.http_status import status_of
from assetlib.sign_in import signed_in
from assetlib.words import say

FRESH = timedelta(minutes=15)
PASSWORD, CODE = "confirm.password", "confirm.code"  # names of fields
NOT_KEPT = (PASSWORD, CODE, "csrf_token", "password", "old")


class ConfirmFirst(NotAllowed):
    """It is open to this person, once they have proved again who they are."""

    code = "confirm_first"


def must_be_fresh() -> None:
    """Nothing when the person proved within a quarter of an hour, or just now in the form, who they are.

    A token was made with a fresh proof, and its scopes say what it is for.
    """
    found = signed_in()
    if found is None or actor().token_id is not None:
        return
    if found.confirmed_at is not None and found.confirmed_at > clock.now() - FRESH:
        return
    password, code = request.form.get(PASSWORD, ""), request.form.get(CODE, "")
    if not password and not code:
        raise ConfirmFirst(say("Show first that it is you. What you asked for is done right after."))
    try:
        prove(password, code)
    except (NoMatch, TooManyTries) as refusal:
        raise ConfirmFirst(said(refusal), status=status_of(refusal), wrong=True) from refusal


def prove(password: str, code: str = "") -> None:
    """The session is fresh from now on; `NoMatch` or `TooManyTries` otherwise.

    People with a password prove it with that; those without, with a code of their second factor.
    """
    who, found = actor(), signed_in()
    with database().transaction() as session:
        person = get_person(session, who.person_id or 0)
        by_code = person.password_hash is None
        if not (code if by_code else password).strip():
            raise NoMatch(CODE_MISSING if by_code else PASSWORD_MISSING)
        left = begin_try(session, person.email, who.address)
        if by_code:
            count_try(session, (CODES, str(person.id)))
    if found is None or not _is_right(person, password, code):
        with database().transaction() as session:
            refusal = refuse_confirmation(session, who, person, left=left)
        raise refusal
    with database().transaction() as session:
        confirm_session(session, who, person, found.id)
        if by_code:
            forgive(session, (CODES, str(person.id)))
    found.confirmed_at = clock.now()


def _is_right(person: Person, password: str, code: str) -> bool:
    if person.password_hash is not None:
        return check_password(person, password[: LONGEST_PASSWORD + 1])
    with database().transaction() as session:
        return give_code(session, actor(), person, code, key=sealing_key(house().settings.secret_key))


def confirmation_page(refusal: ConfirmFirst) -> Response:
    """Asks for the proof, with everything that was sent kept in hidden fields."""
    with database().reading() as session:
        person = get_person(session, actor().person_id or 0)
        by_code = person.password_hash is None and has_factor(session, person.id)
    kept = [(name, each) for name, each in request.form.items(multi=True) if name not in NOT_KEPT]
    html = render_template(
        "confirm.html",
        to=request.full_path.rstrip("?") if request.method == "POST" else "/confirm",
        onward=request.full_path.rstrip("?"),
        kept=kept,
        way="password" if person.password_hash is not None else "code" if by_code else "single",
        single_sign_on=house().settings.oidc_label if house().settings.oidc_issuer else None,
        lead=None if "wrong" in refusal.details else refusal.sentence,
        problem=refusal.sentence if "wrong" in refusal.details else None,
        left_out=any(name in ("password", "old") for name in request.form) or bool(request.files),
        email=person.email,
    )
    return Response(html, status=refusal.details.get("status", status_of(refusal)), mimetype="text/html")
