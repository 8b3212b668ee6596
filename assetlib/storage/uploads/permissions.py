"""Who may send files."""

from typing import TYPE_CHECKING

from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, LIBRARIAN, Actor
from assetlib.access.permission import Permission, all_of, any_of, role, the_house
from assetlib.words import say

if TYPE_CHECKING:
    from assetlib.storage.models import Upload


def sent_by_me(actor: Actor, upload: "Upload") -> bool:
    """An upload belongs to one person; not even colleagues know of it."""
    return actor.person_id is not None and upload.person_id == actor.person_id


_SENDERS = role(ADMINISTRATOR, LIBRARIAN, AGENCY_CONTRIBUTOR)

BEGIN_UPLOAD = Permission(
    "storage.begin_upload",
    _SENDERS,
    say("Uploading is open to agencies, librarians and administrators."),
    token="upload",
)
CONTINUE_UPLOAD = Permission(
    "storage.continue_upload",
    all_of(_SENDERS, sent_by_me),
    say("There is no such upload, or it is not yours."),
    token="upload",
)
CANCEL_UPLOAD = Permission(
    "storage.cancel_upload",
    any_of(sent_by_me, the_house),
    say("There is no such upload, or it is not yours."),
    token="upload",
)
