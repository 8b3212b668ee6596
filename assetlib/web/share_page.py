"""What people without an account see: the gate of a link, and what it opens.

Only the cookie of the link counts here. Looking at the gate changes nothing; opening it is a POST, so that
mail scanners that follow every address open nothing.
"""

from contextlib import suppress

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from assetlib.access.permission import OPEN_TO_ALL
from assetlib.accounts.errors import TooManyTries
from assetlib.accounts.queries import find_own_organisation, names_of
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.errors import NoSuchShare, NotToBeUsed, ShareOver, WrongSharePassword
from assetlib.catalog.link_sessions import close_share, pack_share
from assetlib.catalog.packaging import open_package
from assetlib.catalog.queries.downloads import download_of, preview_of
from assetlib.catalog.queries.shares import shown_by, shown_one, sizes_of
from assetlib.current import database, house
from assetlib.entering import said
from assetlib.errors import Invalid, NotFound, Refusal
from assetlib.guard import ForeignRequest
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.sharing import find_gate, give_link_cookie, link_here, take_link_cookie, unlock
from assetlib.storage.names import content_disposition
from assetlib.web import share_view as view
from assetlib.web.forms import row_number
from assetlib.web.selection import chosen_ids
from assetlib.web.sending import asks_for_the_rest, describe_download, send_download, send_preview

pages = Blueprint("share_page", __name__)
ON_A_PAGE = 60


@pages.after_request
def _keep_quiet(response: Response) -> Response:
    """No other site learns where somebody comes from, nothing is kept, no search engine lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


@pages.get("/s/<token>")
@open_to(OPEN_TO_ALL)
def gate(token: str) -> BaseResponse | tuple[str, int]:
    """Who sent it, and a button. Nothing is counted, nothing is opened.

    A browser in which the link is open goes on to what it opens, and is asked for no password again.
    """
    with database().reading() as session:
        share_id = find_gate(session, token).id
        with suppress(NotFound):
            link_here(session, share_id)
            return redirect(f"/shared/{share_id}", code=303)
    return _gate(token)


@pages.post("/s/<token>")
@open_to(OPEN_TO_ALL)
def enter(token: str) -> BaseResponse | tuple[str, int]:
    """The link's token becomes a cookie of this browser, and the address says nothing any more."""
    try:
        share_id, kept = unlock(token, request.form.get("password", ""))
    except WrongSharePassword as refusal:
        return _gate(token, problem=refusal.sentence, status=status_of(refusal))
    except TooManyTries as refusal:
        return _gate(token, problem=said(refusal), status=status_of(refusal))
    response = redirect(f"/shared/{share_id}", code=303)
    give_link_cookie(response, share_id, kept)
    return response


def _gate(token: str, *, problem: str = "", status: int = 200) -> BaseResponse | tuple[str, int]:
    with database().reading() as session:
        share = find_gate(session, token)
        maker = names_of(session, [share.maker_id]).get(share.maker_id, "")
        own = find_own_organisation(session)
    html = render_template(
        "shares/gate.html",
        house_name=own.name if own else "",
        maker=maker,
        ends=view.last_day(share.expires_at),
        asks_password=share.password_hash is not None,
        problem=problem,
    )
    return html, status


@pages.get("/shared/<int:share_id>")
@open_to(OPEN_TO_ALL)
def show(share_id: int) -> BaseResponse | tuple[str, int]:
    """The pictures, what may be done with them, and how to have them."""
    return _page(share_id)


