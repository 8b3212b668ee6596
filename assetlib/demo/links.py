"""Links that the demo's people sent to others, and what those others did with them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle, islice

from sqlalchemy import select

from assetlib import clock
from assetlib.accounts.passwords import hash_password
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.actions.shares import Terms, make_share, revoke_share
from assetlib.catalog.link_sessions import open_share, refuse_share
from assetlib.catalog.models import Collection
from assetlib.catalog.queries.links import find_by_token, find_open
from assetlib.catalog.queries.shares import get_share, shown_by
from assetlib.catalog.rules.forms import ORIGINAL
from assetlib.demo.library import Act, Library
from assetlib.demo.pieces import Piece

_LONGEST_DAYS = 365
_TO_SHARE = ("own", "licensed", "kv", "print_dach")
"""Rights that hold all year: what is shared with them is shown."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody opens a link in a new browser and takes some files, or does not know its password."""

    days: int
    """Ago."""
    address: str
    takes: int = 0
    is_refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as one of the demo's people makes it."""

    maker: str
    name: str
    message: str = ""
    made: int
    """Days ago."""
    lasts: int = 60
    """Days."""
    chooses: Callable[[Piece], bool] = lambda _: True
    most: int = 6
    collection: str = ""
    """Its name, for a link to all that lies in it at any time."""
    forms: tuple[str, ...] = (ORIGINAL, "large")
    limit: int | None = None
    password: str = ""
    revoked: int | None = None
    """Days ago; None: it was not taken back."""
    visits: tuple[Visit, ...] = ()


LINKS = (
    Link(
        maker="anselm", name="Wall of the fair, Friedrichshafen", made=58, lasts=90,
        message="The wall is six metres wide. Take the originals.",
        visits=(Visit(55, "203.0.113.40", 2),),
    ),
    Link(
        maker="mira", name="Marks for the printer", made=17, lasts=180, collection="Brand basics",
        message="Always the marks that hold now. Keep this link, not the files.", forms=(ORIGINAL,),
        visits=(Visit(16, "198.51.100.12", 2), Visit(4, "198.51.100.12", 1)),
    ),
    Link(
        maker="jonas", name="Press, Munich opening", made=6, lasts=30, password="three lakes 42",  # noqa: S106
        message="Pictures for your piece about the opening. The password comes by telephone.",
        chooses=lambda piece: piece.type_key in ("photograph", "layout"),
        visits=(
            Visit(4, "192.0.2.17", is_refused=True),
            Visit(4, "192.0.2.17", 3),
            Visit(1, "203.0.113.9", 1),
        ),
    ),
    Link(
        maker="jonas", name="Posters for three shops", made=5, lasts=21, limit=3, most=3,
        message="One for each shop.",
        visits=(Visit(3, "198.51.100.77", 2), Visit(2, "203.0.113.81", 1)),
    ),
    Link(
        maker="lukas", name="Tyrol tourist board, old price", made=19, lasts=60, revoked=12, most=2,
        visits=(Visit(18, "192.0.2.61", 1),),
    ),
)  # fmt: skip


def share(library: Library) -> Iterator[tuple[int, int, Act]]:
    """Days ago, minutes after the morning, and what happens to links then."""
    tokens: dict[str, str] = {}
    for each in LINKS:
        yield each.made, 200, partial(_make, library, tokens, each)
        for number, visit in enumerate(each.visits):
            yield visit.days, 260 + 7 * number, partial(_open, library, tokens, each, visit)
        if each.revoked is not None:
            yield each.revoked, 300, partial(_take_back, library, tokens, each)


def _make(library: Library, tokens: dict[str, str], each: Link) -> None:
    kept = hash_password(each.password) if each.password else None
    with library.house.database.transaction() as session:
        chosen, collection = _chosen(library, each), None
        if each.collection:
            collection = session.scalars(select(Collection).where(Collection.name == each.collection)).one()
            inside = {item.asset_id for item in collection.items}
            chosen = [asset_id for asset_id in chosen if asset_id in inside]
        if not chosen:  # a demo of a few files
            return
        _, tokens[each.name] = make_share(
            session,
            library.acting(session, each.maker),
            Terms(each.name, each.message, each.forms, clock.now() + timedelta(days=each.lasts), each.limit),
            longest_days=_LONGEST_DAYS,
            asset_ids=[] if collection else chosen[: each.most],
            collection=collection,
            password_hash=kept,
        )


def _chosen(library: Library, each: Link) -> list[int]:
    return [
        library.assets[place]
        for place in sorted(library.published)
        if each.chooses(library.pieces[place]) and library.pieces[place].right in _TO_SHARE
    ]


def _open(library: Library, tokens: dict[str, str], each: Link, visit: Visit) -> None:
    token = tokens.get(each.name)
    if token is None:
        return
    with library.house.database.transaction() as session:
        found = find_by_token(session, token)
        if visit.is_refused:
            refuse_share(session, found, address=visit.address)
            return
        found, kept = open_share(session, token, password_hash=found.password_hash, address=visit.address)
        holder = find_open(session, found.id, kept, address=visit.address).actor
        for shown in islice(cycle(shown_by(session, holder)), visit.takes):
            now = find_open(session, found.id, kept, address=visit.address).actor
            open_download(session, now, shown.asset, shown.version, ORIGINAL)


def _take_back(library: Library, tokens: dict[str, str], each: Link) -> None:
    token = tokens.get(each.name)
    if token is None:
        return
    with library.house.database.transaction() as session:
        maker = library.acting(session, each.maker)
        revoke_share(session, maker, get_share(session, maker, find_by_token(session, token).id))
