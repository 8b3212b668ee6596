"""What was deleted in the last 30 days."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.accounts.queries import names_of
from assetlib.catalog.actions.trash import KEPT_FOR, restore_assets
from assetlib.catalog.permissions.assets import (
    CURATE,
    SEE_TRASH,
)
from assetlib.catalog.queries.assets import trash_page
from assetlib.current import actor, database
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.tiles import kind_line
from assetlib.web.context import day
from assetlib.web.pages import pager_view
from assetlib.web.selection import chosen_ids
from assetlib.words import say, say_n

pages = Blueprint("trash", __name__, url_prefix="/trash")


@pages.get("")
@open_to(SEE_TRASH)
def index() -> str:
    number, size = clamp(request.args.get("page", type=int), 50)
    with database().reading() as session:
        page = trash_page(session, actor(), number=number, size=size)
        names = names_of(session, [asset.deleted_by_id for asset in page.rows])
    rows = [
        {
            "id": asset.id,
            "ref": asset.ref,
            "title": asset.title,
            "url": f"/assets/{asset.id}",
            "kind": kind_line(asset.current_version),
            "deleted": day(asset.deleted_at),
            "by": names.get(asset.deleted_by_id or 0, ""),
            "gone_on": day(asset.deleted_at + KEPT_FOR) if asset.deleted_at else "",
        }
        for asset in page.rows
    ]
    return render_template(
        "trash/index.html", rows=rows, total=page.total, pager=pager_view(page), days=KEPT_FOR.days
    )


@pages.post("/restore")
@open_to(CURATE)
def restore() -> Response:
    """Bring back what was ticked, with all its ties."""
    ids = chosen_ids()
    if not ids:
        flash(say("Nothing was selected. Tick what is to come back."), "info")
        return redirect("/trash", code=303)
    with database().transaction() as session:
        count = restore_assets(session, actor(), ids)
    flash(say_n("Back, with all its ties.", "{count} are back, with all their ties.", count), "ok")
    return redirect("/trash", code=303)