def _page(share_id: int, problem: Refusal | None = None) -> BaseResponse | tuple[str, int]:
    with database().reading() as session:
        link = link_here(session, share_id)
        shown = shown_by(session, link.actor)
        number, _ = clamp(request.args.get("page", type=int), None)
        last = max((len(shown) - 1) // ON_A_PAGE + 1, 1)
        number = min(number, last)
        here = shown[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        sizes = sizes_of(session, shown, link.share.forms)
        own = find_own_organisation(session)
    html = render_template(
        "shares/shared.html",
        house_name=own.name if own else "",
        link=link.share,
        maker=link.maker_name,
        ends=view.last_day(link.share.expires_at),
        tiles=[view.tile(share_id, each, link.actor, sizes) for each in here],
        total=len(shown),
        forms=view.forms_of(link.actor, shown, sizes),
        left=link.actor.reach.left if link.actor.reach is not None else 0,
        number=number,
        last=last,
        problem=problem,
    )
    return html, 200 if problem is None else status_of(problem)


@pages.get("/shared/<int:share_id>/assets/<int:asset_id>")
@open_to(OPEN_TO_ALL)
def show_asset(share_id: int, asset_id: int) -> BaseResponse | tuple[str, int]:
    """One of them, larger."""
    with database().reading() as session:
        link = link_here(session, share_id)
        shown = shown_one(session, link.actor, asset_id)
        sizes = sizes_of(session, [shown], link.share.forms)
        own = find_own_organisation(session)
    html = render_template(
        "shares/asset.html",
        house_name=own.name if own else "",
        link=link.share,
        ends=view.last_day(link.share.expires_at),
        one=view.tile(share_id, shown, link.actor, sizes),
        maker=link.maker_name,
        used_up=view.is_used_up(link.actor),
        film=f"/shared/{share_id}/renditions/{shown.version.id}/proxy"
        if shown.version.family == "video"
        else None,
    )
    return html, 200


@pages.get("/shared/<int:share_id>/renditions/<int:version_id>/<recipe>")
@open_to(OPEN_TO_ALL)
def rendition(share_id: int, version_id: int, recipe: str) -> BaseResponse:
    """A preview that the page shows. Asked each time, also before "not modified"."""
    page = request.args.get("page", 1, type=row_number)
    with database().reading() as session:
        file = preview_of(session, link_here(session, share_id).actor, version_id, recipe, page=page)
    return send_preview(file)


@pages.get("/shared/<int:share_id>/assets/<int:asset_id>/download")
@open_to(OPEN_TO_ALL)
def download(share_id: int, asset_id: int) -> BaseResponse | tuple[str, int]:
    """The file, as `form` says; counted before its first byte."""
    form = request.args.get("form", "original")
    try:
        if request.method == "HEAD":
            with database().reading() as session:
                holder = link_here(session, share_id).actor
                one = shown_one(session, holder, asset_id)
                return describe_download(download_of(session, holder, one.asset, one.version, form))
        with database().transaction() as session:
            holder = link_here(session, share_id).actor
            one = shown_one(session, holder, asset_id)
            stretch = asks_for_the_rest(download_of(session, holder, one.asset, one.version, form))
            file = open_download(session, holder, one.asset, one.version, form, stretch=stretch)
    except NotToBeUsed as refusal:
        return _page(share_id, problem=refusal)
    return send_download(file)


@pages.post("/shared/<int:share_id>/packages")
@open_to(OPEN_TO_ALL)
def pack(share_id: int) -> BaseResponse | tuple[str, int]:
    """What was chosen, or all, as one ZIP: kept as a list, then fetched by its own address."""
    try:
        with database().transaction() as session:
            holder = link_here(session, share_id).actor
            package = pack_share(session, holder, chosen_ids(), request.form.get("form", "original"))
    except (Invalid, NotToBeUsed) as refusal:
        return _page(share_id, problem=refusal)
    return redirect(f"/shared/{share_id}/packages/{package.public_id}.zip", code=303)


@pages.get("/shared/<int:share_id>/packages/<public_id>.zip")
@open_to(OPEN_TO_ALL)
def package(share_id: int, public_id: str) -> BaseResponse | tuple[str, int]:
    """The ZIP, streamed. All its files are counted first, and each is decided again when its turn comes."""
    try:
        with database().reading() as session:
            holder = link_here(session, share_id).actor
        count = request.method != "HEAD"
        opened = open_package(database(), house().store, holder, public_id, count=count)
    except NotToBeUsed as refusal:
        return _page(share_id, problem=refusal)
    response = Response(opened.stream, mimetype="application/zip")
    response.headers["Content-Length"] = str(opened.size)
    response.headers["Content-Disposition"] = content_disposition(opened.file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.post("/shared/<int:share_id>/close")
@open_to(OPEN_TO_ALL)
def close(share_id: int) -> BaseResponse | tuple[str, int]:
    """This browser forgets the link, for machines that others use too."""
    with database().transaction() as session:
        close_share(session, link_here(session, share_id).actor)
    response = Response(render_template("shares/closed.html", left=True, sentence=""))
    take_link_cookie(response, share_id)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.errorhandler(ForeignRequest)
def _too_old(refusal: ForeignRequest) -> tuple[str, int]:
    """A form that was left open too long: whoever has no account is led back to it, not to a sign-in."""
    share_id = (request.view_args or {}).get("share_id")
    back = f"/shared/{share_id}" if share_id is not None else request.path
    html = render_template("shares/closed.html", left=False, sentence=refusal.sentence, back=back)
    return html, status_of(refusal)


@pages.errorhandler(NotFound)
def _closed(refusal: NotFound) -> tuple[str, int]:
    """The same page for a link that never was and for one that is over, unless this browser had it open."""
    share_id = (request.view_args or {}).get("share_id")
    back = f"/shared/{share_id}" if not isinstance(refusal, NoSuchShare | ShareOver) and share_id else ""
    html = render_template("shares/closed.html", left=False, sentence=refusal.sentence, back=back)
    return html, status_of(refusal)
