"""What administrators do with people and organisations, and what nobody else may."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    LIBRARIAN,
    REVIEWER,
    SYSTEM,
    Actor,
)
from assetlib.accounts import actions
from assetlib.accounts.errors import AddressTaken, NameTaken, NoSuchOrganisation, NoSuchPerson, WrongPerson
from assetlib.accounts.models import Organisation, Person
from assetlib.accounts.passwords import hash_password, matches
from assetlib.accounts.queries import (
    Held,
    Part,
    Widened,
    as_actor,
    find_own_organisation,
    get_organisation,
    get_person,
    names_of,
    organisations,
)
from assetlib.accounts.queries import (
    people as everybody,
)
from assetlib.accounts.sessions import find_signed_in, open_session
from assetlib.audit.models import AuditEntry
from assetlib.audit.recording import append_chain
from assetlib.database import Database
from tests import make
from tests.accounts.racers import dismiss, sign_up
from tests.racing import at_once

ENGINES = ("sqlite", "postgresql")

PASSWORD = "a few words in a row"


def recorded(session: Session) -> list[tuple[str, str, dict[str, Any]]]:
    """Action, object id and changes of each entry so far."""
    append_chain(session)
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
    return [(row.action, row.object_id, row.changes) for row in rows]


def add(session: Session, actor: Actor, to: Organisation, **changed: Any) -> Person:
    values = {"name": "Ada Example", "email": "ada@company.example", "roles": [REVIEWER], **changed}
    return actions.add_person(session, actor, to, **values)


class TestAddingPeople:
    def test_somebody_new(self, session: Session, people: make.People) -> None:
        person = add(
            session,
            people.administrator,
            people.own,
            name="Ada Example",
            email=" Ada@Company.example",
            roles=[LIBRARIAN, FIELD_MARKETER, LIBRARIAN],
        )
        session.expire_all()
        kept = get_person(session, person.id)
        assert (kept.name, kept.email, kept.state) == ("Ada Example", "ada@company.example", "active")
        assert kept.roles == {LIBRARIAN, FIELD_MARKETER}
        assert kept.organisation.name == "Northwind Outdoors"
        assert kept.password_hash is None
        assert recorded(session) == [
            (
                "accounts.person_added",
                str(person.id),
                {"after": {"organisation": people.own.id, "roles": [FIELD_MARKETER, LIBRARIAN]}},
            )
        ]

    def test_an_address_is_taken_once(self, session: Session, people: make.People) -> None:
        add(session, people.administrator, people.own)
        with pytest.raises(AddressTaken) as refused:
            add(session, people.administrator, people.agency, email="ADA@company.example ")
        assert set(refused.value.details["fields"]) == {"email"}

    def test_also_by_those_who_add_at_once(self, database: Database, database_url: str) -> None:
        with database.transaction() as session:
            own = make.organisation(session)
        answers = at_once(sign_up, [(database_url, own.id)] * 3)
        assert sorted(answers) == ["AddressTaken", "AddressTaken", "added"]

    def test_what_cannot_be_is_refused(self, session: Session, people: make.People) -> None:
        with pytest.raises(WrongPerson) as refused:
            add(session, people.administrator, people.agency, email="ada", roles=[ADMINISTRATOR])
        assert set(refused.value.details["fields"]) == {"email", "roles"}


class TestRoles:
    def test_exactly_these_from_now_on(self, session: Session, people: make.People) -> None:
        person = add(session, people.administrator, people.own, roles=[LIBRARIAN, FIELD_MARKETER])
        actions.set_roles(session, people.administrator, person, [ADMINISTRATOR, LIBRARIAN])
        session.flush()
        session.expire_all()
        assert get_person(session, person.id).roles == {ADMINISTRATOR, LIBRARIAN}
        assert recorded(session)[-1] == (
            "accounts.roles_set",
            str(person.id),
            {
                "before": {"roles": [FIELD_MARKETER, LIBRARIAN]},
                "after": {"roles": [ADMINISTRATOR, LIBRARIAN]},
            },
        )

    def test_they_hold_in_open_sessions_too(self, session: Session, people: make.People) -> None:
        person = add(session, people.administrator, people.own, roles=[FIELD_MARKETER])
        token = open_session(session, person, address="", browser="")
        actions.set_roles(session, people.administrator, person, [LIBRARIAN])
        session.flush()
        session.expire_all()
        found = find_signed_in(session, token)
        assert found is not None
        assert get_person(session, found.person.id).roles == {LIBRARIAN}

    def test_roles_that_do_not_fit_are_refused(
        self, session: Session, people: make.People, contributor: Person
    ) -> None:
        with pytest.raises(WrongPerson):
            actions.set_roles(session, people.administrator, contributor, [LIBRARIAN])
        assert contributor.roles == {AGENCY_CONTRIBUTOR}


class TestTheLastAdministrator:
    def one(self, session: Session, people: make.People) -> Person:
        return get_person(session, people.administrator.person_id or 0)

    def test_stays_one(self, session: Session, people: make.People) -> None:
        with pytest.raises(WrongPerson, match="last administrator"):
            actions.set_roles(session, people.administrator, self.one(session, people), [LIBRARIAN])
        with pytest.raises(WrongPerson, match="last administrator"):
            actions.suspend_person(session, people.administrator, self.one(session, people))
        assert self.one(session, people).state == "active"

    def test_may_get_more_roles(self, session: Session, people: make.People) -> None:
        actions.set_roles(
            session, people.administrator, self.one(session, people), [ADMINISTRATOR, LIBRARIAN]
        )

    def test_a_suspended_one_does_not_count(self, session: Session, people: make.People) -> None:
        second = add(session, people.administrator, people.own, roles=[ADMINISTRATOR])
        actions.suspend_person(session, people.administrator, second)
        with pytest.raises(WrongPerson, match="last administrator"):
            actions.suspend_person(session, people.administrator, self.one(session, people))

    def test_may_go_when_there_is_another_but_not_by_their_own_hand(
        self, session: Session, people: make.People
    ) -> None:
        second = add(session, people.administrator, people.own, roles=[ADMINISTRATOR])
        me, mine = people.administrator, self.one(session, people)
        with pytest.raises(WrongPerson, match="your own account"):
            actions.suspend_person(session, me, mine)
        with pytest.raises(WrongPerson, match="your own account"):
            actions.close_person(session, me, mine, still_open=[])
        with pytest.raises(WrongPerson, match="your own account"):
            actions.set_roles(session, me, mine, [LIBRARIAN])
        actions.suspend_person(session, make.actor(second, people.own), mine)
        assert self.one(session, people).state == "suspended"

    def test_two_cannot_dismiss_each_other_at_the_same_moment(
        self, database: Database, database_url: str
    ) -> None:
        with database.transaction() as session:
            own = make.organisation(session)
            first, second = (make.person(session, own, ADMINISTRATOR) for _ in range(2))
        for way in ("suspend", "take the role"):
            answers = at_once(
                dismiss, [(database_url, first.id, second.id, way), (database_url, second.id, first.id, way)]
            )
            # The second finds itself the last one, or dismissed already.
            assert answers.count("dismissed") == 1, way
            assert set(answers) <= {"dismissed", "WrongPerson", "NotPermitted"}
            with database.transaction() as session:
                for each in (first, second):
                    person = get_person(session, each.id)
                    person.state = "active"
                    if ADMINISTRATOR not in person.roles:
                        actions.set_roles(session, SYSTEM, person, [ADMINISTRATOR])


class TestSuspending:
    def test_a_person_is_out_at_once_and_may_come_back(
        self, session: Session, people: make.People, contributor: Person
    ) -> None:
        token = open_session(session, contributor, address="", browser="")
        actions.suspend_person(session, people.administrator, contributor)
        session.flush()
        session.expire_all()
        assert find_signed_in(session, token) is None
        actions.reopen_person(session, people.administrator, get_person(session, contributor.id))
        session.flush()
        session.expire_all()
        assert find_signed_in(session, token) is None, "the old session stays ended"
        assert find_signed_in(session, open_session(session, contributor, address="", browser="")) is not None
        assert [action for action, *_ in recorded(session)] == [
            "accounts.signed_in",
            "accounts.person_suspended",
            "accounts.person_reopened",
            "accounts.signed_in",
        ]

    def test_an_organisation_is_out_at_once(
        self, session: Session, people: make.People, contributor: Person
    ) -> None:
        other = get_person(session, people.other_contributor.person_id or 0)
        tokens = [open_session(session, each, address="", browser="") for each in (contributor, other)]
        actions.suspend_organisation(session, people.administrator, people.agency)
        session.flush()
        session.expire_all()
        assert [find_signed_in(session, token) is None for token in tokens] == [True, False]
        actions.reopen_organisation(
            session, people.administrator, get_organisation(session, people.agency.id)
        )
        session.flush()
        session.expire_all()
        assert find_signed_in(session, tokens[0]) is None, "the old session stays ended"
        assert recorded(session)[2:] == [
            (
                "accounts.organisation_suspended",
                str(people.agency.id),
                {"before": {"state": "active"}, "after": {"state": "suspended"}},
            ),
            (
                "accounts.organisation_reopened",
                str(people.agency.id),
                {"before": {"state": "suspended"}, "after": {"state": "active"}},
            ),
        ]

    def test_the_own_company_stays(self, session: Session, people: make.People) -> None:
        with pytest.raises(WrongPerson, match="own company"):
            actions.suspend_organisation(session, people.administrator, people.own)
        assert people.own.state == "active"


class TestOrganisations:
    def test_a_new_one(self, session: Session, administrator: Actor) -> None:
        added = actions.add_organisation(session, administrator, name="Weiß & Söhne", kind="agency")
        session.expire_all()
        kept = get_organisation(session, added.id)
        assert (kept.name, kept.kind, kept.state) == ("Weiß & Söhne", "agency", "invited")
        assert recorded(session) == [
            (
                "accounts.organisation_added",
                str(added.id),
                {"after": {"name": "Weiß & Söhne", "kind": "agency"}},
            )
        ]

    @pytest.mark.parametrize("name", ["", "  ", " Weiß", "a\0b", "a\nb", "\ud800", "x" * 201])
    def test_a_name_that_is_none(self, session: Session, administrator: Actor, name: str) -> None:
        with pytest.raises(WrongPerson) as refused:
            actions.add_organisation(session, administrator, name=name, kind="agency")
        assert set(refused.value.details["fields"]) == {"name"}

    def test_a_kind_that_is_none(self, session: Session, administrator: Actor) -> None:
        with pytest.raises(WrongPerson) as refused:
            actions.add_organisation(session, administrator, name="Somebody", kind="")
        assert set(refused.value.details["fields"]) == {"kind"}

    def test_a_name_is_taken_once(self, session: Session, people: make.People) -> None:
        with pytest.raises(NameTaken):
            actions.add_organisation(session, people.administrator, name=people.agency.name, kind="partner")

    @pytest.mark.parametrize("name", ["HALDEN & FREY", "Halden  &  Frey", "halden & Frey"])
    def test_there_are_no_twins_by_case_or_blanks(
        self, session: Session, people: make.People, name: str
    ) -> None:
        with pytest.raises(NameTaken, match="called Halden & Frey"):
            actions.add_organisation(session, people.administrator, name=name, kind="agency")
        with pytest.raises(NameTaken):
            actions.rename_organisation(session, people.administrator, people.other_agency, name=name)
        actions.rename_organisation(session, people.administrator, people.agency, name=name)
        actions.add_group(session, people.administrator, name="Halden & Frey")
        with pytest.raises(NameTaken):
            actions.add_group(session, people.administrator, name=name)

    def test_a_name_that_is_too_long_is_told_so(self, session: Session, administrator: Actor) -> None:
        with pytest.raises(WrongPerson) as refused:
            actions.add_organisation(session, administrator, name="x" * 400, kind="agency")
        assert refused.value.details["fields"] == {"name": "A name has up to 200 characters. Shorten it."}

    def test_nobody_comes_back_to_one_that_is_closed(
        self, session: Session, people: make.People, contributor: Person
    ) -> None:
        actions.close_person(session, people.administrator, contributor, still_open=[])
        people.agency.state = "closed"
        with pytest.raises(WrongPerson, match="This organisation is closed"):
            actions.reopen_person(session, people.administrator, contributor, reason="Back")


class TestPasswords:
    def test_a_new_one_ends_every_session(
        self, session: Session, people: make.People, contributor: Person
    ) -> None:
        other = get_person(session, people.other_contributor.person_id or 0)
        tokens = [
            open_session(session, each, address="", browser="") for each in (contributor, contributor, other)
        ]
        hashed = hash_password(PASSWORD)
        actions.set_password(session, people.administrator, contributor, PASSWORD, password_hash=hashed)
        session.flush()
        assert [find_signed_in(session, token) is None for token in tokens] == [True, True, False]
        assert contributor.password_hash == hashed
        action, object_id, changes = recorded(session)[-1]
        assert (action, object_id, changes) == ("accounts.password_set", str(contributor.id), {})

    def test_a_weak_one_is_refused_and_changes_nothing(
        self, session: Session, people: make.People, contributor: Person
    ) -> None:
        token = open_session(session, contributor, address="", browser="")
        with pytest.raises(WrongPerson):
            actions.set_password(session, people.administrator, contributor, "short", password_hash="x")
        assert contributor.password_hash is None
        assert find_signed_in(session, token) is not None

    @pytest.mark.parametrize("password", ["\0" * 12, "half \ud800 a character", "😀" * 40])
    def test_any_text_can_be_a_password(self, password: str) -> None:
        assert matches(hash_password(password), password)
        assert not matches(hash_password(password), password[:-1])

    def test_they_are_kept_as_argon2id(self) -> None:
        hashed = hash_password(PASSWORD)
        assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert hash_password(PASSWORD) != hashed, "each with a salt of its own"
        assert len(hashed) <= 200
        assert matches(hashed, PASSWORD)
        assert not matches(hashed, PASSWORD + " ")
        assert not matches(None, PASSWORD)
        assert not matches("no hash at all", PASSWORD)

    def test_the_stand_in_for_nobody_opens_nothing(self) -> None:
        assert not matches(None, "a password that nobody has")


class TestLookingUp:
    def test_by_id_or_a_refusal(self, session: Session, people: make.People) -> None:
        assert get_person(session, people.librarian.person_id or 0).name == "Lena Librarian"
        with pytest.raises(NoSuchPerson):
            get_person(session, 4711)
        with pytest.raises(NoSuchOrganisation):
            get_organisation(session, 4711)

    def test_the_own_organisation_first(self, session: Session, people: make.People) -> None:
        assert [each.name for each in organisations(session)] == [
            "Northwind Outdoors",
            "Alpin Sport",
            "Halden & Frey",
            "Studio Brandt",
        ]
        assert find_own_organisation(session) is people.own

    def test_everybody_by_organisation_and_name(self, session: Session, people: make.People) -> None:
        seen = [(each.organisation.name, each.name) for each in everybody(session)]
        assert seen == sorted(seen)
        assert len(seen) == 7

    def test_names_of_those_who_are_known(self, session: Session, people: make.People) -> None:
        known = people.librarian.person_id
        assert names_of(session, [known, None, 4711, known]) == {known: "Lena Librarian"}
        assert names_of(session, []) == {}

    def test_a_person_as_one_who_acts(self, session: Session, people: make.People) -> None:
        person_id = people.contributor.person_id or 0
        seen = as_actor(
            get_person(session, person_id),
            Part(roles=[Held(AGENCY_CONTRIBUTOR, "everywhere", "", None, "")], duties=[], groups=frozenset()),
            widened=Widened(collections=frozenset({3})),
        )
        assert seen == make.actor(get_person(session, person_id), people.agency, collections=frozenset({3}))
