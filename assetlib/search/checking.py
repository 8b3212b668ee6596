"""Whether index and database agree, and how they are made to."""

from collections.abc import Sequence
from dataclasses import dataclass

from assetlib.database import Database
from assetlib.search.documents import AT_ONCE, documents_of, next_ids
from assetlib.search.index import IndexBroken, SearchIndex
from assetlib.search.request import Document


@dataclass(frozen=True)
class Checked:
    """What a comparison found, and has repaired."""

    looked_at: int
    missing: int = 0
    """Assets that the index did not know."""
    stale: int = 0
    """Assets that the index knew otherwise than they are."""
    surplus: int = 0
    """Assets in the index that the database does not have, or has in the trash."""
    faults: tuple[str, ...] = ()
    """What was wrong with the index itself, a sentence each; it was built again."""

    @property
    def is_clean(self) -> bool:
        return not (self.missing or self.stale or self.surplus or self.faults)


def rebuild(database: Database, index: SearchIndex) -> int:
    """Build the index anew beside the one in use, then switch; how many assets are in it."""
    building = index.begin_rebuild()
    count, last = 0, 0
    try:
        while documents := _next(database, last):
            building.add(documents)
            count += len(documents)
            last = documents[-1].id
    except BaseException:
        building.abandon()
        raise
    refresh(database, index, sorted(building.finish()))
    return count


def refresh(database: Database, index: SearchIndex, asset_ids: Sequence[int]) -> None:
    """Let the index know these assets as they are now.

    They are read again after writing: whoever writes last has then also seen the last state, in whatever
    order several workers come to it.
    """
    for start in range(0, len(asset_ids), AT_ONCE):
        lot = asset_ids[start : start + AT_ONCE]
        wanted = _read(database, lot)
        while True:
            index.replace(wanted)
            if gone := set(lot) - {each.id for each in wanted}:
                index.remove(gone)
            again = _read(database, lot)
            if again == wanted:
                break
            wanted = again


def check(database: Database, index: SearchIndex) -> Checked:
    """Compare every asset with the index and repair what differs. A broken index is built again."""
    faults = index.check()
    if faults:
        return Checked(rebuild(database, index), faults=faults)
    return compare(database, index)


def compare(database: Database, index: SearchIndex) -> Checked:
    """As `check`, without reading the index's own files to the end."""
    try:
        known = dict(index.fingerprints())
    except IndexBroken as broken:
        return Checked(rebuild(database, index), faults=(broken.sentence,))
    looked_at = missing = stale = last = 0
    while documents := _next(database, last):
        last = documents[-1].id
        looked_at += len(documents)
        wrong = [each for each in documents if known.get(each.id) != each.fingerprint]
        missing += sum(each.id not in known for each in wrong)
        stale += sum(each.id in known for each in wrong)
        refresh(database, index, [each.id for each in wrong])
        for each in documents:
            known.pop(each.id, None)
    refresh(database, index, sorted(known))
    return Checked(looked_at, missing, stale, len(known))


def _next(database: Database, after: int) -> list[Document]:
    with database.reading() as session:
        return documents_of(session, next_ids(session, after))


def _read(database: Database, asset_ids: Sequence[int]) -> list[Document]:
    with database.reading() as session:
        return documents_of(session, asset_ids)
