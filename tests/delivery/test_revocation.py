"""Every path that gives bytes × what people are given by tokens, groups, scopes and sessions: gone at once.

What happens to assets, rights and people themselves is in `test_byte_paths.py`, shares in their own tests.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import FIELD_MARKETER, PARTNER
from assetlib.accounts.actions.groups import delete_group, remove_member, set_group_roles
from assetlib.accounts.actions.sessions import end_session
from assetlib.accounts.actions.tokens import make_token, revoke_token
from assetlib.accounts.models import ApiToken, Group, GroupMember, Person, PersonSession, RoleGrant
from assetlib.catalog.models import Asset, AssetGrant, CollectionGroupGrant
from assetlib.errors import Refusal
from assetlib.goodbyes import let_go
from assetlib.house import House
from assetlib.planning.actions.feeds import revoke_feed
from assetlib.planning.models import CalendarFeed
from tests import make
from tests.delivery.gallery import EVENING, SECRET, Gallery, furnish
from tests.delivery.test_byte_paths import open_all, read, still_open
from tests.delivery.test_feeds import make_feed
from tests.delivery.visiting import Program, Visit, Visits


@dataclass
class Given:
    """Somebody who reaches the asset by one thing alone, and the browser or program they use."""

    gallery: Gallery
    person_id: int
    visit: Visit
    paths: list[str]


@pytest.fixture
def gallery(house: House, visits: Visits, people: make.People) -> Iterator[Gallery]:
    with ExitStack() as stack:
        stack.enter_context(clock.held_at(EVENING - timedelta(days=20)))
        yield furnish(house, visits, people, stack)


def every_path(g: Gallery) -> list[str]:
    return [*g.previews(), *g.tiles(), *g.current_files()]


def by_token(g: Gallery) -> Given:
    reader = g.people.field_marketer
    with g.house.database.transaction() as session:
        person = session.get_one(Person, reader.person_id)
        _, token = make_token(
            session, reader, person, name="Shop", scopes=["read", "download"], until=clock.today()
        )
    return Given(g, person.id, Program(g.visits.app.test_client(), token), every_path(g))


def by_group_role(g: Gallery) -> Given:
    """An own person whose only role is their group's."""
    with g.house.database.transaction() as session:
        person = make.person(session, g.people.own, name="Greta Group")
        _in_group(session, person.id, RoleGrant(role=FIELD_MARKETER))
    return _signed_in(g, person.id)


def by_group_collection(g: Gallery) -> Given:
    """Somebody of a partner to whose group the collection is opened, not to their organisation."""
    with g.house.database.transaction() as session:
        person = make.person(session, g.people.partner, PARTNER, name="Paul Partner")
        group_id = _in_group(session, person.id)
        session.add(
            CollectionGroupGrant(collection_id=g.collection.id, group_id=group_id, granted_at=clock.now())
        )
    return _signed_in(g, person.id)


def by_scope(g: Gallery) -> Given:
    """An own person who is a field marketer for one region only."""
    with g.house.database.transaction() as session:
        make.attribute(session, "region", "choice", choices=["norway", "japan"])
        asset = session.get_one(Asset, g.asset.id)
        asset.attributes = {"region": ["norway"]}
        person = make.person(session, g.people.own, name="Siri Scope")
        person.grants.append(RoleGrant(role=FIELD_MARKETER, scope_kind="region", scope_key="norway"))
    return _signed_in(g, person.id)


def by_request(g: Gallery) -> Given:
    """Somebody of a partner to whom this one asset is opened until a day."""
    with g.house.database.transaction() as session:
        person = make.person(session, g.people.partner, PARTNER, name="Rita Request")
        session.add(
            AssetGrant(
                asset_id=g.asset.id,
                person_id=person.id,
                until=clock.today() + timedelta(days=3),
                granted_at=clock.now(),
            )
        )
    return _signed_in(g, person.id)


