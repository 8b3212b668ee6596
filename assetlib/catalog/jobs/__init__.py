"""What happens in the catalogue later. Every function here may run twice with the same ids."""

from assetlib.catalog.jobs.bulk_edits import bulk_edit_given_up, run_bulk_edit, undo_bulk_edit
from assetlib.catalog.jobs.housekeeping import collect_blobs, purge_trash
from assetlib.catalog.jobs.renditions import make_film, make_pages, make_renditions, make_zoom
from assetlib.catalog.jobs.requests import close_requests, tell_request
from assetlib.catalog.jobs.rights import tell_ending_rights
from assetlib.catalog.jobs.uploads import take_in_upload, upload_given_up

__all__ = [
    "bulk_edit_given_up",
    "close_requests",
    "collect_blobs",
    "make_film",
    "make_pages",
    "make_renditions",
    "make_zoom",
    "purge_trash",
    "run_bulk_edit",
    "take_in_upload",
    "tell_ending_rights",
    "tell_request",
    "undo_bulk_edit",
    "upload_given_up",
]
