"""One's own links: make them, see what was done with them, change them, take them back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.accounts.queries import names_of
from assetlib.catalog.actions import shares as actions
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.models import Collection
from assetlib.catalog.permissions.assets import SHARE
from assetlib.catalog.permissions.shares import CHANGE_SHARE, REVOKE_SHARE, SEE_SHARES, sees_all_shares
from assetlib.catalog.queries.collections import get_collection, members_of
from assetlib.catalog.queries.shares import (
    accesses_of,
    could_show,
    get_share,
    not_opening,
    rows_of,
    shares_page,
)
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.catalog.rules.shares import MOST_ASSETS
from assetlib.current import actor, database, house
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.sharing import give_password, hashed, link_url, suggest_password
from assetlib.web.changing import Said, carried_out
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.pages import pager_view
from assetlib.web.selection import chosen_ids
from assetlib.web.share_form import address_of, password_wanted, read_terms
from assetlib.web.share_rows import access_view, row_view
from assetlib.web.share_view import day_field
from assetlib.web.shown_once import lay_by, take_up
from assetlib.web.tiles import PRESETS, tile_view
from assetlib.words import say

pages = Blueprint("shares", __name__, url_prefix="/shares")
MADE = "link {}"
PICTURES = 8
"""How many of what is shared the form shows."""


@pages.get("")
@open_to(SEE_SHARES)
def index() -> str:
    """One's own links; with `all`, everybody's, for those who look after them."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    everybody = sees_all_shares(actor()) and "all" in request.args
    with database().reading() as session:
        page = shares_page(session, actor(), all_of_them=everybody, number=number, size=size)
    return render_template(
        "shares/index.html",
        rows=[row_view(each) for each in page.rows],
        total=page.total,
        pager=pager_view(page),
        may_see_all=sees_all_shares(actor()),
        everybody=everybody,
    )


@pages.get("/new")
@open_to(SHARE)
def new() -> str:
    """The form for what was chosen: `asset` fields, or a `collection`. Nothing is made yet."""
    return _form()


@pages.post("/new")
@open_to(SHARE)
def make() -> Response | str | tuple[str, int]:
    """The link; its page shows it, this once. A password that is refused means that no link is made.

    What was only chosen so far, and says no terms, comes to the form.
    """
    form = request.form
    if "name" not in form:
        address = address_of(chosen_ids(), form.get("collection", type=row_number))
        return redirect(address, code=303) if "?" in address else _form()
    password = password_wanted()
    try:
        terms = read_terms(password=password)
        password_hash = hashed(password or "")
        with database().transaction() as session:
            collection = _collection(session)
            live = collection is not None and form.get("what") != "now"
            share, token = actions.make_share(
                session,
                actor(),
                terms,
                longest_days=house().settings.share_longest_days,
                collection=collection if live else None,
                asset_ids=() if live else _ids(session, collection),
                password_hash=password_hash,
            )
            hidden = not_opening(session, share)
    except (Invalid, Conflict) as refusal:
        return _form(problem=refusal), status_of(refusal)
    lay_by(MADE.format(share.id), {"link": link_url(token), "password": password or "", "hidden": hidden})
    return redirect(f"/shares/{share.id}", code=303)


@pages.get("/<int:share_id>")
@open_to(SEE_SHARES)
def show(share_id: int) -> str:
    """One link, and everything that was done with it. Just after it was made, the link itself, this once."""
    made = take_up(MADE.format(share_id))
    if made is None:
        return _page(share_id)
    with database().reading() as session:
        share = get_share(session, actor(), share_id)
    return render_template("shares/made.html", share=share, **made)


@pages.post("/<int:share_id>")
@open_to(SEE_SHARES)
def change(share_id: int) -> Response | tuple[str, int]:
    """Another name, message, end, limit, other forms. Narrower and wider are both written down."""
    return _changed(
        share_id,
        lambda session, share: actions.change_share(
            session,
            actor(),
            share,
            read_terms(share),
            revision=revision_seen(),
            longest_days=house().settings.share_longest_days,
        ),
        say("Saved. It holds from this moment on."),
    )


