"""The page where files are sent, and the plain way for a browser without scripts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.addresses import asset_url
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.models import Asset
from assetlib.catalog.permissions.assets import ADD_VERSION, BULK_EDIT, UPLOAD
from assetlib.catalog.queries.assets import get_asset
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.catalog.queries.uploads import Twin, twins_of_uploads
from assetlib.current import actor, database, house
from assetlib.errors import Conflict, Invalid
from assetlib.http_status import status_of
from assetlib.policy import open_to
from assetlib.storage.models import Upload
from assetlib.storage.uploads.protocol import UploadDesk
from assetlib.storage.uploads.queries import uploads_of
from assetlib.web.context import moment, size
from assetlib.web.forms import row_number
from assetlib.web.plain_upload import take_plain
from assetlib.web.tiles import tile_view
from assetlib.words import recalled, say

pages = Blueprint("uploads", __name__, url_prefix="/uploads")

LATELY = ("verifying", "available", "refused")
MOST_LATELY = 12
STATUS = {
    "verifying": ("scan-search", say("Being looked at"), "ink"),
    "available": ("circle-check", say("Ready"), "ok"),
    "refused": ("ban", say("Not taken"), "bad"),
}


@pages.get("")
@open_to(UPLOAD)
def index() -> str:
    return _page()


@pages.post("")
@open_to(UPLOAD)
def send() -> Response | tuple[str, int]:
    """One file from a plain form; larger ones go by the script, which can go on after a break."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise WrongValue(say("Choose a file first."))
        take_plain(file, as_version_of=request.form.get("as_version_of", type=row_number))
    except (Invalid, Conflict) as refusal:
        flash(refusal.sentence, "bad")
        return _page(), status_of(refusal)
    flash(say("The file is here and is being looked at."), "ok")
    return redirect("/uploads", code=303)


@pages.post("/<public_id>/leave")
@open_to(UPLOAD)
def leave(public_id: str) -> Response:
    """What was not taken, or broke off, is not wanted any more."""
    desk = UploadDesk(house().database, house().store, house().settings.largest_file)
    desk.cancel(actor(), public_id)
    flash(say("Left. It waits for you no longer."), "ok")
    return redirect("/my-work" if request.form.get("from") == "my-work" else "/uploads", code=303)


def _page() -> str:
    who = actor()
    target_id = request.values.get("as_version_of", type=row_number)
    with database().reading() as session:
        target = None
        if target_id is not None:
            target = get_asset(session, who, target_id)
            ADD_VERSION.require(who, target)
        sent = [each for state in LATELY for each in uploads_of(session, who, state=state)]
        lately = sorted(sent, key=lambda each: each.created_at, reverse=True)[:MOST_LATELY]
        made = tiles_of(session, who, [each.asset_id for each in lately if each.asset_id is not None])
        twins = twins_of_uploads(session, who, lately)
    thumbs = {tile.asset.id: tile_view(who, tile).thumb_url for tile in made}
    return render_template(
        "uploads/page.html",
        upload={
            "api_url": "/api/v1/uploads",
            "owner": who.person_id,
            "plain_url": "/uploads",
            "folder": None,
            "as_version_of": {"id": target.id, "title": target.title, "url": asset_url(target)}
            if target
            else None,
            "limit": say("Up to {size} a file.", size=size(house().settings.largest_file)),
        },
        next_steps=_next_steps(target),
        lately=[
            _row(
                each,
                thumbs.get(each.asset_id or 0),
                twins.get((each.asset_id or 0, each.version_number or 0), []),
            )
            for each in lately
        ],
    )


def _next_steps(target: Asset | None) -> list[tuple[str, str, str]]:
    """What happens after the last byte, as far as it is this person's part."""
    decides = BULK_EDIT.allows(actor())
    read = say("Type, size, colours, text and rights data are read, and previews are made.")
    if target is not None:
        described = (
            "history",
            say("It waits"),
            say("Until it is approved, everybody goes on getting what is approved now."),
        )
    else:
        describes = say("Title, tags and details, on the page of each file.")
        if decides:
            describes = say(
                "Title, tags and details, on the page of each file, or of many at once in the library."
            )
        described = ("pencil", say("You describe it"), describes)
    if decides:
        decided = (
            "badge-check",
            say("You decide"),
            say("Approve and publish it, or leave that to another librarian."),
        )
    else:
        sent = say("Send it for approval. You see the decision, and the reason if it comes back.")
        decided = ("badge-check", say("A librarian decides"), sent)
    return [("scan-search", say("We look at it"), read), described, decided]


def _row(upload: Upload, thumb_url: str | None, twins: list[Twin]) -> dict[str, Any]:
    icon, label, tone = STATUS[upload.state]
    if twins:
        icon, label, tone = "copy", say("Known file"), "warn"
    return {
        "id": upload.public_id,
        "name": upload.name,
        "leave_url": f"/uploads/{upload.public_id}/leave" if upload.state == "refused" else None,
        "same_as": {"url": asset_url(twins[0].asset), "name": f"{twins[0].asset.ref} {twins[0].asset.title}"}
        if twins
        else None,
        "meta": recalled(upload.refusal or "")
        if upload.state == "refused"
        else f"{size(upload.size)}, {moment(upload.created_at)}",
        "url": f"/assets/{upload.asset_id}" if upload.state == "available" and upload.asset_id else None,
        "thumb_url": thumb_url,
        "status": {"icon": icon, "label": label, "tone": tone},
    }
