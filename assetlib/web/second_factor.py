"""Setting up a second factor, and switching it off."""

from datetime import timedelta
from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib import clock
from assetlib.access.permission import SIGNED_IN
from assetlib.accounts.actions import second_factor as actions
from assetlib.accounts.codes import address_of, sealing_key, unseal
from assetlib.accounts.errors import NoFactor, TooManyTries, WrongCode
from assetlib.accounts.factors import codes_left, find_factor, has_factor
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import find_own_organisation, get_person
from assetlib.accounts.throttling import CODES, count_try, forgive
from assetlib.current import actor, database, house
from assetlib.entering import CODE_MISSING, said
from assetlib.errors import Refusal
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.sign_in import token_in
from assetlib.web.shown_once import lay_by, take_up
from assetlib.words import say

pages = Blueprint("second_factor", __name__)

SHOWN_FOR = timedelta(minutes=30)
"""How long a secret that nobody confirmed can be looked at."""
QUIET_ZONE = 2
CODES_MADE = "recovery codes"


@pages.get("/account/second-factor")
@open_to(SIGNED_IN, without_factor=True)
def show() -> str:
    """The recovery codes that were made a moment ago, this once; else how the factor stands."""
    codes = take_up(CODES_MADE)
    return render_template("account/recovery_codes.html", codes=codes) if codes else _page()


@pages.post("/account/second-factor")
@open_to(SIGNED_IN, fresh=True, without_factor=True)
def begin() -> Response | tuple[str, int]:
    try:
        with database().transaction() as session:
            actions.begin_second_factor(session, actor(), _me(session), key=_key())
    except NoFactor as refusal:
        return _page(refusal), status_of(refusal)
    return redirect("/account/second-factor", code=303)


@pages.post("/account/second-factor/confirm")
@open_to(SIGNED_IN, without_factor=True)
def confirm() -> Response | tuple[str, int]:
    """The first code; the page after it shows the recovery codes, this once."""
    limit = (CODES, str(actor().person_id))
    try:
        if not request.form.get("code", "").strip():
            raise WrongCode(CODE_MISSING, fields={"code": CODE_MISSING})
        with database().transaction() as session:
            count_try(session, limit)
        with database().transaction() as session:
            code, token = request.form.get("code", ""), token_in(request)
            codes = actions.confirm_second_factor(
                session, actor(), _me(session), code, key=_key(), token=token
            )
            forgive(session, limit)
    except (NoFactor, WrongCode, TooManyTries) as refusal:
        return _page(refusal), status_of(refusal)
    return _to_codes(codes)


@pages.post("/account/second-factor/codes")
@open_to(SIGNED_IN, fresh=True)
def renew_codes() -> Response | tuple[str, int]:
    try:
        with database().transaction() as session:
            codes = actions.renew_recovery_codes(session, actor(), _me(session))
    except NoFactor as refusal:
        return _page(refusal), status_of(refusal)
    return _to_codes(codes)


@pages.post("/account/second-factor/off")
@open_to(SIGNED_IN, fresh=True)
def switch_off() -> Response | tuple[str, int]:
    try:
        with database().transaction() as session:
            actions.remove_second_factor(session, actor(), _me(session))
    except NoFactor as refusal:
        return _page(refusal), status_of(refusal)
    flash(say("Your second factor is off. You sign in with your password alone."), "ok")
    return redirect("/account", code=303)


@pages.post("/people/<int:person_id>/second-factor/reset")
@open_to(MANAGE_PEOPLE, fresh=True)
def reset(person_id: int) -> Response:
    """For somebody who lost their phone and their recovery codes."""
    try:
        with database().transaction() as session:
            person = get_person(session, person_id)
            actions.reset_second_factor(session, actor(), person)
    except NoFactor as refusal:
        flash(refusal.sentence, "bad")
    else:
        flash(say("{name} signs in without a code until they set one up anew.", name=person.name), "ok")
    return redirect(f"/people/{person_id}", code=303)


def _page(problem: Refusal | None = None) -> str:
    with database().reading() as session:
        person = _me(session)
        own = find_own_organisation(session)
        factor = find_factor(session, person.id)
        is_on, left = has_factor(session, person.id), codes_left(session, person.id)
    secret = None
    if factor is not None and not is_on and factor.created_at > clock.now() - SHOWN_FOR:
        secret = unseal(factor.secret, _key())
    address = address_of(secret, email=person.email, house=own.name if own else "assetlib") if secret else ""
    return render_template(
        "account/second_factor.html",
        is_on=is_on,
        since=factor.confirmed_at if factor is not None else None,
        left=left,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else None,
        drawing=drawing_of(address) if address else None,
        needed=actor().has_role(*house().settings.second_factor_roles),
        problem=said(problem) if problem is not None else None,
    )


def _to_codes(codes: list[str]) -> Response:
    lay_by(CODES_MADE, codes)
    return redirect("/account/second-factor", code=303)


def drawing_of(address: str) -> dict[str, Any]:
    """The code that a phone's camera reads, as the one path of an SVG and the length of its side."""
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=QUIET_ZONE))
    dark = ((x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return {"side": len(rows), "path": "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)}


def _me(session: Session) -> Person:
    return get_person(session, actor().person_id or 0)


def _key() -> bytes:
    return sealing_key(house().settings.secret_key)
