"""Of one's own account: the browsers in which one is signed in, and a fresh proof."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import TOKEN_SCOPES
from assetlib.access.permission import SIGNED_IN
from assetlib.accounts.actions import sessions as actions
from assetlib.accounts.errors import NoMatch, TooManyTries
from assetlib.accounts.factors import has_factor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import living_sessions_of
from assetlib.accounts.tokens import tokens_of
from assetlib.audit.recording import network_of
from assetlib.confirming import CODE, PASSWORD, ConfirmFirst, prove
from assetlib.current import actor, database
from assetlib.entering import said, way_on
from assetlib.http_status import status_of
from assetlib.planning.permissions.feeds import KEEP_FEEDS
from assetlib.policy import open_to
from assetlib.sign_in import signed_in, token_in
from assetlib.web.browsers import browser_in_words
from assetlib.words import say

pages = Blueprint("ways_in", __name__)

SCOPE_LABELS = {
    "read": say("Look at the library"),
    "download": say("Download files"),
    "upload": say("Upload files"),
    "edit": say("Edit and publish"),
    "administer": say("Look after people and jobs"),
}
WAYS = {
    "password": say("password"),
    "code": say("password and code"),
    "oidc": say("single sign-on"),
    "oidc_code": say("single sign-on and code"),
    "link": say("link by mail"),
    "link_code": say("link by mail and code"),
}


def ways_in(session: Session, person: Person) -> dict[str, Any]:
    """What the account page shows of sessions, second factor and tokens."""
    here = signed_in()
    return {
        "sessions": [
            {
                "id": row.id,
                "browser": browser_in_words(row.browser),
                "network": network_of(row.address),
                "way": WAYS.get(row.way, row.way),
                "since": row.created_at,
                "seen": row.seen_at,
                "is_here": here is not None and row.id == here.id,
            }
            for row in living_sessions_of(session, person.id)
        ],
        "factor_is_on": has_factor(session, person.id),
        "tokens": tokens_of(session, person.id),
        "keeps_feeds": KEEP_FEEDS.allows(actor()),
        "scope_labels": SCOPE_LABELS,
        "scopes": [(each, SCOPE_LABELS[each]) for each in TOKEN_SCOPES],
    }


@pages.post("/account/sessions/<int:session_id>/end")
@open_to(SIGNED_IN)
def end(session_id: int) -> Response:
    with database().transaction() as session:
        person = get_person(session, actor().person_id or 0)
        actions.end_session(session, actor(), person, session_id)
    flash(say("That browser is signed out."), "ok")
    return redirect("/account#sessions", code=303)


@pages.post("/account/sessions/end-others")
@open_to(SIGNED_IN)
def end_others() -> Response:
    with database().transaction() as session:
        person = get_person(session, actor().person_id or 0)
        actions.end_other_sessions(session, actor(), person, token=token_in(request))
    flash(say("Every other browser is signed out."), "ok")
    return redirect("/account#sessions", code=303)


@pages.post("/confirm")
@open_to(SIGNED_IN, without_factor=True)
def confirm() -> Response:
    """A fresh proof, and on to the page that asked for it."""
    try:
        prove(request.form.get(PASSWORD, ""), request.form.get(CODE, ""))
    except (NoMatch, TooManyTries) as refusal:
        raise ConfirmFirst(said(refusal), status=status_of(refusal), wrong=True) from refusal
    return redirect(way_on(request.form.get("next")), code=303)
