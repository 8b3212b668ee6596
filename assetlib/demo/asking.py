"""What the demo's people ask for that is not open to them, and what they are answered."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import select

from assetlib.catalog.actions.requests import ask_for_access, grant_request, refuse_request
from assetlib.catalog.models import AccessRequest
from assetlib.demo.library import Act, Library
from assetlib.demo.pieces import Piece

GRANTED = "Window in Sendlinger Strasse, two weeks, with the landowner's name on it."
REFUSED = "Cover of our winter catalogue."
OPEN = "Winter mail of the Zürich shop, to 4 000 customers."
SEARCHED = "Shelf talker for the tents. Nothing I may use shows them by night."


def ask(library: Library) -> Iterator[tuple[int, int, Act]]:
    """Days ago, minutes after the morning, and what is asked or answered then."""
    yield 5, 90, partial(_ask, library, "jonas", _to_be_asked_for, GRANTED, 9)
    yield 3, 150, partial(_grant, library)
    yield 4, 130, partial(_ask, library, "tobias", _not_for_dealers, REFUSED, 120)
    yield 2, 95, partial(_refuse, library)
    yield 2, 240, partial(_ask, library, "seraina", _not_for_dealers, OPEN, 40)
    yield 1, 60, partial(_search, library)


def _to_be_asked_for(piece: Piece) -> bool:
    return piece.right == "ask"


def _not_for_dealers(piece: Piece) -> bool:
    return piece.right in ("own", "licensed") and "first-snow" in piece.attributes.get("campaign", ())


def _ask(library: Library, key: str, chooses: Callable[[Piece], bool], purpose: str, days: int) -> None:
    asked = [library.assets[place] for place in sorted(library.published) if chooses(library.pieces[place])]
    if not asked:  # a demo of a few files
        return
    with library.house.database.transaction() as session:
        ask_for_access(
            session,
            library.acting(session, key),
            asset_number=asked[0],
            purpose=purpose,
            until=library.today + timedelta(days=days),
        )


def _search(library: Library) -> None:
    with library.house.database.transaction() as session:
        tobias = library.acting(session, "tobias")
        until = library.today + timedelta(days=60)
        ask_for_access(session, tobias, query="tent night", purpose=SEARCHED, until=until)


def _grant(library: Library) -> None:
    with library.house.database.transaction() as session:
        asked = session.scalars(select(AccessRequest).where(AccessRequest.purpose == GRANTED)).one_or_none()
        if asked is not None:
            mira = library.acting(session, "mira")
            grant_request(
                session, mira, asked, until=asked.until, answer="Agreed with the landowner by telephone."
            )


def _refuse(library: Library) -> None:
    with library.house.database.transaction() as session:
        asked = session.scalars(select(AccessRequest).where(AccessRequest.purpose == REFUSED)).one_or_none()
        if asked is not None:
            refuse_request(
                session,
                library.acting(session, "mira"),
                asked,
                reason="The snow is for our own shops this year. First light, Tarn Head is free for dealers.",
            )
