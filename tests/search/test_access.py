"""The rule of sight of the index is the catalogue's, in SQL and in Python."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import ANONYMOUS, ROLES, SYSTEM, Actor
from assetlib.catalog.models import Asset
from assetlib.catalog.models.asset import STATES
from assetlib.catalog.queries.actors import granted_collections
from assetlib.catalog.queries.visibility import visible_to
from assetlib.search.access import access_of
from assetlib.search.documents import documents_of
from assetlib.search.index import SearchIndex
from assetlib.search.memory import MemoryIndex
from assetlib.search.request import All, SearchRequest
from tests import make

ENGINES = ("sqlite", "postgresql")

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def seen_in_index(index: SearchIndex, actor: Actor) -> set[int]:
    answer = index.search(SearchRequest(All(), access_of(actor), size=1000))
    found = {hit.id for hit in answer.hits}
    assert answer.total == len(found)
    return found


def test_index_and_catalogue_agree_on_every_kind_of_row_and_actor(
    session: Session, people: make.People, either_index: SearchIndex
) -> None:
    with clock.held_at(MOMENT):
        assets = [
            make.asset(session, of, versions=0, state=state, embargo_until=embargo, deleted_at=deleted)
            for of in (people.own, people.agency, people.other_agency, people.partner)
            for state in STATES
            for embargo in (None, MOMENT - timedelta(seconds=1), MOMENT, MOMENT + timedelta(seconds=1))
            for deleted in (None, MOMENT)
        ]
        outer = make.collection(session, people.librarian, *assets[::3], granted_to=[people.partner])
        inner = make.collection(
            session, people.librarian, *assets[1::5], inside=outer, granted_to=[people.agency]
        )
        for around in (outer, inner):
            make.collection(
                session, people.field_marketer, *assets[2::3], inside=around, audience="private"
            )  # fmt: skip
        make.collection(session, people.librarian, *assets[::2])
        either_index.replace(documents_of(session, [each.id for each in assets]))
        organisations = (people.own, people.agency, people.other_agency, people.partner)
        actors = [ANONYMOUS, SYSTEM, *people.all()]
        actors += [
            Actor(
                "person",
                "Somebody",
                person_id=1,
                organisation_id=of.id,
                organisation_kind=of.kind,  # type: ignore[arg-type]  # the column holds one of the three
                roles=frozenset(roles),
                collections=granted_collections(session, of.id),
            )
            for of in organisations
            for roles in ((), *((role,) for role in ROLES), (ROLES[2], ROLES[3]))
        ]
        sizes = set()
        for actor in actors:
            in_database = set(session.scalars(select(Asset.id).where(visible_to(actor))))
            assert seen_in_index(either_index, actor) == in_database, actor
            sizes.add(len(in_database))
        assert len(sizes) > 5


@given(st.integers(-3, 3), st.integers(0, 999_999))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_embargo_never_ends_sooner_in_the_index(
    session: Session, people: make.People, seconds: int, microseconds: int
) -> None:
    with clock.held_at(MOMENT.replace(microsecond=microseconds)):
        asset = make.asset(
            session,
            people.own,
            versions=0,
            state="published",
            embargo_until=MOMENT + timedelta(seconds=seconds),
        )
        index = MemoryIndex()
        index.replace(documents_of(session, [asset.id]))
        allowed = set(
            session.scalars(select(Asset.id).where(Asset.id == asset.id, visible_to(people.field_marketer)))
        )
        assert seen_in_index(index, people.field_marketer) <= allowed
        assert bool(allowed) is (seconds <= 0)
