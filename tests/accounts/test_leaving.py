"""Somebody leaves: open work is handed on, every door shuts; and an organisation parts from us."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import LIBRARIAN, PARTNER, Actor
from assetlib.accounts import actions
from assetlib.accounts.errors import StillOpen, WrongPerson
from assetlib.accounts.models import (
    ApiToken,
    DutyGrant,
    Group,
    GroupMember,
    Identity,
    OneTimeLink,
    Person,
    RecoveryCode,
    RoleGrant,
    SecondFactor,
)
from assetlib.accounts.queries import get_person
from assetlib.accounts.queries.directory import those_who_can_take_over
from assetlib.accounts.sessions import find_signed_in, open_session
from assetlib.catalog.models import AccessRequest, AssetGrant, Collection, Share
from assetlib.catalog.queries.actors import acting, actor_of
from assetlib.goodbyes import let_go, open_matters, part_from, work_of
from assetlib.notify.models import Notice
from assetlib.words import recalled
from tests import make
from tests.catalog.recorded import recorded


def share_of(session: Session, maker: Actor, number: int = 1, **values: object) -> Share:
    moment = clock.now()
    row = Share(
        **{
            "token_hash": f"{number:064}", "hint": "abc", "name": "For print", "maker_id": maker.person_id,
            "forms": [], "expires_at": moment + timedelta(days=3), "created_at": moment, **values,
        }
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def furnish(session: Session, people: make.People) -> Person:
    """A librarian with everything that one can have."""
    who = people.librarian
    person = get_person(session, who.person_id or 0)
    moment = clock.now()
    asset = make.published(session, people.agency, who)
    make.collection(session, who, asset)
    make.collection(session, who, audience="private")
    share_of(session, who)
    share_of(session, who, 2, expires_at=moment - timedelta(days=1))
    group = Group(name="Autumn", created_at=moment, grants=[RoleGrant(role="reviewer")])
    session.add_all(
        [
            AccessRequest(person_id=person.id, asset_number=1, purpose="A flyer", created_at=moment),
            AssetGrant(asset_id=asset.id, person_id=person.id, until=clock.today(), granted_at=moment),
            ApiToken(person_id=person.id, name="Shop", token_hash="t" * 64, hint="x", scopes=["read"],
                     created_at=moment),
            OneTimeLink(purpose="reset", token_hash="l" * 64, person_id=person.id, created_at=moment,
                        expires_at=moment + timedelta(hours=1)),
            SecondFactor(person_id=person.id, secret="x", created_at=moment, confirmed_at=moment),
            RecoveryCode(person_id=person.id, code_hash="c" * 64),
            Identity(person_id=person.id, issuer="https://id.example", subject="7", created_at=moment),
            DutyGrant(person_id=person.id, duty="po_approver", granted_at=moment),
            group,
        ]
    )  # fmt: skip
    session.flush()
    session.add(GroupMember(group_id=group.id, person_id=person.id, added_at=moment))
    session.flush()
    session.expire_all()
    return get_person(session, person.id)


def successor(session: Session, people: make.People) -> Person:
    return get_person(session, people.field_marketer.person_id or 0)


def count(session: Session, model: type, person_id: int) -> int:
    return session.scalar(select(func.count()).select_from(model).where(model.person_id == person_id)) or 0  # type: ignore[attr-defined]


class TestALeaver:
    def test_what_is_open_is_told_before_it_is_done(self, session: Session, people: make.People) -> None:
        found = {each.key: (each.count, each.way) for each in work_of(session, furnish(session, people))}
        assert found == {"collections": (2, "hand"), "shares": (1, "choose"), "requests": (1, "end")}

    def test_nobody_is_chosen_for_us(self, session: Session, people: make.People) -> None:
        person = furnish(session, people)
        with pytest.raises(WrongPerson, match="Choose who takes over"):
            let_go(session, people.administrator, person, to=None)
        assert get_person(session, person.id).state == "active"

    @pytest.mark.parametrize("who", ["contributor", "librarian", "suspended"])
    def test_who_takes_over_is_active_and_of_the_same_organisation(
        self, session: Session, people: make.People, who: str
    ) -> None:
        person = furnish(session, people)
        to = successor(session, people)
        if who == "suspended":
            to.state = "suspended"
        else:
            to = get_person(session, getattr(people, who).person_id)
        with pytest.raises(WrongPerson, match="same organisation who is active"):
            let_go(session, people.administrator, person, to=to)

    def test_nothing_is_handed_to_somebody_who_may_not_hold_it(
        self, session: Session, people: make.People
    ) -> None:
        person = furnish(session, people)
        to = get_person(session, people.without_role.person_id or 0)
        with pytest.raises(WrongPerson, match="They have no role"):
            let_go(session, people.administrator, person, to=to, shares="hand_on")
        assert to.id not in {each.id for each in those_who_can_take_over(session, person)}
        assert successor(session, people).id in {each.id for each in those_who_can_take_over(session, person)}

    def test_drafts_and_what_came_back_are_told_and_whoever_takes_over_hears_of_it(
        self, session: Session, people: make.People
    ) -> None:
        rosa = get_person(session, people.contributor.person_id or 0)
        colleague = make.person(session, people.agency, "agency_contributor")
        draft = make.asset(session, people.agency, versions=0)
        make.version(session, draft, uploaded_by_id=rosa.id)
        published = make.published(session, people.agency, people.librarian)
        came_back = make.version(session, published, current=False, uploaded_by_id=rosa.id)
        make.approval(session, came_back, people.librarian, verdict="returned")
        (found,) = work_of(session, rosa)
        assert (found.key, found.count, found.way) == ("drafts", 2, "stay")
        assert "They stay with Halden & Frey." in found.sentence
        let_go(session, people.administrator, rosa, to=colleague)
        notice = session.scalars(select(Notice).where(Notice.person_id == colleague.id)).one()
        assert (notice.kind, "2 drafts" in recalled(notice.sentence)) == ("work.handed_on", True)

    @pytest.mark.parametrize("shares", ["end", "hand_on"])
    def test_work_is_handed_on_and_every_door_shuts(
        self, session: Session, people: make.People, shares: str
    ) -> None:
        person, to = furnish(session, people), successor(session, people)
        token = open_session(session, person, address="", browser="")
        let_go(session, people.administrator, person, to=to, shares=shares)
        session.flush()
        session.expire_all()
        assert find_signed_in(session, token) is None
        assert not session.scalars(select(Collection.id).where(Collection.owner_id == person.id)).all()
        living, over = session.scalars(select(Share).order_by(Share.id)).all()
        assert (living.maker_id == to.id, living.revoked_at is None) == ((shares == "hand_on"),) * 2
        assert (over.maker_id, over.revoked_at is None) == (person.id, False)
        assert session.scalars(select(AccessRequest.state)).all() == ["taken_back"]
        for model in (SecondFactor, RecoveryCode, Identity, RoleGrant, DutyGrant, GroupMember, AssetGrant):
            assert count(session, model, person.id) == 0, model
        assert session.scalars(select(ApiToken.revoked_at)).one() is not None
        assert session.scalars(select(OneTimeLink.used_at)).one() is not None
        left = get_person(session, person.id)
        assert (left.state, left.password_hash, left.closed_at is None) == ("closed", None, False)
        assert not acting(session, left).has_any_role
        assert work_of(session, left) == []

    def test_what_ends_with_them_is_recorded_as_if_it_had_ended_for_itself(
        self, session: Session, people: make.People
    ) -> None:
        person = furnish(session, people)
        request = session.scalars(select(AccessRequest)).one()
        grant = session.scalars(select(AssetGrant)).one()
        asset_id, until = grant.asset_id, grant.until.isoformat()
        let_go(session, people.administrator, person, to=successor(session, people))
        session.commit()
        found = {
            each.action: (each.object_kind, int(each.object_id), each.changes) for each in recorded(session)
        }
        assert found["catalog.request_taken_back"] == (
            "access_request", request.id, {"before": {"state": "open"}, "after": {"state": "taken_back"}},
        )  # fmt: skip
        assert found["catalog.asset_closed"] == (
            "asset", asset_id, {"before": {"person": person.id, "until": until}},
        )  # fmt: skip
        assert request.answered_by_id == people.administrator.person_id

    def test_the_last_administrator_stays(self, session: Session, people: make.People) -> None:
        with pytest.raises(WrongPerson, match="last administrator"):
            let_go(session, people.administrator, get_person(session, 1), to=None)

    def test_who_comes_back_is_invited_anew_with_roles_of_their_own(
        self, session: Session, people: make.People
    ) -> None:
        person = get_person(session, people.contributor.person_id or 0)
        admin = people.administrator
        let_go(session, admin, person, to=None)
        with pytest.raises(WrongPerson, match="Reopen it first"):
            actions.set_roles(session, admin, person, [LIBRARIAN])
        with pytest.raises(WrongPerson) as refused:
            actions.reopen_person(session, admin, person, reason=" ")
        assert set(refused.value.details["fields"]) == {"reason"}
        actions.reopen_person(session, admin, person, reason="A new order")
        assert person.state == "invited"
        with pytest.raises(WrongPerson, match="Give this person a role first"):
            actions.invite_again(session, admin, person)
        actions.set_roles(session, admin, person, ["agency_contributor"])
        actions.invite_again(session, admin, person)
        assert count(session, OneTimeLink, person.id) == 1


class TestPartingFromAnOrganisation:
    def test_what_is_open_is_told_with_its_place(self, session: Session, people: make.People) -> None:
        make.asset(session, people.agency)
        make.asset(session, people.agency, state="in_review")
        make.asset(session, people.agency, deleted_at=clock.now())
        make.published(session, people.agency, people.librarian)
        found = {each.key: each.count for each in open_matters(session, people.agency)}
        assert found == {"drafts": 1, "in_review": 1, "people": 1}
        assert all(each.url.startswith("/") for each in open_matters(session, people.agency))
        with pytest.raises(StillOpen, match=r"cannot be closed yet\. 1 asset of theirs is a draft\."):
            part_from(session, people.administrator, people.agency, with_people=True)
        assert get_person(session, people.contributor.person_id or 0).state == "active"

    def test_its_people_are_closed_with_it_if_that_is_wanted(
        self, session: Session, people: make.People
    ) -> None:
        with pytest.raises(StillOpen, match="1 person is not closed"):
            part_from(session, people.administrator, people.agency, with_people=False)
        part_from(session, people.administrator, people.agency, with_people=True)
        assert people.agency.state == "closed"
        assert get_person(session, people.contributor.person_id or 0).state == "closed"
        assert get_person(session, people.other_contributor.person_id or 0).state == "active"

    def test_it_comes_back_for_a_reason(self, session: Session, people: make.People) -> None:
        part_from(session, people.administrator, people.agency, with_people=True)
        with pytest.raises(WrongPerson, match="Say why"):
            actions.reopen_organisation(session, people.administrator, people.agency)
        actions.reopen_organisation(session, people.administrator, people.agency, reason="A new order")
        assert (people.agency.state, people.agency.closed_at) == ("active", None)

    def test_the_own_company_stays(self, session: Session, people: make.People) -> None:
        with pytest.raises(WrongPerson, match="own company"):
            part_from(session, people.administrator, people.own, with_people=False)

    def test_nobody_comes_to_one_that_is_shut(self, session: Session, people: make.People) -> None:
        for state in ("suspended", "closed"):
            people.agency.state = state
            with pytest.raises(WrongPerson) as refused:
                actions.invite_person(
                    session, people.administrator, people.agency, name="A", email="a@b.example",
                    roles=["reviewer"],
                )  # fmt: skip
            assert set(refused.value.details["fields"]) == {"organisation_id"}


class TestGroups:
    def test_what_a_group_gives_holds_at_once_and_goes_at_once(
        self, session: Session, people: make.People
    ) -> None:
        admin, who = people.administrator, people.without_role.person_id or 0
        group = actions.add_group(session, admin, name="Kids")
        actions.set_group_roles(session, admin, group, [LIBRARIAN, PARTNER])
        actions.add_members(session, admin, group, [get_person(session, who)])
        assert actor_of(session, who).all_roles == {LIBRARIAN}, "partner does not fit the own company"
        actions.remove_member(session, admin, group, get_person(session, who))
        assert not actor_of(session, who).has_any_role
        actions.add_members(session, admin, group, [get_person(session, who)])
        actions.delete_group(session, admin, group)
        assert not actor_of(session, who).has_any_role
