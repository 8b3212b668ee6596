"""Several segments as one body of documents: what a search runs over, and what may be seen of it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from assetlib.catalog.rules.rights import SOON_DAYS
from assetlib.search import words
from assetlib.search.moments import CAN_USE
from assetlib.search.request import Access, Within
from assetlib.search.segment import NONE, Bools, Column, Ints, Segment, scope_column

MOST_VIEWS = 32


@dataclass(frozen=True)
class Piece:
    """A segment in its place: its documents begin at `base`."""

    segment: Segment
    base: int

    @property
    def end(self) -> int:
        return self.base + len(self.segment)


class Snapshot:
    """All documents of one generation. A document is named by its place, over all segments."""

    def __init__(self, segments: Sequence[Segment], live: Sequence[Bools]) -> None:
        """`live` says for each segment which of its documents have not been replaced or removed."""
        self.pieces: list[Piece] = []
        base = 0
        for segment in segments:
            self.pieces.append(Piece(segment, base))
            base += len(segment)
        self.size = base
        self.live = _joined(list(live), np.bool_)
        self._views: dict[Access, View] = {}
        self._lock = threading.Lock()
        self._columns: dict[str, KeyedColumn] = {}
        self._numbers: dict[str, Ints] = {}

    def array(self, name: str) -> Ints:
        """One of the arrays that every segment has, over all documents."""
        if name not in self._numbers:
            self._numbers[name] = _joined([getattr(p.segment, name) for p in self.pieces], np.int64)
        return self._numbers[name]

    @cached_property
    def ids(self) -> Ints:
        return self.array("ids")

    @cached_property
    def name_ranks(self) -> Ints:
        """Where each document's title stands among all titles."""
        keys = [key for piece in self.pieces for key in piece.segment.title_keys]
        rank_of = {key: at for at, key in enumerate(sorted(set(keys)))}
        return np.array([rank_of[key] for key in keys], dtype=np.int64)

    @cached_property
    def embargoes(self) -> Ints:
        """Every moment at which an embargo ends, in order."""
        embargo = self.array("embargo")
        return np.unique(embargo[embargo != NONE])

    def number(self, name: str) -> Ints:
        """A number of every document, `NONE` where there is none."""
        key = f"number {name}"
        if key not in self._numbers:
            self._numbers[key] = _joined(
                [
                    piece.segment.numbers.get(name, np.full(len(piece.segment), NONE, dtype=np.int64))
                    for piece in self.pieces
                ],
                np.int64,
            )
        return self._numbers[key]

    def keyword(self, name: str) -> "KeyedColumn":
        """A field of exact values over all documents."""
        if name not in self._columns:
            self._columns[name] = KeyedColumn(
                self._merged(
                    [(p.base, p.segment.keywords[name]) for p in self.pieces if name in p.segment.keywords]
                )
            )
        return self._columns[name]

    @staticmethod
    def _merged(columns: Sequence[tuple[int, Column]]) -> Column:
        values = sorted(set().union(*(column.values for _, column in columns)))
        ordinal_of = {value: at for at, value in enumerate(values)}
        docs: list[Ints] = []
        ordinals: list[Ints] = []
        for base, column in columns:
            moved = np.array([ordinal_of[value] for value in column.values], dtype=np.int64)
            docs.append(column.docs + base)
            ordinals.append(moved[column.ordinals] if len(column.ordinals) else column.ordinals)
        return Column(tuple(values), _joined(docs, np.int64), _joined(ordinals, np.int64))

    def view(self, access: Access) -> "View":
        """What this person may see. The same for everybody with the same access, until an embargo ends."""
        passed = int(np.searchsorted(self.embargoes, access.now, side="right"))
        key = replace(access, now=passed)
        with self._lock:
            view = self._views.pop(key, None)
            if view is None:
                view = View(self, access)
                while len(self._views) >= MOST_VIEWS:
                    del self._views[next(iter(self._views))]
            self._views[key] = view
            return view


def _joined(arrays: Sequence[np.ndarray], dtype: type[np.generic]) -> np.ndarray:
    return np.concatenate([np.empty(0, dtype=dtype), *arrays]).astype(dtype, copy=False)


