"""What the index does later: follow the database."""

from collections.abc import Sequence
from contextlib import suppress

from assetlib.jobs.work import Work
from assetlib.search import checking
from assetlib.search.index import IndexBroken, IndexBusy, SearchIndex


def refresh(work: Work, index: SearchIndex, *, asset_ids: Sequence[int] | None = None) -> None:
    """Let the index know these assets as they are. Without ids it is compared with the whole database.

    An index whose files are broken is built again.
    """
    if asset_ids is None:
        checking.compare(work.database, index)
        return
    try:
        checking.refresh(work.database, index, asset_ids)
    except IndexBroken:
        checking.rebuild(work.database, index)


def mend(work: Work, index: SearchIndex) -> None:
    """Build an index again that cannot be read or was made by an older version; a whole one stays.

    Of several workers that come to it at once one builds, the others go on.
    """
    try:
        index.fingerprints()
    except IndexBroken:
        with suppress(IndexBusy):
            checking.rebuild(work.database, index)