def _in_group(session: Session, person_id: int, *grants: RoleGrant) -> int:
    group = Group(name=f"Group {person_id}", created_at=clock.now(), grants=list(grants))
    group.members = [GroupMember(person_id=person_id, added_at=clock.now())]
    session.add(group)
    session.flush()
    return group.id


def _signed_in(g: Gallery, person_id: int) -> Given:
    with g.house.database.reading() as session:
        person = session.get_one(Person, person_id)
        actor = make.actor(person, person.organisation)
    return Given(g, person_id, g.visits.of(actor), every_path(g))


def in_transaction(act: Callable[..., None]) -> Callable[[Given], None]:
    def happens(given: Given) -> None:
        with given.gallery.house.database.transaction() as session:
            act(session, given)

    return happens


def _token_revoked(session: Session, given: Given) -> None:
    row = session.scalars(select(ApiToken)).one()
    revoke_token(session, given.gallery.people.field_marketer, row)


def _token_s_person_without_role(session: Session, given: Given) -> None:
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == given.person_id))


def _token_may_read_only(session: Session, given: Given) -> None:
    session.scalars(select(ApiToken)).one().scopes = []


def _person_suspended(session: Session, given: Given) -> None:
    session.get_one(Person, given.person_id).state = "suspended"


def _group(session: Session) -> Group:
    return session.scalars(select(Group)).one()


def _left_the_group(session: Session, given: Given) -> None:
    person = session.get_one(Person, given.person_id)
    remove_member(session, given.gallery.people.administrator, _group(session), person)


def _group_deleted(session: Session, given: Given) -> None:
    delete_group(session, given.gallery.people.administrator, _group(session))


def _group_without_role(session: Session, given: Given) -> None:
    set_group_roles(session, given.gallery.people.administrator, _group(session), [])


def _collection_closed_to_group(session: Session, given: Given) -> None:
    session.execute(delete(CollectionGroupGrant))


def _scope_moved(session: Session, given: Given) -> None:
    session.scalars(select(RoleGrant).where(RoleGrant.person_id == given.person_id)).one().scope_key = "japan"


def _asset_left_the_scope(session: Session, given: Given) -> None:
    session.get_one(Asset, given.gallery.asset.id).attributes = {"region": ["japan"]}


def _session_ended(session: Session, given: Given) -> None:
    row = session.scalars(select(PersonSession).where(PersonSession.person_id == given.person_id)).one()
    person = session.get_one(Person, given.person_id)
    end_session(session, make.actor(person, person.organisation), person, row.id)


def _opened_no_more(session: Session, given: Given) -> None:
    session.execute(delete(AssetGrant))


def days_pass(days: int) -> Callable[[Given], None]:
    def pass_by(given: Given) -> None:
        with given.gallery.house.database.transaction() as session:
            for row in session.scalars(select(PersonSession)):  # else it is the session that ends
                row.seen_at = row.created_at = clock.now() + timedelta(days=days)
        given.gallery.clock.enter_context(clock.held_at(clock.now() + timedelta(days=days)))

    return pass_by


CASES: dict[str, tuple[Callable[[Gallery], Given], Callable[[Given], None]]] = {
    "token revoked": (by_token, in_transaction(_token_revoked)),
    "token's last day over": (by_token, days_pass(1)),
    "token narrowed": (by_token, in_transaction(_token_may_read_only)),
    "token's person lost the role": (by_token, in_transaction(_token_s_person_without_role)),
    "token's person suspended": (by_token, in_transaction(_person_suspended)),
    "left the group that gave the role": (by_group_role, in_transaction(_left_the_group)),
    "the group lost the role": (by_group_role, in_transaction(_group_without_role)),
    "the group was deleted": (by_group_role, in_transaction(_group_deleted)),
    "session ended": (by_group_role, in_transaction(_session_ended)),
    "left the group that the collection is open to": (by_group_collection, in_transaction(_left_the_group)),
    "the collection closed to the group": (by_group_collection, in_transaction(_collection_closed_to_group)),
    "the scope moved": (by_scope, in_transaction(_scope_moved)),
    "the asset left the scope": (by_scope, in_transaction(_asset_left_the_scope)),
    "what a request opened was closed": (by_request, in_transaction(_opened_no_more)),
    "the last day of what a request opened is over": (by_request, days_pass(4)),
}


