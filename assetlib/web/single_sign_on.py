"""Coming in by the company's own sign-in, and proving oneself anew by it."""

import hmac
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Blueprint, current_app, flash, redirect, request
from flask import session as form_session
from werkzeug.wrappers import Response

from assetlib import clock
from assetlib.access.permission import OPEN_TO_ALL
from assetlib.accounts.actions.identities import come_by_identity, refuse_identity, whose_identity
from assetlib.accounts.actions.sessions import confirm_session
from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.queries import get_person
from assetlib.current import actor, database, house, request_id
from assetlib.entering import come_in, way_on
from assetlib.errors import Refusal
from assetlib.policy import open_to
from assetlib.sign_in import signed_in
from assetlib.single_sign_on import Begun, NotVouched, Provider, ProviderAway, Vouched, not_vouched
from assetlib.web.door import door
from assetlib.words import say

pages = Blueprint("single_sign_on", __name__)

KEPT = "single"
LASTS = timedelta(minutes=10)
PROVIDER = "assetlib.provider"


def provider() -> Provider | None:
    """The company's sign-in, if there is one; kept for the life of this application."""
    if not house().settings.oidc_issuer:
        return None
    if PROVIDER not in current_app.extensions:
        current_app.extensions[PROVIDER] = Provider(house().settings)
    found: Provider = current_app.extensions[PROVIDER]
    return found


@pages.get("/sign-in/single")
@open_to(OPEN_TO_ALL)
def begin() -> Response:
    found, fresh = provider(), "fresh" in request.args and actor().is_signed_in
    if found is None:
        return redirect("/sign-in")
    try:
        address, begun = found.begin(fresh=fresh)
    except ProviderAway as refusal:
        return _back_to_the_door(refusal)
    form_session[KEPT] = {
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "at": clock.now().timestamp(),
        "next": way_on(request.args.get("next")),
        "fresh": fresh,
    }
    return redirect(address)


@pages.get("/sign-in/single/back")
@open_to(OPEN_TO_ALL)
def back() -> Response | str:
    """Where the provider sends the browser; what it kept is good for this once."""
    found, kept = provider(), form_session.pop(KEPT, None)
    if found is None:
        return redirect("/sign-in")
    vouched: Vouched | None = None
    try:
        begun = _begun(kept, found)
    except NotVouched as refusal:  # nobody who left from here
        return _back_to_the_door(refusal)
    try:
        vouched = found.finish(begun, request.args.get("code", ""))
        if kept["fresh"]:
            return _confirmed(found, vouched)
        with database().transaction() as session:
            person = come_by_identity(
                session,
                actor(),
                issuer=found.issuer,
                subject=vouched.subject,
                email=vouched.email,
                email_is_verified=vouched.email_is_verified,
                name=vouched.name,
                create=house().settings.oidc_create,
            )
        return come_in(person, "oidc", kept["next"])
    except (NoMatch, NotVouched) as refusal:
        _write_down(found, vouched, refusal, confirming=kept["fresh"])
        return _back_to_the_door(refusal)
    except ProviderAway as refusal:
        return _back_to_the_door(refusal)


def _write_down(found: Provider, vouched: Vouched | None, refusal: Refusal, *, confirming: bool) -> None:
    """In a transaction of its own, as what was refused is not kept."""
    who = replace(actor(), address=request.remote_addr or "", request_id=request_id())
    with suppress(TooManyTries), database().transaction() as session:
        refuse_identity(
            session,
            who,
            issuer=found.issuer,
            subject=vouched.subject if vouched is not None else "",
            code=refusal.code,
            confirming=who.person_id if confirming else None,
        )


def _begun(kept: Any, found: Provider) -> Begun:
    """What this browser began a few minutes ago, and comes back from; `NotVouched` for any other."""
    if not isinstance(kept, dict) or kept["at"] < (clock.now() - LASTS).timestamp():
        raise not_vouched()
    if not hmac.compare_digest(kept["state"].encode(), request.args.get("state", "").encode()):
        raise not_vouched()
    # RFC 9207: an answer that names another issuer was meant for somebody else.
    if request.args.get("iss", found.issuer) != found.issuer:
        raise not_vouched()
    return Begun(kept["state"], kept["nonce"], kept["verifier"])


def _confirmed(found: Provider, vouched: Vouched) -> Response | str:
    """The provider saw this person a moment ago, and it is the one who is signed in here."""
    here, lately = signed_in(), clock.now() - LASTS
    with database().reading() as session:
        person_id = whose_identity(session, found.issuer, vouched.subject)
    if here is None or person_id is None or person_id != actor().person_id:
        raise not_vouched()
    if vouched.auth_time is None or vouched.auth_time < lately:
        raise not_vouched()
    with database().transaction() as session:
        confirm_session(session, actor(), get_person(session, person_id), here.id)
    return door("sign_in/confirmed.html")


def _back_to_the_door(refusal: Refusal) -> Response:
    flash(refusal.sentence, "bad")
    return redirect("/sign-in" if not actor().is_signed_in else "/account", code=303)


def button() -> dict[str, str] | None:
    """What the sign-in page shows of it."""
    settings = house().settings
    if not settings.oidc_issuer:
        return None
    onward = way_on(request.args.get("next"))
    return {
        "label": settings.oidc_label or say("Continue with single sign-on"),
        "url": f"/sign-in/single?next={quote(onward, safe='/')}" if onward != "/" else "/sign-in/single",
    }
