"""Links as their makers' lists draw them."""

from typing import Any

from assetlib.catalog.queries.shares import Access, ShareRow
from assetlib.web.context import moment
from assetlib.web.share_view import last_day
from assetlib.web.tiles import FORMS, Words
from assetlib.words import listed, say, say_n

STATES = {
    "open": ("link", say("Open"), "ok"),
    "ended": ("clock", say("Ended"), "ink"),
    "revoked": ("ban", say("Taken back"), "bad"),
    "used_up": ("circle-slash", say("No downloads left"), "warn"),
}
DONE = {
    "opened": ("eye", say("Opened"), "ink"),
    "refused": ("ban", say("Wrong password"), "warn"),
    "downloaded": ("download", say("Downloaded"), "ok"),
    "resumed": ("refresh-cw", say("Given again, not counted"), "ink"),
}


def row_view(row: ShareRow) -> dict[str, Any]:
    share = row.share
    limit = share.download_limit
    return {
        "id": share.id,
        "name": share.name,
        "url": f"/shares/{share.id}",
        "hint": share.hint,
        "maker": row.maker,
        "what": say("The collection {name}", name=row.collection)
        if row.collection is not None
        else say_n("{count} asset", "{count} assets", row.assets),
        "forms": listed([FORMS[each] for each in FORMS if each in share.forms])
        if share.forms
        else say("Looking only"),
        "opened": say_n("{count} time", "{count} times", row.opened),
        "downloads": say("{count} of {limit}", count=share.downloads, limit=limit)
        if limit is not None
        else say("{count}", count=share.downloads),
        "ends": last_day(share.expires_at),
        "made": moment(share.created_at),
        "password": share.password_hash is not None,
        "state": Words(*STATES[row.state]),
        "open": row.state in ("open", "used_up"),
    }


def access_view(access: Access) -> dict[str, Any]:
    number = f"AST-{access.asset_id:05d}" if access.asset_id is not None else ""
    return {
        "at": moment(access.at),
        "what": Words(*DONE[access.what]),
        "title": access.title or number,
        # What is not open to them any more has no page for them.
        "url": f"/assets/{access.asset_id}" if access.title else None,
        "form": FORMS.get(access.form, access.form),
        "network": access.address,
    }
