"""Accounts, cost centres, rates, vendors and contracts change when a second person lets them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import SYSTEM, Actor
from assetlib.access.permission import NotPermitted
from assetlib.notify.models import Notice
from assetlib.reference.actions.applying import apply_change
from assetlib.reference.actions.changes import (
    approve_change,
    propose_change,
    reject_change,
    withdraw_change,
)
from assetlib.reference.errors import ReferenceChanged, WrongReference, WrongReferenceState
from assetlib.reference.models import Contract, CostCentre, GlAccount, ReferenceChange, Vendor
from assetlib.reference.queries import accounts_on, find_rate
from tests import make, make_plans
from tests.make_reference import Keepers, contract, rate, vendor

ENGINES = ("sqlite", "postgresql")
NEW_YEAR = date(2027, 1, 1)
ACCOUNT = {"code": "006010", "name": "Advertising", "valid_from": "2026-01-01"}
WHY = "Asked for by the auditors"


@pytest.fixture(autouse=True)
def _in_december() -> Any:
    with clock.held_at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        yield


def propose(
    session: Session, who: Actor, what: str, /, *, thing: int | None = None, **values: Any
) -> ReferenceChange:
    more = {"effective_on": values.pop("effective_on")} if "effective_on" in values else {}
    return propose_change(session, who, what, thing_id=thing, values=values, reason=WHY, **more)


def told(session: Session, kind: str) -> list[int]:
    return list(
        session.scalars(select(Notice.person_id).where(Notice.kind == kind).order_by(Notice.person_id))
    )


def test_a_new_account_is_there_when_a_second_person_approved_it(
    session: Session, kept_by: Keepers, people: make.People
) -> None:
    make_plans.gl_account(session)
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    assert "006010" not in [each.code for each in accounts_on(session, date(2026, 12, 1))]
    assert told(session, "reference.proposed") == sorted(
        [kept_by.second.person_id or 0, people.administrator.person_id or 0]
    )
    approve_change(session, kept_by.second, change)
    account = session.scalars(select(GlAccount).where(GlAccount.code == "006010")).one()
    assert (account.name, account.kind, account.valid_from) == ("Advertising", "expense", date(2026, 1, 1))
    assert (change.state, change.thing_id, change.decided_by_id) == (
        "applied",
        account.id,
        kept_by.second.person_id,
    )
    assert told(session, "reference.decided") == [kept_by.finance.person_id]


def test_nobody_approves_what_they_proposed(session: Session, kept_by: Keepers) -> None:
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    with pytest.raises(NotPermitted):
        approve_change(session, kept_by.finance, change)
    with pytest.raises(NotPermitted):
        reject_change(session, kept_by.finance, change, answer="No")
    assert change.state == "open"


@pytest.mark.parametrize("decider", ["made_by_id", "NULL"])
def test_the_table_takes_no_approval_without_a_second_person(
    session: Session, kept_by: Keepers, decider: str
) -> None:
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    with pytest.raises(IntegrityError, match="by_a_second_person"), session.begin_nested():
        session.execute(
            text(
                f"UPDATE reference_change SET state = 'approved', decided_at = made_at, "
                f"decided_by_id = {decider} WHERE id = {change.id}"
            )
        )


def test_each_kind_of_thing_comes_into_being(session: Session, kept_by: Keepers, people: make.People) -> None:
    things: dict[str, dict[str, Any]] = {
        "cost_centre": {"code": "0100", "name": "Marketing DACH", "valid_from": "2026-01-01"},
        "rate": {"base": "EUR", "quote": "NOK", "rate": 117_500_000_000, "valid_from": "2027-01-01"},
        "vendor": {"code": "70001", "name": "Halden", "currency": "NOK", "organisation_id": people.agency.id},
    }
    for kind, values in things.items():
        approve_change(session, kept_by.second, propose(session, kept_by.finance, kind, **values))
    (made,) = session.scalars(select(Vendor))
    approve_change(
        session,
        kept_by.second,
        propose(
            session, kept_by.finance, "contract", vendor_id=made.id, name="Frame 2027",
            starts_on="2027-01-01", ends_on="2027-12-31", cap_minor=5_000_000, currency="NOK",
        ),
    )  # fmt: skip
    assert session.scalars(select(CostCentre.code)).all() == ["0100"]
    assert session.scalars(select(Contract.cap_minor)).all() == [5_000_000]
    assert made.organisation_id == people.agency.id
    # The rate of next year is known to whoever plans it today.
    assert find_rate(session, "EUR", "NOK", NEW_YEAR) == 117_500_000_000
    assert find_rate(session, "EUR", "NOK", date(2026, 12, 31)) is None


def test_only_what_changes_is_changed_and_before_is_kept(session: Session, kept_by: Keepers) -> None:
    noise, row = make_plans.gl_account(session), make_plans.gl_account(session, name="Ads")
    change = propose(session, kept_by.finance, "gl_account", thing=row.id, name="Advertising", kind="expense")
    assert (change.before, change.after) == ({"name": "Ads"}, {"name": "Advertising"})
    approve_change(session, kept_by.second, change)
    assert (row.name, row.revision) == ("Advertising", 2)
    assert (noise.name, noise.revision) == ("Advertising", 1)


def test_a_change_for_a_later_day_waits_for_it_and_is_made_once(session: Session, kept_by: Keepers) -> None:
    row = vendor(session, terms_days=30)
    change = propose(session, kept_by.finance, "vendor", thing=row.id, terms_days=60, effective_on=NEW_YEAR)
    approve_change(session, kept_by.second, change)
    apply_change(session, SYSTEM, change.id)
    assert (change.state, row.terms_days) == ("approved", 30)
    with clock.held_at(datetime(2027, 1, 1, 0, 30, tzinfo=UTC)):
        for _ in range(2):
            apply_change(session, SYSTEM, change.id)
    assert (change.state, row.terms_days, row.revision) == ("applied", 60, 2)


def test_what_was_overtaken_is_not_approved(session: Session, kept_by: Keepers) -> None:
    row = make_plans.gl_account(session, name="Ads")
    change = propose(session, kept_by.finance, "gl_account", thing=row.id, name="Advertising")
    row.name = "Fairs"
    session.flush()
    with pytest.raises(ReferenceChanged, match="something else now"):
        approve_change(session, kept_by.second, change)
    assert (change.state, row.name) == ("open", "Fairs")


def test_what_was_overtaken_on_its_day_is_dropped_and_told(session: Session, kept_by: Keepers) -> None:
    row = vendor(session)
    change = propose(session, kept_by.finance, "vendor", thing=row.id, name="Halden", effective_on=NEW_YEAR)
    approve_change(session, kept_by.second, change)
    row.name = "Frey"
    session.flush()
    with clock.held_at(datetime(2027, 1, 1, 9, tzinfo=UTC)):
        apply_change(session, SYSTEM, change.id)
    assert (change.state, row.name) == ("rejected", "Frey")
    assert "something else now" in change.answer
    assert set(told(session, "reference.decided")) == {kept_by.finance.person_id, kept_by.second.person_id}


@pytest.mark.parametrize("effective_on", [date(2026, 12, 1), NEW_YEAR])
def test_two_proposals_for_the_same_field_are_told(
    session: Session, kept_by: Keepers, effective_on: date
) -> None:
    row = make_plans.gl_account(session)
    first = propose(session, kept_by.finance, "gl_account", thing=row.id, name="Ads", effective_on=NEW_YEAR)
    with pytest.raises(ReferenceChanged, match="Fred Finance proposed a change of the same already: Name"):
        propose(session, kept_by.second, "gl_account", thing=row.id, name="Fairs", effective_on=effective_on)
    propose(session, kept_by.second, "gl_account", thing=row.id, kind="prepaid")
    approve_change(session, kept_by.second, first)
    with pytest.raises(ReferenceChanged, match="takes effect later: Name"):
        propose(session, kept_by.second, "gl_account", thing=row.id, name="Fairs")


def test_the_same_new_thing_is_proposed_once_and_not_when_it_is_there(
    session: Session, kept_by: Keepers
) -> None:
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    with pytest.raises(ReferenceChanged, match="already: Code"):
        propose(session, kept_by.second, "gl_account", **ACCOUNT)
    propose(session, kept_by.second, "gl_account", **{**ACCOUNT, "code": "6010"})  # zeros belong to it
    approve_change(session, kept_by.second, change)
    with pytest.raises(WrongReference) as refused:
        propose(session, kept_by.second, "gl_account", **ACCOUNT)
    assert list(refused.value.details["fields"]) == ["code"]
    rate(session)
    with pytest.raises(WrongReference, match="like it already"):
        propose(session, kept_by.finance, "rate", base="EUR", quote="USD", rate=1, valid_from="2020-01-01")


def test_a_code_that_was_taken_meanwhile_is_not_approved(session: Session, kept_by: Keepers) -> None:
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    make_plans.gl_account(session, code="006010")
    with pytest.raises(ReferenceChanged, match="one like it already"):
        approve_change(session, kept_by.second, change)


def test_a_change_is_decided_once(session: Session, kept_by: Keepers, people: make.People) -> None:
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    reject_change(session, kept_by.second, change, answer="We have 6010 for that")
    assert (change.state, change.answer) == ("rejected", "We have 6010 for that")
    with pytest.raises(WrongReferenceState, match="Rejected"):
        approve_change(session, people.administrator, change)
    with pytest.raises(WrongReferenceState):
        withdraw_change(session, kept_by.finance, change)
    assert session.scalars(select(GlAccount)).all() == []


def test_a_reason_is_given_for_a_change_and_for_its_rejection(session: Session, kept_by: Keepers) -> None:
    with pytest.raises(WrongReference) as refused:
        propose_change(session, kept_by.finance, "gl_account", values=ACCOUNT, reason="  ")
    assert list(refused.value.details["fields"]) == ["reason"]
    change = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    with pytest.raises(WrongReference) as refused:
        reject_change(session, kept_by.second, change, answer="")
    assert list(refused.value.details["fields"]) == ["answer"]


def test_a_change_is_withdrawn_by_its_maker_and_before_its_day_by_an_approver_too(
    session: Session, kept_by: Keepers
) -> None:
    mine = propose(session, kept_by.finance, "gl_account", **ACCOUNT)
    with pytest.raises(NotPermitted):
        withdraw_change(session, kept_by.planner, mine)
    with pytest.raises(WrongReferenceState):
        withdraw_change(session, kept_by.second, mine)  # it is theirs to approve or to reject
    withdraw_change(session, kept_by.finance, mine)
    row = vendor(session)
    later = propose(session, kept_by.finance, "vendor", thing=row.id, name="Frey", effective_on=NEW_YEAR)
    approve_change(session, kept_by.second, later)
    withdraw_change(session, kept_by.second, later)
    with clock.held_at(datetime(2027, 1, 2, tzinfo=UTC)):
        apply_change(session, SYSTEM, later.id)
    assert (mine.state, later.state, row.name) == ("withdrawn", "withdrawn", "Halden & Frey")


def test_a_rate_is_put_right_but_never_becomes_one_of_other_currencies(
    session: Session, kept_by: Keepers
) -> None:
    row = rate(session)
    with pytest.raises(WrongReference) as refused:
        propose(session, kept_by.finance, "rate", thing=row.id, quote="NOK", rate=1)
    assert list(refused.value.details["fields"]) == ["quote"]
    approve_change(
        session, kept_by.second, propose(session, kept_by.finance, "rate", thing=row.id, rate=11 * 10**9)
    )
    assert find_rate(session, "EUR", "USD", NEW_YEAR) == 11 * 10**9


def test_what_leads_nowhere_is_refused(session: Session, kept_by: Keepers, people: make.People) -> None:
    with pytest.raises(WrongReference) as refused:
        propose(session, kept_by.finance, "contract", vendor_id=99, name="x", starts_on="2026-01-01")
    assert list(refused.value.details["fields"]) == ["vendor_id"]
    with pytest.raises(WrongReference) as refused:
        propose(
            session,
            kept_by.finance,
            "vendor",
            code="1",
            name="x",
            currency="EUR",
            organisation_id=people.own.id,
        )
    assert list(refused.value.details["fields"]) == ["organisation_id"]
    row = vendor(session)
    agreed = contract(session, row)
    with pytest.raises(WrongReference, match="already"):
        propose(
            session, kept_by.finance, "contract", vendor_id=row.id, name=agreed.name, starts_on="2020-01-01"
        )
    with pytest.raises(WrongReference, match="says already"):
        propose(session, kept_by.finance, "vendor", thing=row.id, name=row.name)
