"""What happens to assets is told to those whom it concerns, and to nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, Actor
from assetlib.accounts.holders import holders
from assetlib.accounts.models import Group as PeopleGroup
from assetlib.accounts.models import GroupMember, Person, RoleGrant
from assetlib.catalog.actions.states import publish_asset, submit_asset
from assetlib.catalog.actions.telling import tell_refused
from assetlib.catalog.actions.versions import approve_version, return_version
from assetlib.catalog.jobs import tell_ending_rights
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.audience import librarians
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.database import Database
from assetlib.jobs.work import Work
from assetlib.notify.models import Notice
from assetlib.settings import Settings
from assetlib.storage.models import Upload
from assetlib.words import recalled, say
from tests import make

Told = Callable[[], list[tuple[int, str, str]]]


@pytest.fixture
def told(session: Session) -> Told:
    """Person, kind and sentence of every notice so far."""

    def look() -> list[tuple[int, str, str]]:
        rows = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [(each.person_id, each.kind, recalled(each.sentence)) for each in rows]

    return look


def of_agency(session: Session, people: make.People, **values: object) -> tuple[Asset, Version]:
    asset = make.asset(session, people.agency, title="Gipfel", **values)
    version = asset.current_version
    assert version is not None
    version.uploaded_by_id = people.contributor.person_id
    session.flush()
    return asset, version


def librarian_of_brand(session: Session, people: make.People, brand: str) -> int:
    person = make.person(session, people.own, name="Berta Brand")
    person.grants.append(RoleGrant(role=LIBRARIAN, scope_kind="brand", scope_key=brand))
    session.flush()
    return person.id


def test_a_version_that_is_sent_is_told_to_librarians_who_hold_the_role_for_it(
    session: Session, people: make.People, told: Told
) -> None:
    make.attribute(session, "brand", "choice", choices=["alpin", "nord"])
    of_alpin, of_nord = (librarian_of_brand(session, people, brand) for brand in ("alpin", "nord"))
    asset, _ = of_agency(session, people, attributes={"brand": "alpin"})
    submit_asset(session, people.contributor, asset)
    sentence = "“Gipfel”, version 1, waits for your verdict."
    assert told() == [
        (people.librarian.person_id, "version.sent", sentence),
        (of_alpin, "version.sent", sentence),
    ]
    assert of_nord not in {each[0] for each in told()}


def test_whoever_did_it_is_not_told(session: Session, people: make.People, told: Told) -> None:
    asset, _ = of_agency(session, people)
    submit_asset(session, people.librarian, asset)
    assert told() == []


def test_where_there_is_no_librarian_the_administrators_are_told(
    session: Session, people: make.People, told: Told
) -> None:
    session.get_one(Person, people.librarian.person_id).state = "suspended"
    asset, _ = of_agency(session, people)
    submit_asset(session, people.contributor, asset)
    assert [each[0] for each in told()] == [people.administrator.person_id]


def test_a_role_of_a_group_counts(session: Session, people: make.People) -> None:
    group = PeopleGroup(name="Librarians", created_at=clock.now(), grants=[RoleGrant(role=LIBRARIAN)])
    session.add(group)
    session.flush()
    session.add(GroupMember(group_id=group.id, person_id=people.without_role.person_id, added_at=clock.now()))
    session.flush()
    assert holders(session, LIBRARIAN) == [people.librarian.person_id, people.without_role.person_id]
    assert {each.person_id for each in librarians(session)} == set(holders(session, LIBRARIAN))


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("", "“Gipfel”, version 1, was approved."),
        ("Fine {light}", "“Gipfel”, version 1, was approved: “Fine {light}”"),
    ],
)
def test_whoever_uploaded_it_is_told_that_it_was_approved(
    session: Session, people: make.People, told: Told, note: str, sentence: str
) -> None:
    asset, version = of_agency(session, people, state="in_review")
    seen = str(standing_of(asset, version))
    approve_version(session, people.librarian, version, sha256=version.sha256, seen=seen, note=note)
    assert told() == [(people.contributor.person_id, "version.approved", sentence)]


def test_whoever_uploaded_it_is_told_why_it_came_back(
    session: Session, people: make.People, told: Told
) -> None:
    asset, version = of_agency(session, people, state="in_review")
    seen = str(standing_of(asset, version))
    return_version(session, people.librarian, version, sha256=version.sha256, seen=seen, reason="Too dark")
    assert told() == [
        (people.contributor.person_id, "version.returned", "“Gipfel”, version 1, came back: “Too dark”")
    ]


def test_an_agency_is_told_that_its_work_is_out(session: Session, people: make.People, told: Told) -> None:
    asset, version = of_agency(session, people, state="approved")
    make.approval(session, version, people.librarian)
    make.right(session, asset)
    publish_asset(session, people.librarian, asset)
    assert told() == [(people.contributor.person_id, "asset.published", "“Gipfel” was published.")]


def test_a_sender_is_told_once_why_a_file_was_not_taken(
    session: Session, people: make.People, told: Told
) -> None:
    upload = Upload(public_id="f" * 32, person_id=people.contributor.person_id, name="hero.psd")
    for _ in range(2):
        tell_refused(session, upload, sentence=say("It ends too soon."))
    assert told() == [
        (people.contributor.person_id, "upload.refused", "“hero.psd” was not taken. It ends too soon.")
    ]


NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def test_rights_that_end_are_told_once_for_each_term(database: Database) -> None:
    work = Work(database, Settings())
    with database.transaction() as session:
        people = make.people(session)
        for title, days, state in (
            ("Soon", 100, "published"), ("Withdrawn", 100, "withdrawn"), ("Never", 4_000, "published"),
        ):  # fmt: skip
            asset = make.asset(session, people.agency, title=title, state=state)
            make.right(session, asset, ends_on=(NOON + timedelta(days=days)).date())
    told_on: list[int] = []
    for day in range(103):
        with clock.held_at(NOON + timedelta(days=day)):
            before = count(database)
            tell_ending_rights(work)
            tell_ending_rights(work)
            if count(database) > before:
                told_on.append(100 - day)
    assert told_on == [90, 30, 7]
    with database.reading() as session:
        rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert {each.person_id for each in rows} == {people.librarian.person_id}
    assert recalled(rows[0].sentence) == "Rights of “Soon” end in 90 days. The last day is 10 Mar."


def count(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(Notice)).all())


def test_an_agency_does_not_learn_who_decided(session: Session, people: make.People) -> None:
    asset, version = of_agency(session, people, state="in_review")
    seen = str(standing_of(asset, version))
    approve_version(session, people.librarian, version, sha256=version.sha256, seen=seen)
    (notice,) = session.scalars(select(Notice)).all()
    librarian: Actor = actor_of(session, people.librarian.person_id or 0)
    assert librarian.name not in f"{notice.sentence}{notice.reason}{notice.facts}"
