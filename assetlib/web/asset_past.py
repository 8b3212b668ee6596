"""What happened to an asset, and who took it away, as its page draws it."""

from collections.abc import Sequence
from typing import Any

from assetlib.catalog.queries.activity import Happening, Use
from assetlib.paging import Page
from assetlib.web.context import face, moment
from assetlib.web.tiles import FORMS
from assetlib.words import say

SAID = {
    "catalog.asset_added": say("uploaded this"),
    "catalog.version_added": say("added a version"),
    "catalog.asset_described": say("changed the description"),
    "catalog.attributes_set": say("changed details"),
    "catalog.rights_recorded": say("recorded the rights"),
    "catalog.rights_removed": say("removed the rights"),
    "catalog.asset_submitted": say("sent this for approval"),
    "catalog.version_approved": say("approved a version"),
    "catalog.version_returned": say("returned a version"),
    "catalog.asset_published": say("published this"),
    "catalog.embargo_changed": say("changed when this opens"),
    "catalog.asset_withdrawn": say("withdrew this"),
    "catalog.asset_archived": say("archived this"),
    "catalog.asset_reopened": say("took this up again"),
    "catalog.asset_deleted": say("moved this to the trash"),
    "catalog.asset_restored": say("took this out of the trash"),
    "catalog.asset_downloaded": say("downloaded this"),
    "catalog.asset_bulk_edited": say("changed this together with others"),
}


def history(happenings: Sequence[Happening]) -> list[dict[str, Any]]:
    """Who did what, the latest first."""
    return [
        {
            "person": face(each.person_id or 0, each.who or "assetlib"),
            "what": SAID.get(each.action, each.action.split(".")[-1].replace("_", " ")),
            "at": moment(each.at),
            "iso": each.at.isoformat(),
            "reason": each.reason,
        }
        for each in happenings
    ]


def uses(page: Page[Use]) -> dict[str, Any] | None:
    """Who took it away, the latest first; nothing when nobody did."""
    if not page.total:
        return None
    rows = [
        {
            "who": each.who,
            "what": say(
                "{form}, v{number}", form=FORMS.get(each.form, each.form), number=each.version_number
            ),
            "at": moment(each.at),
        }
        for each in page.rows
    ]
    return {"rows": rows, "more": page.total - len(rows)}
