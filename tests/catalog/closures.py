"""What lies in what: as it is stored, and as one finds it by walking."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.catalog.models import Collection, CollectionAncestor


def closure(session: Session) -> set[tuple[int, int, int]]:
    session.flush()
    rows = session.execute(
        select(CollectionAncestor.collection_id, CollectionAncestor.ancestor_id, CollectionAncestor.depth)
    )
    return {(row[0], row[1], row[2]) for row in rows}


def walked(session: Session) -> set[tuple[int, int, int]]:
    """The same, found by going from each collection to its parent, and on."""
    session.flush()
    parents = {row.id: row.parent_id for row in session.execute(select(Collection.id, Collection.parent_id))}

    def above(each: int | None) -> Iterator[int]:
        while each is not None:
            yield each
            each = parents[each]

    return {(each, found, depth) for each in parents for depth, found in enumerate(above(each))}
