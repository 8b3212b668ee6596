"""Put the demo company in: a year of deliveries, verdicts and downloads, in the order of their days."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from assetlib import clock
from assetlib.accounts.queries import find_own_organisation
from assetlib.catalog.actions.attributes import add_choice
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.attributes import get_attribute
from assetlib.demo.asking import ask
from assetlib.demo.books import books
from assetlib.demo.calendar_of_files import deliveries_of
from assetlib.demo.company import BRANDS, CAMPAIGNS, PRODUCTS
from assetlib.demo.hands import DRAWING, INDEXING, work_off, working
from assetlib.demo.layouts import layouts
from assetlib.demo.library import Library
from assetlib.demo.links import share
from assetlib.demo.making import making
from assetlib.demo.moving import moving
from assetlib.demo.papers import papers
from assetlib.demo.people import add_company, add_people_of_a_part, come_and_go
from assetlib.demo.photographs import photographs
from assetlib.demo.pieces import Piece
from assetlib.demo.planning import plan
from assetlib.demo.products import products
from assetlib.demo.use import gather, use
from assetlib.demo.wishes import wishes
from assetlib.house import House
from assetlib.notify.forgetting import settle_past

NEWS_OF_DAYS = 5
"""What people were told in the last days waits for them unread."""


def all_pieces() -> list[Piece]:
    """Every piece of the demo's library, always in the same order."""
    return [*photographs(), *products(), *layouts(), *moving(), *papers()]


def fill(house: House, *, pieces: Sequence[Piece] | None = None, hands: int = 2) -> int:
    """Make the demo company where there is no company yet; how many assets were put in, 0 if there was one.

    Every file has its first previews when this ends; pages, films and zoom tiles wait for a worker.
    """
    with house.database.reading() as session:
        if find_own_organisation(session) is not None:
            return 0
    wanted = list(pieces if pieces is not None else all_pieces())
    today = clock.today()
    with clock.held_at(_morning(today, 360)):
        people = add_company(house)
    with clock.held_at(_morning(today, 359)):
        _add_choices(house, people["mira"])
        people |= add_people_of_a_part(house)
    with ExitStack() as held, making(wanted) as made, working(house, DRAWING, hands=hands):
        library = Library(house, wanted, people, today, made, hands)
        for happening in sorted(_year(library), key=lambda each: each.moment):
            # Never let go in between, so that for those who draw beside us time only goes forward.
            held.enter_context(clock.held_at(happening.moment))
            happening.act()
    work_off(house, INDEXING, hands=1)
    with house.database.transaction() as session:
        settle_past(session, clock.now() - timedelta(days=NEWS_OF_DAYS))
    return len(library.assets)


@dataclass(frozen=True)
class _Happening:
    moment: datetime
    act: Callable[[], None] = field(compare=False)


def _year(library: Library) -> Iterator[_Happening]:
    """All that happens, in no order."""
    for delivery in deliveries_of(library.pieces, library.today):
        for moment, act in library.life_of(delivery):
            yield _Happening(moment, act)
    for days, act in (*come_and_go(library), *gather(library)):
        yield _Happening(_morning(library.today, days), act)
    for days, minutes, act in (
        *share(library),
        *ask(library),
        *books(library),
        *plan(library),
        *wishes(library),
    ):
        yield _Happening(_morning(library.today, days) + timedelta(minutes=minutes), act)
    for days, act in use(library):
        yield _Happening(_morning(library.today, days) + timedelta(hours=7), act)


def _morning(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(7, 40, tzinfo=UTC))


def _add_choices(house: House, librarian_id: int) -> None:
    """What this company's files are sorted by."""
    with house.database.transaction() as session:
        librarian = actor_of(session, librarian_id)
        for name, choices in (("brand", BRANDS), ("campaign", CAMPAIGNS)):
            attribute = get_attribute(session, name)
            for key, label in choices.items():
                add_choice(session, librarian, attribute, label=label, key=key)
        attribute = get_attribute(session, "product")
        for line, (label, below) in PRODUCTS.items():
            add_choice(session, librarian, attribute, label=label, key=line)
            for key, product in below.items():
                add_choice(session, librarian, attribute, label=product, key=key, parent=line)
