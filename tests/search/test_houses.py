"""Houses with private collections inside granted ones: nobody is told of an asset that the database hides."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import AGENCY_CONTRIBUTOR, FIELD_MARKETER, LIBRARIAN, Actor
from assetlib.accounts.models import Organisation
from assetlib.catalog.models import Asset, Collection
from assetlib.catalog.queries.actors import granted_collections
from assetlib.catalog.queries.visibility import collections_visible_to, visible_to
from assetlib.search.access import access_of
from assetlib.search.documents import documents_of
from assetlib.search.index import SearchIndex
from assetlib.search.library import find_assets
from assetlib.search.memory import MemoryIndex
from assetlib.search.whoosh_index import WhooshIndex
from tests import make

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TITLES = ("night sky", "nigth lake", "ridge at night", "zephyrine", "lake")
TAGS = ("trail", "lake", "zephyrine")
QUESTIONS = ("", "night", "nihgt", "zephyrine", "zephyrone", "lake #trail", "#zephyrine state:draft", "-lake")


@dataclass(frozen=True)
class Shelf:
    """A collection to be made. One inside something private is private."""

    inside: int | None
    private: bool
    owner: int
    granted_to: frozenset[int]
    holds: frozenset[int]


@dataclass(frozen=True)
class Picture:
    uploaded_by: int
    title: str
    tags: tuple[str, ...]
    state: str
    embargoed: bool


pictures = st.builds(
    Picture,
    uploaded_by=st.integers(0, 3),
    title=st.sampled_from(TITLES),
    tags=st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple),
    state=st.sampled_from(("published", "published", "published", "draft")),
    embargoed=st.sampled_from((False, False, False, True)),
)


@st.composite
def shelves(draw: st.DrawFn) -> list[Shelf]:
    made: list[Shelf] = []
    for number in range(draw(st.integers(1, 4))):
        inside = draw(st.sampled_from((*range(number), None)))
        private = bool(number) and ((inside is not None and made[inside].private) or draw(st.booleans()))
        granted = frozenset() if private else draw(st.frozensets(st.integers(1, 3), min_size=1, max_size=2))
        holds = draw(st.frozensets(st.integers(0, 5), max_size=3))
        made.append(Shelf(inside, private, draw(st.integers(0, 2)), granted, holds))
    return made


@dataclass
class House:
    """What was drawn, made in the database and put into an index of either kind."""

    session: Session
    people: make.People
    assets: list[Asset]
    shelves: list[Shelf]
    collections: list[Collection] = field(default_factory=list)

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        return self.people.own, self.people.agency, self.people.other_agency, self.people.partner

    def actors(self) -> list[Actor]:
        """Everybody, as they come in: with what has been granted to their organisation by now."""
        strangers = [
            Actor(
                "person", "Somebody", person_id=people.person_id, organisation_id=of.id,
                organisation_kind=of.kind,  # type: ignore[arg-type]  # the column holds one of the three
                roles=frozenset({role}), collections=granted_collections(self.session, of.id),
            )
            for of, people in zip(
                self.organisations[1:],
                (self.people.contributor, self.people.other_contributor, self.people.partner_marketer),
                strict=True,
            )
            for role in (AGENCY_CONTRIBUTOR, FIELD_MARKETER, LIBRARIAN)
        ]  # fmt: skip
        return [self.people.librarian, self.people.field_marketer, self.people.without_role, *strangers]

    def seen_by(self, actor: Actor) -> dict[int, Asset]:
        """What the database lets the actor see."""
        ids = [each.id for each in self.assets]
        rows = self.session.scalars(select(Asset).where(Asset.id.in_(ids), visible_to(actor)))
        return {row.id: row for row in rows}

    def in_or_below(self, place: int, actor: Actor) -> set[int]:
        """Assets in a collection or in one below it that the actor may know of."""
        known = set(self.session.scalars(select(Collection.id).where(collections_visible_to(actor))))
        found: set[int] = set()
        for number, shelf in enumerate(self.shelves):
            above: int | None = number
            while above is not None and above != place:
                above = self.shelves[above].inside
            if above is not None and self.collections[number].id in known:
                found |= {self.assets[each].id for each in shelf.holds if each < len(self.assets)}
        return found if self.collections[place].id in known else set()


@contextmanager
def house(session: Session, people: make.People, drawn: "Drawn") -> Iterator[House]:
    """The rows are there as long as this lasts."""
    rows = session.begin_nested()
    made = House(session, people, [], drawn.shelves)
    owners = (people.librarian, people.field_marketer, people.contributor)
    for each in drawn.pictures:
        made.assets.append(
            make.asset(
                session, made.organisations[each.uploaded_by], versions=0, title=each.title,
                tags=list(each.tags), state=each.state,
                embargo_until=MOMENT + timedelta(days=1) if each.embargoed else None,
            )
        )  # fmt: skip
    for shelf in drawn.shelves:
        made.collections.append(
            make.collection(
                session, owners[shelf.owner], *(made.assets[n] for n in shelf.holds if n < len(made.assets)),
                inside=None if shelf.inside is None else made.collections[shelf.inside],
                granted_to=[made.organisations[n] for n in shelf.granted_to],
                audience="private" if shelf.private else "organisation",
            )
        )  # fmt: skip
    try:
        yield made
    finally:
        rows.rollback()
        session.expire_all()


def told(session: Session, index: SearchIndex, actor: Actor, text: str) -> object:
    """All that a page says about a question, and what stands in the search field meanwhile."""
    found = find_assets(session, index, actor, text, size=3)
    typed = text.rsplit(maxsplit=1)[-1][:4] if text else "n"
    access = access_of(actor)
    return (
        found.page, found.facets, found.notes, found.relaxed, found.text,
        index.suggest(typed, access), index.did_you_mean([*found.parsed.words, "zephyrone"], access),
    )  # fmt: skip


def nothing_hidden_is_told(index: SearchIndex, made: House, drawn: "Drawn") -> None:
    session = made.session
    index.replace(documents_of(session, [each.id for each in made.assets]))
    actors = made.actors()
    for actor in (actors[drawn.who], actors[-1 - drawn.who]):
        seen = made.seen_by(actor)
        page = find_assets(session, index, actor, "", size=96)
        assert set(page.ids) == set(seen)
        assert page.total == len(seen)
        (tags,) = [each for each in page.facets if each.name == "tag"]
        assert {each.value: each.count for each in tags.values} == Counter(
            tag for asset in seen.values() for tag in asset.tags
        )
        only = MemoryIndex()
        only.replace(documents_of(session, list(seen)))
        for text in drawn.questions:
            assert told(session, index, actor, text) == told(session, only, actor, text), (actor, text)
        for place, collection in enumerate(made.collections):
            expected = made.in_or_below(place, actor) & set(seen)
            for text in (f"~{collection.id}", f'~="{collection.name}"', f"collection:={collection.id}"):
                found = find_assets(session, index, actor, text, size=96)
                if found.parsed.filters:
                    assert set(found.ids) == expected
                assert bool(found.parsed.filters) is not bool(found.notes)
                assert found.parsed.filters or not expected


@dataclass(frozen=True)
class Drawn:
    pictures: list[Picture]
    shelves: list[Shelf]
    who: int
    questions: list[str]


worlds = st.builds(
    Drawn,
    pictures=st.lists(pictures, min_size=1, max_size=6),
    shelves=shelves(),
    who=st.integers(0, 5),
    questions=st.lists(st.sampled_from(QUESTIONS), min_size=2, max_size=2, unique=True),
)
quietly = settings(deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def whoosh() -> Iterator[WhooshIndex]:
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder) / "index")
        yield index
        index.close()


@given(worlds)
@settings(quietly, max_examples=80)
def test_memory_tells_nothing_that_the_database_hides(
    session: Session, people: make.People, drawn: Drawn
) -> None:
    with clock.held_at(MOMENT), house(session, people, drawn) as made:
        nothing_hidden_is_told(MemoryIndex(), made, drawn)


@given(worlds)
@settings(quietly, max_examples=25)
def test_whoosh_tells_nothing_that_the_database_hides(
    session: Session, people: make.People, drawn: Drawn
) -> None:
    with clock.held_at(MOMENT), house(session, people, drawn) as made, whoosh() as index:
        nothing_hidden_is_told(index, made, drawn)


@pytest.mark.proof
@given(worlds)
@settings(quietly, max_examples=500)
def test_five_hundred_houses_tell_no_secret(session: Session, people: make.People, drawn: Drawn) -> None:
    with clock.held_at(MOMENT), house(session, people, drawn) as made, whoosh() as index:
        nothing_hidden_is_told(index, made, drawn)
