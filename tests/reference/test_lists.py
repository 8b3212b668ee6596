"""Lists say what counts on a day, what is still to come, and what is over."""

from datetime import date

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.reference.queries.changes import changes_of
from assetlib.reference.queries.lists import (
    accounts_page,
    contracts_of,
    cost_centres_page,
    rates_page,
    vendors_page,
    years_of,
)
from tests import make_plans
from tests.make_reference import Keepers, change, contract, rate, vendor

ENGINES = ("sqlite", "postgresql")
TODAY = date(2026, 12, 1)


def test_accounts_and_cost_centres_by_code_and_how_they_stand(session: Session, kept_by: Keepers) -> None:
    for build, page_of, kind in (
        (make_plans.gl_account, accounts_page, "gl_account"),
        (make_plans.cost_centre, cost_centres_page, "cost_centre"),
    ):
        build(session, code="3", valid_from=date(2026, 12, 2))
        now = build(session, code="1", valid_from=TODAY, valid_until=TODAY)
        build(session, code="2", valid_from=date(2020, 1, 1), valid_until=date(2026, 11, 30))
        waits = change(session, kept_by.finance, kind=kind, thing_id=now.id, after={"name": "x"})
        page = page_of(session, TODAY, number=1, size=48)
        assert [(each.row.code, each.state) for each in page.rows] == [
            ("1", "valid"),
            ("2", "over"),
            ("3", "coming"),
        ]
        assert [each.pending and each.pending.id for each in page.rows] == [waits.id, None, None]
        assert [each.row.code for each in page_of(session, TODAY, number=2, size=2).rows] == ["3"]
        assert page.total == 3


def test_of_a_pair_of_currencies_one_rate_counts(session: Session) -> None:
    for year in (2024, 2026, 2027):
        rate(session, valid_from=date(year, 1, 1))
    rate(session, kind="spot", valid_from=date(2026, 6, 1))
    rate(session, quote="NOK", valid_from=date(2026, 12, 1))
    page = rates_page(session, TODAY, number=1, size=48)
    assert [(each.row.quote, each.row.kind, each.row.valid_from.year, each.state) for each in page.rows] == [
        ("NOK", "plan", 2026, "valid"),
        ("USD", "plan", 2027, "coming"),
        ("USD", "plan", 2026, "valid"),
        ("USD", "plan", 2024, "over"),
        ("USD", "spot", 2026, "valid"),
    ]


def test_vendors_by_name_with_their_contracts(session: Session) -> None:
    weiss, halden = vendor(session, name="weiss"), vendor(session, name="Halden")
    contract(session, halden, name="Old", starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    contract(session, halden, name="Now", starts_on=date(2026, 1, 1))
    contract(session, weiss, name="Another's")
    page = vendors_page(session, number=1, size=48)
    assert [(row.name, contracts) for row, contracts, _ in page.rows] == [("Halden", 2), ("weiss", 1)]
    agreed = contracts_of(session, halden.id, TODAY)
    assert [(each.row.name, each.state) for each in agreed] == [("Now", "valid"), ("Old", "over")]


def test_the_years_of_each_calendar(session: Session) -> None:
    one, two, none = (make_plans.fiscal_calendar(session) for _ in range(3))
    for year in (2026, 2027):
        make_plans.fiscal_year(session, one, year)
    make_plans.fiscal_year(session, two, 2026)
    assert years_of(session, [one.id, two.id, none.id]) == {one.id: [2027, 2026], two.id: [2026], none.id: []}


def test_a_change_is_shown_with_its_thing_its_people_and_what_the_reader_may(
    session: Session, kept_by: Keepers
) -> None:
    account = make_plans.gl_account(session, code="006010", name="Ads")
    change(session, kept_by.finance, state="withdrawn", decided_at=clock.now())
    change(
        session, kept_by.finance, thing_id=account.id, before={"name": "Ads"}, after={"name": "Advertising"}
    )

    def seen_by(actor: Actor) -> tuple[bool, bool]:
        (row,) = changes_of(session, actor, states=("open",), number=1, size=48).rows
        assert (row.thing, row.made_by, row.decided_by) == ("006010 Ads", "Fred Finance", "")
        assert [(each.field.name, each.before, each.after) for each in row.differences] == [
            ("name", "Ads", "Advertising")
        ]
        return row.may_decide, row.may_withdraw

    assert seen_by(kept_by.finance) == (False, True)
    assert seen_by(kept_by.second) == (True, False)
    assert seen_by(kept_by.planner) == (False, False)
    assert changes_of(session, kept_by.planner, states=(), number=1, size=48).total == 2