class KeyedColumn:
    """Exact values, found by what makes two of them the same."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.keys = tuple(words.keyword(value) for value in column.values)
        self.ordinals_of: dict[str, list[int]] = {}
        for at, key in enumerate(self.keys):
            self.ordinals_of.setdefault(key, []).append(at)

    def docs_with(self, keys: Sequence[str], size: int) -> Bools:
        """Documents that have any of these values."""
        mask = np.zeros(size, dtype=np.bool_)
        wanted = np.zeros(len(self.keys), dtype=np.bool_)
        wanted[[at for key in keys for at in self.ordinals_of.get(key, ())]] = True
        if wanted.any():
            mask[self.column.docs[wanted[self.column.ordinals]]] = True
        return mask

    def docs_with_exactly(self, values: frozenset[str], size: int) -> Bools:
        """Documents that have any of these values, letter by letter."""
        mask = np.zeros(size, dtype=np.bool_)
        wanted = np.array([value in values for value in self.column.values], dtype=np.bool_)
        if wanted.any():
            mask[self.column.docs[wanted[self.column.ordinals]]] = True
        return mask

    def count(self, mask: Bools) -> dict[str, tuple[int, str]]:
        """Key → how many documents of the mask have it, and how it is written there."""
        chosen = self.column.ordinals[mask[self.column.docs]]
        counts = np.bincount(chosen, minlength=len(self.keys))
        found: dict[str, tuple[int, str]] = {}
        for at in np.flatnonzero(counts):
            before, written = found.get(self.keys[at], (0, self.column.values[at]))
            found[self.keys[at]] = (before + int(counts[at]), written)
        return found


@dataclass
class View:
    """What one sort of person may see, with what is counted over it."""

    snapshot: Snapshot
    access: Access
    visible: Bools = field(init=False)
    total: int = field(init=False)
    _counts: dict[str | None, list[Ints]] = field(default_factory=dict)
    _moments: dict[str, dict[str, Bools]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.visible = self._visible()
        self.total = int(self.visible.sum())

    def _visible(self) -> Bools:
        all_of, access = self.snapshot, self.access
        alive: Bools = all_of.live & (all_of.array("deleted") == 0)
        if access.everything is None:
            return alive
        opened = self._within(access.published)
        if access.only_granted:
            granted = [str(each) for each in access.collections]
            opened &= all_of.keyword("collection").docs_with(granted, all_of.size)
        if access.assets:
            opened |= np.isin(all_of.ids, np.array(sorted(access.assets), dtype=np.int64))
        seen = self._within(access.everything) | (opened & self.published_now)
        if access.organisation_id is not None:
            uploaded = all_of.array("organisation") == access.organisation_id
            theirs = self._within(access.own_uploads)
            if access.uploader is not None:
                theirs |= all_of.array("created_by") == access.uploader
            seen |= uploaded & theirs
        return alive & seen

    def _within(self, within: Within) -> Bools:
        """Documents in any of these scopes. `assetlib.search.request.covered` has the rule."""
        all_of = self.snapshot
        mask = np.full(all_of.size, within is None, dtype=np.bool_)
        for scope in within or ():
            if scope.kind == "organisation":
                numbers = np.array(sorted(scope.numbers), dtype=np.int64)
                mask |= np.isin(all_of.array("organisation"), numbers)
            else:
                mask |= all_of.keyword(scope_column(scope.kind)).docs_with_exactly(scope.keys, all_of.size)
        return mask

    @cached_property
    def embargoed(self) -> Bools:
        embargo = self.snapshot.array("embargo")
        mask: Bools = (embargo != NONE) & (embargo > self.access.now)
        return mask

    @cached_property
    def published_now(self) -> Bools:
        mask: Bools = (self.snapshot.array("published") != 0) & ~self.embargoed
        return mask

    def counts(self, name: str | None) -> list[Ints]:
        """For each segment and each of its terms, how many visible documents have it (in one field)."""
        if name not in self._counts:
            self._counts[name] = [self._counted(piece, name) for piece in self.snapshot.pieces]
        return self._counts[name]

    def _counted(self, piece: Piece, name: str | None) -> Ints:
        segment = piece.segment
        if not segment.terms or (name is not None and name not in segment.fields):
            return np.zeros(len(segment.terms), dtype=np.int64)
        seen = self.visible[piece.base : piece.end][segment.entry_docs]
        wanted = segment.is_first if name is None else segment.entry_fields == segment.fields.index(name)
        return np.add.reduceat((seen & wanted).astype(np.int64), segment.term_starts[:-1])

    def momentary(self, name: str) -> dict[str, Bools]:
        """Value → documents, for a field that follows from dates. `assetlib.search.moments` has the rule."""
        if name not in self._moments:
            self._moments[name] = self._moment(name)
        return self._moments[name]

    def _moment(self, name: str) -> dict[str, Bools]:
        if name == "rights_state":
            return self._rights()
        states = self.momentary("rights_state")
        if name == "can_use":
            found: dict[str, Bools] = {}
            for state, values in CAN_USE.items():
                for value in values:
                    found[value] = found[value] | states[state] if value in found else states[state]
            if self.access.assets:
                opened = states["ask"] & np.isin(self.snapshot.ids, np.array(sorted(self.access.assets)))
                found["cleared"] = found["cleared"] | opened
                found["needs_request"] = found["needs_request"] & ~opened
            return found
        uses = self.snapshot.number("uses")
        return {
            "cleared": states["cleared"] | states["expiring"],
            "embargoed": self.embargoed,
            "ended": states["ended"],
            "expiring": states["expiring"],
            "published": self.published_now,
            "unused": (uses == 0) | (uses == NONE),
        }

    def _rights(self) -> dict[str, Bools]:
        all_of, today = self.snapshot, self.access.today.toordinal()
        begin, end = all_of.number("rights_from"), all_of.number("rights_to")
        left = all_of.array("has_right") != 0
        found: dict[str, Bools] = {"unknown": ~left}
        for state, holds in (
            ("ended", (end != NONE) & (end < today)),
            ("embargoed", (all_of.array("published") != 0) & self.embargoed),
            ("not_yet", (begin != NONE) & (begin > today)),
            ("ask", all_of.array("requires_request") != 0),
            ("expiring", (end != NONE) & (end - today <= SOON_DAYS)),
        ):
            found[state] = left & holds
            left &= ~holds
        found["cleared"] = left
        return found