@pages.post("/<int:share_id>/password")
@open_to(SEE_SHARES)
def password(share_id: int) -> Response | tuple[str, int]:
    """Another password, or none; whoever has the link open has to open it once more."""
    given = request.form.get("password", "") if "drop" not in request.form else ""
    try:
        if not given and "drop" not in request.form:
            fault = say("Write the password.")
            raise WrongValue(fault, fields={"password": fault})
        give_password(share_id, given, revision_seen())
    except (Invalid, Conflict) as refusal:
        return _page(share_id, problem=refusal), status_of(refusal)
    flash(
        say("The link opens with the new password only.")
        if given
        else say("The link opens without a password."),
        "ok",
    )
    return redirect(f"/shares/{share_id}", code=303)


@pages.post("/<int:share_id>/revoke")
@open_to(SEE_SHARES)
def revoke(share_id: int) -> Response | tuple[str, int]:
    """Nothing is given from this moment on."""
    back = request.form.get("asset", type=row_number)
    return _changed(
        share_id,
        lambda session, share: actions.revoke_share(session, actor(), share),
        say("The link is taken back. It opens nothing from this moment on."),
        to=f"/assets/{back}" if back else None,
    )


def _changed(share_id: int, change: Any, done: Said, *, to: str | None = None) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: change(session, get_share(session, actor(), share_id)),
        said=done,
        to=to or f"/shares/{share_id}",
        refused=lambda refusal: _page(share_id, problem=refusal),
    )


def _collection(session: Session) -> Collection | None:
    known = request.values.get("collection", type=row_number)
    return get_collection(session, actor(), known) if known else None


def _ids(session: Session, collection: Collection | None) -> list[int]:
    if collection is None:
        return chosen_ids() or request.args.getlist("asset", type=row_number)
    page = members_of(session, actor(), collection, number=1, size=MOST_ASSETS)
    return list(page.rows)


def _form(problem: Refusal | None = None) -> str:
    who, form = actor(), request.form
    with database().reading() as session:
        collection = _collection(session)
        ids, shown = could_show(session, who, _ids(session, collection))
        tiles = [tile_view(who, each) for each in tiles_of(session, who, ids[:PICTURES])]
    name = collection.name if collection is not None else (tiles[0].title if len(ids) == 1 and tiles else "")
    typed: dict[str, Any] = form.to_dict() if problem is not None else {}
    suggested = typed.get("suggested") or suggest_password()
    return render_template(
        "shares/new.html",
        tiles=tiles,
        count=len(ids),
        hidden=len(ids) - len(shown),
        ids=ids if collection is None else [],
        collection=collection,
        here=address_of(ids, collection.id if collection is not None else None),
        presets=PRESETS,
        chosen=form.getlist("forms") if typed else ["large", "original"],
        values={
            "name": name,
            "message": "",
            "expires_on": day_field(None, days=house().settings.share_days),
            "download_limit": "",
            "password": suggested,
            "what": "live",
            "look": "",
            **typed,
        },
        suggested=suggested,
        with_password=password_wanted() is not None if typed else False,
        problem=problem,
    )


def _page(share_id: int, problem: Refusal | None = None) -> str:
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    who, form = actor(), request.form
    with database().reading() as session:
        share = get_share(session, who, share_id)
        page = accesses_of(session, who, share, number=number, size=size)
        row = rows_of(session, [share])[0]
        hidden = not_opening(session, share)
        maker = names_of(session, [share.maker_id]).get(share.maker_id, "")
    typed: dict[str, Any] = form.to_dict() if problem is not None and "name" in form else {}
    return render_template(
        "shares/page.html",
        share=share,
        row=row_view(row),
        maker=maker,
        hidden=hidden,
        accesses=[access_view(each) for each in page.rows],
        total=page.total,
        pager=pager_view(page),
        presets=PRESETS,
        chosen=form.getlist("forms") if typed else share.forms,
        values={
            "name": share.name,
            "message": share.message,
            "expires_on": day_field(share.expires_at),
            "download_limit": share.download_limit or "",
            "look": "" if share.forms else "only",
            **typed,
        },
        may_change=CHANGE_SHARE.allows(who, share) and share.revoked_at is None,
        may_revoke=REVOKE_SHARE.allows(who, share) and share.revoked_at is None,
        suggestion=suggest_password(),
        problem=problem,
    )
