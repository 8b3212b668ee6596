"""What happens in the catalogue later. Every function here may run twice with the same ids."""

from assetlib.catalog.jobs.bulk_edits import run_bulk_edit, undo_bulk_edit
from assetlib.catalog.jobs.housekeeping import collect_blobs, purge_trash
from assetlib.catalog.jobs.renditions import make_film, make_pages, make_renditions, make_zoom
from assetlib.catalog.jobs.uploads import take_in_upload

__all__ = [
    "collect_blobs",
    "make_film",
    "make_pages",
    "make_renditions",
    "make_zoom",
    "purge_trash",
    "run_bulk_edit",
    "take_in_upload",
    "undo_bulk_edit",
]
