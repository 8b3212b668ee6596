"""The demo's people: every role, every state, and what they hold."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import ROLES
from assetlib.accounts.models import ApiToken, DutyGrant, Group, Organisation, Person
from assetlib.accounts.rules.roles import DUTY_LABELS
from assetlib.catalog.models import (
    AccessRequest,
    AssetGrant,
    Collection,
    CollectionGroupGrant,
    Share,
    ShareAccess,
)
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.shares import state_of
from assetlib.catalog.schema import lay_schema
from assetlib.cli.demo import logins
from assetlib.dashboards.my_work import count_for_header, what_waits
from assetlib.dashboards.work import VIEWS
from assetlib.demo.company import GONE, GROUPS, INVITED, PEOPLE
from assetlib.demo.filling import all_pieces, fill
from assetlib.demo.links import LINKS
from assetlib.demo.pieces import Piece
from assetlib.house import House, database_url, open_house
from assetlib.jobs.models import Job
from assetlib.migrating import alembic_config
from assetlib.notify.models import Notice
from assetlib.settings import Settings


def _few() -> list[Piece]:
    """What the demo's links and its people's work are about, and no more."""
    pieces = all_pieces()

    def first(type_key: str, fate: str, count: int, sender: str = "") -> list[Piece]:
        fit = [
            each
            for each in pieces
            if (each.type_key, each.fate) == (type_key, fate)
            and not each.newer
            and (not sender or each.sender == sender)
            and each.right in ("own", "licensed", "kv", "")
        ]
        return fit[:count]

    return [
        *first("photograph", "published", 3, "rosa"),
        *[each for each in pieces if each.fate == "published" and each.right == "ask"][:1],
        *[each for each in pieces if each.title == "First snow, Hochalm"],
        *first("logo", "published", 1),
        *first("layout", "published", 1),
        *first("cutout", "in_review", 2),
        *[each for each in pieces if each.sender == "rosa" and each.fate == "returned"][:1],
        *[each for each in pieces if each.sender == "rosa" and each.fate == "in_review"][:1],
    ]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), search_kind="memory", secret_key="k" * 40)
    command.upgrade(alembic_config(database_url(settings)), "head")
    opened = open_house(settings)
    with opened.database.transaction() as session:
        lay_schema(session)
    fill(opened, pieces=_few())
    yield opened
    opened.database.close()


def test_somebody_holds_each_role_and_two_are_administrators(house: House) -> None:
    with house.database.reading() as session:
        held = [
            role
            for person in session.scalars(select(Person).where(Person.state == "active"))
            for role in actor_of(session, person.id).all_roles
        ]
    assert set(held) == set(ROLES)
    assert held.count("administrator") == 2


def test_some_hold_a_role_for_a_part_only(house: House) -> None:
    with house.database.reading() as session:
        ella, lea = (
            actor_of(session, session.scalars(select(Person.id).where(Person.name == name)).one())
            for name in ("Ella Nyman", "Léa Fontaine")
        )
    assert {(role, scope.kind, *sorted(scope.keys)[:1]) for role, scope in ella.scoped_roles} == {
        ("librarian", "brand", "northwind-kids")
    }
    assert {(role, scope.kind) for role, scope in lea.scoped_roles} == {("field_marketer", "region")}


def test_people_are_in_every_state(house: House) -> None:
    with house.database.reading() as session:
        states = {row.email: row.state for row in session.execute(select(Person.email, Person.state))}
        organisations = session.scalars(select(Organisation.state)).all()
        fair = session.scalars(select(Collection).where(Collection.name == "Fair Friedrichshafen")).one()
        heir = session.get_one(Person, fair.owner_id)
    assert {states[each.email] for each in PEOPLE.values()} == {"active"}
    assert {states[each.email] for each in INVITED.values()} == {"invited"}
    assert states[GONE["anselm"].email] == "closed"
    assert states[GONE["viktor"].email] == "suspended"
    assert sorted(organisations) == ["active"] * 5 + ["invited"]
    assert heir.email == PEOPLE["jonas"].email


def test_groups_have_people_of_several_organisations_and_an_opened_collection(house: House) -> None:
    with house.database.reading() as session:
        groups = list(session.scalars(select(Group)))
        assert {each.name for each in groups} == set(GROUPS)
        opened = set(session.scalars(select(CollectionGroupGrant.group_id)))
        assert opened == {each.id for each in groups}
        houses = {each.name: {member.person.organisation_id for member in each.members} for each in groups}
        assert len(houses["Autumn Trails core team"]) == len(houses["Dealers DACH"]) == 2


def test_duties_have_limits_in_euros(house: House) -> None:
    with house.database.reading() as session:
        duties = list(session.scalars(select(DutyGrant)))
        limits = {each.currency for each in duties if each.limit_minor is not None}
        holders = {each.person_id for each in duties}
    assert {each.duty for each in duties} <= set(DUTY_LABELS)
    assert limits == {"EUR"}
    assert len(holders) >= 4


def test_one_token_is_revoked_and_others_are_not(house: House) -> None:
    with house.database.reading() as session:
        revoked = [each.revoked_at is not None for each in session.scalars(select(ApiToken))]
    assert sorted(revoked) == [False, False, True]


def test_links_stand_in_every_way_and_were_used(house: House) -> None:
    with house.database.reading() as session:
        shares = {each.name: each for each in session.scalars(select(Share))}
        states = {name: state_of(each) for name, each in shares.items()}
        done = {(each.share_id, each.what) for each in session.scalars(select(ShareAccess))}
    assert set(shares) == {each.name for each in LINKS}
    assert {"open", "used_up", "revoked"} == set(states.values())
    living = shares["Marks for the printer"]
    assert living.collection_id is not None
    press = shares["Press, Munich opening"]
    assert press.password_hash
    assert {what for share_id, what in done if share_id == press.id} == {"opened", "refused", "downloaded"}


def test_requests_are_open_granted_for_a_few_days_and_refused(house: House) -> None:
    with house.database.reading() as session:
        states = Counter(session.scalars(select(AccessRequest.state)))
        opened = session.scalars(select(AssetGrant)).one()
        days = opened.until - clock.today()
    assert states == {"open": 2, "granted": 1, "refused": 1}
    assert timedelta() < days < timedelta(days=14)


def test_work_and_notices_wait_for_those_who_are_shown(house: House) -> None:
    with house.database.reading() as session:
        ids = {row.email: row.id for row in session.execute(select(Person.email, Person.id))}
        waiting = {
            key: count_for_header(session, actor_of(session, ids[each.email]))[0]
            for key, each in PEOPLE.items()
        }
        shown = {
            key: any(
                what_waits(session, actor_of(session, ids[each.email]), view=view).shown for view in VIEWS
            )
            for key, each in PEOPLE.items()
        }
        unread = set(session.scalars(select(Notice.person_id).where(Notice.read_at.is_(None))))
    assert all(waiting[key] for key in ("ida", "mira", "ella", "rosa"))
    assert all(shown[key] for key in ("jonas", "tobias")), "what they asked for, and what ends for them"
    assert {ids[PEOPLE[key].email] for key in ("mira", "rosa", "jonas", "tobias")} <= unread


def test_invitations_are_promised_and_nothing_of_the_past_is_mailed(house: House) -> None:
    with house.database.reading() as session:
        mails = session.scalars(select(Job).where(Job.kind == "notify.send_mail")).all()
        old = session.scalars(
            select(Notice.id).where(
                Notice.mail_state == "waiting", Notice.at < clock.now() - timedelta(days=6)
            )
        ).all()
    assert len(mails) == len(INVITED)
    assert old == []


def test_one_line_is_printed_for_each_role() -> None:
    lines = logins()
    said = [role for role, _, _ in lines]
    assert len(said) == len(set(said))
    assert {each.said_roles for each in PEOPLE.values()} == set(said)
