"""What the index does later: follow the database."""

from collections.abc import Sequence

from assetlib.jobs.work import Work
from assetlib.search import checking
from assetlib.search.index import IndexBroken, SearchIndex


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