@pytest.mark.parametrize("case", list(CASES))
def test_nothing_is_given_from_that_moment_on(gallery: Gallery, case: str) -> None:
    reach, happen = CASES[case]
    given = reach(gallery)
    tags = open_all(given.visit, given.paths)
    happen(given)
    assert still_open(given.visit, tags) == []
    for path in (f"/api/v1/assets/{gallery.asset.id}", "/api/v1/library"):
        assert SECRET not in read(given.visit, path)[1]
        assert f"/renditions/{gallery.version.id}/".encode() not in read(given.visit, path)[1]


@pytest.mark.parametrize("case", list(CASES))
def test_a_zip_under_way_breaks_off_at_that_moment(gallery: Gallery, case: str) -> None:
    reach, happen = CASES[case]
    given = reach(gallery)
    made = given.visit.send("POST", "/api/v1/packages", json={"assets": [gallery.asset.id]})
    assert made.status_code == 201, made.text
    answer = given.visit.get((made.json or {})["url"], buffered=False)
    assert answer.status_code == 200
    pieces = answer.iter_encoded()
    sent = [next(pieces)]
    happen(given)
    with pytest.raises(Refusal):
        sent.extend(pieces)
    answer.close()
    assert SECRET not in b"".join(sent)


def test_a_token_that_may_only_read_shows_pictures_and_gives_no_file(gallery: Gallery) -> None:
    reader = gallery.people.field_marketer
    with gallery.house.database.transaction() as session:
        person = session.get_one(Person, reader.person_id)
        _, token = make_token(session, reader, person, name="Wall", scopes=["read"], until=clock.today())
    program = Program(gallery.visits.app.test_client(), token)
    open_all(program, gallery.previews())
    closed = dict.fromkeys([*gallery.tiles(), *gallery.current_files()], f'"{gallery.version.sha256}"')
    assert still_open(program, closed) == []


def _feed_revoked(session: Session, person: Person) -> None:
    feed = session.scalars(select(CalendarFeed)).one()
    revoke_feed(session, make.actor(person, person.organisation), feed)


def _suspended(session: Session, person: Person) -> None:
    person.state = "suspended"


def _lost_the_role(session: Session, person: Person) -> None:
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == person.id))


def _organisation_closed(session: Session, person: Person) -> None:
    person.organisation.state = "closed"


FEED_ENDS = (_feed_revoked, _suspended, _lost_the_role, _organisation_closed)


@pytest.mark.parametrize("end", FEED_ENDS, ids=lambda each: each.__name__.strip("_"))
def test_a_calendar_feed_is_gone_from_that_moment_on(
    house: House, visits: Visits, people: make.People, end: Callable[[Session, Person], None]
) -> None:
    path = make_feed(visits.of(people.contributor))
    first = visits.nobody().get(path)
    assert first.status_code == 200
    with house.database.transaction() as session:
        end(session, session.get_one(Person, people.contributor.person_id))
    for headers in ({}, {"If-None-Match": first.headers["ETag"]}, {"If-None-Match": "*"}):
        answer = visits.nobody().get(path, headers=headers)
        assert (answer.status_code, "ETag" in answer.headers) == (404, False)
        assert b"VCALENDAR" not in answer.get_data()


def test_whoever_leaves_takes_no_calendar_along(house: House, visits: Visits, people: make.People) -> None:
    path = make_feed(visits.of(people.contributor))
    with house.database.transaction() as session:
        let_go(session, people.administrator, session.get_one(Person, people.contributor.person_id), to=None)
    assert visits.nobody().get(path).status_code == 404
    with house.database.reading() as session:
        assert session.scalars(select(CalendarFeed)).one().revoked_at is not None
