"""The form of a link: what it says, with every fault at once."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import request

from assetlib import clock
from assetlib.catalog.actions.shares import Terms, checked
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.models import Share
from assetlib.catalog.rules.shares import must_be_link_password
from assetlib.current import house
from assetlib.web.share_view import day_field, end_of
from assetlib.words import say

MOST_IN_AN_ADDRESS = 40
"""Of more assets the form is made by what was sent, so that no server finds its address too long."""


def read_terms(now: Share | None = None, *, password: str | None = None) -> Terms:
    """What the form says, or `WrongValue` with the fault of each field. `now`: the link that it changes."""
    form, faults = request.form, {}
    ends = end_of(form.get("expires_on", ""))
    if ends is None:
        faults["expires_at"] = say("Choose a day.")
    elif now is not None and form.get("expires_on") == day_field(now.expires_at):
        ends = now.expires_at  # the day was not touched, so the hour stays too
    limit: int | None = None
    if text := form.get("download_limit", "").strip():
        limit = int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0
    terms = Terms(
        name=form.get("name", ""),
        message=form.get("message", "").replace("\r\n", "\n"),
        forms=form.getlist("forms") if form.get("look") != "only" else [],
        expires_at=ends or clock.now(),
        download_limit=limit,
    )
    others = _faults_of(lambda: checked(terms, house().settings.share_longest_days))
    if password == "":
        others["password"] = say("Write the password, or make the link without one.")
    elif password is not None:
        others |= _faults_of(lambda: must_be_link_password(password))
    if faults := others | faults:
        raise WrongValue(
            next(iter(faults.values())) if len(faults) == 1 else say("Look at the marked fields."),
            fields=faults,
        )
    return terms


def password_wanted() -> str | None:
    """The password that a new link is to ask for; None for none.

    One that somebody wrote themselves is wanted, whether they ticked the box or not: nobody sends into the
    world what they believe locked.
    """
    written, suggested = request.form.get("password", ""), request.form.get("suggested", "")
    return written if "with_password" in request.form or written not in ("", suggested) else None


def address_of(ids: list[int], collection_id: int | None) -> str:
    """Where the form for these is: by an address that can be loaded again, unless they are too many."""
    if collection_id is not None:
        return f"/shares/new?collection={collection_id}"
    if not 1 <= len(ids) <= MOST_IN_AN_ADDRESS:
        return "/shares/new"
    return "/shares/new?" + urlencode([("asset", each) for each in ids])


def _faults_of(check: Callable[[], object]) -> dict[str, str]:
    try:
        check()
    except WrongValue as refusal:
        faults: dict[str, str] = refusal.details["fields"]
        return dict(faults)
    return {}
