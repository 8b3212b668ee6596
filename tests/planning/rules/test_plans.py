"""What may follow what, what may stand in a draft, and what money is worth in another currency."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.money import digits_of
from assetlib.planning.errors import PlanningChanged, WrongPlanning, WrongPlanningState
from assetlib.planning.rules import plans as rules
from assetlib.planning.rules.plan_content import ActivitySaid, Content, LineSaid, ResultSaid

DAY = date(2027, 3, 1)
LINE = LineSaid(7, 1, 10, 20, 100, "EUR")
BOOKS = rules.Books(periods=[1, 2], accounts={10: [1, 2], 11: [2]}, cost_centres={20: [1, 2], 21: [2]})
KNOWN = rules.Known(brands=["northwind"], regions=["dach"], products=["boots"])
PATHS = [
    ("draft", "in_review"),
    ("in_review", "approved"),
    ("in_review", "changes_requested"),
    ("in_review", "rejected"),
    ("in_review", "taken_back"),
    ("approved", "active"),
    ("active", "superseded"),
    ("active", "closed"),
]


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("then", rules.STATES)
def test_a_version_goes_these_ways_and_no_other(state: str, then: str) -> None:
    if (state, then) in PATHS:
        rules.must_follow(state, then)
    else:
        with pytest.raises(WrongPlanningState):
            rules.must_follow(state, then)


@pytest.mark.parametrize("state", rules.STATES)
def test_only_drafts_are_written_and_only_what_was_sent_is_talked_about(state: str) -> None:
    closed = rules.must_be_sent if state == "draft" else rules.must_be_draft
    open_ = rules.must_be_draft if state == "draft" else rules.must_be_sent
    open_(state)
    with pytest.raises(WrongPlanningState):
        closed(state)


def test_nobody_overwrites_what_they_did_not_see() -> None:
    rules.must_be_as_seen(3, 3)
    with pytest.raises(PlanningChanged) as refused:
        rules.must_be_as_seen(4, 3)
    assert refused.value.details["current"] == {"revision": 4}


def fields(act: Callable[[], None]) -> set[str]:
    """The fields that are at fault."""
    try:
        act()
    except WrongPlanning as refusal:
        return set(refusal.details["fields"])
    return set()


PLAN = {
    "name": "FY 2027", "year": 2027, "has_periods": True, "brand": "", "region": "", "currency": "EUR",
    "owner": True, "known": KNOWN,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "at_fault"),
    [
        ({}, set()),
        ({"brand": "northwind", "region": "dach"}, set()),
        ({"name": " "}, {"name"}),
        ({"name": "x" * 201}, {"name"}),
        ({"year": 27}, {"fiscal_year"}),
        ({"has_periods": False}, {"fiscal_year"}),
        ({"brand": "dach"}, {"brand"}),
        ({"region": "mars"}, {"region"}),
        ({"currency": "XYZ"}, {"currency"}),
        ({"owner": False}, {"owner"}),
        ({"name": "", "currency": ""}, {"name", "currency"}),
    ],
)
def test_what_a_plan_needs(values: dict[str, object], at_fault: set[str]) -> None:
    assert fields(lambda: rules.must_be_plan(**{**PLAN, **values})) == at_fault  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "at_fault"),
    [
        (Content(), set()),
        (Content(objectives=("Reach",), products=("boots",), segments=("Hikers",)), set()),
        (Content(objectives=("x" * 301,)), {"objectives"}),
        (Content(objectives=("x",) * 51), {"objectives"}),
        (Content(channels=("\0",)), {"channels"}),
        (Content(products=("shoes",)), {"products"}),
        (Content(assumptions="x" * 20_001), {"assumptions"}),
    ],
)
def test_what_words_a_draft_takes(content: Content, at_fault: set[str]) -> None:
    assert fields(lambda: rules.must_be_words(content, KNOWN)) == at_fault


@pytest.mark.parametrize(
    ("results", "at_fault"),
    [
        ([ResultSaid("Reach", 1, "m")], set()),
        ([ResultSaid("Reach", 1), ResultSaid("Reach", 1, campaign_id=5)], set()),
        ([ResultSaid("Reach", 1), ResultSaid("Reach", 2)], {"expected-1"}),
        ([ResultSaid("", 1)], {"expected-0"}),
        ([ResultSaid("Reach", 10**16)], {"expected-0"}),
        ([ResultSaid("Reach", 1, campaign_id=6)], {"expected-0"}),
        ([ResultSaid(str(each), 1) for each in range(201)], {"expected"}),
    ],
)
def test_what_can_be_expected(results: list[ResultSaid], at_fault: set[str]) -> None:
    assert fields(lambda: rules.must_be_results(results, {5})) == at_fault


@pytest.mark.parametrize(
    ("activities", "with_lines", "at_fault"),
    [
        ([ActivitySaid(7, DAY, DAY)], {7}, set()),
        ([], {7}, {"activity-7"}),
        ([ActivitySaid(8, DAY, DAY)], set(), {"activity-8"}),
        ([ActivitySaid(7, DAY, date(2027, 2, 1))], set(), {"activity-7"}),
    ],
)
def test_which_activities_a_draft_takes_in(
    activities: list[ActivitySaid], with_lines: set[int], at_fault: set[str]
) -> None:
    assert fields(lambda: rules.must_be_activities(activities, {7: "Fair"}, with_lines)) == at_fault


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, ""),
        ({"amount_minor": 0}, ""),
        ({"period_id": 2, "gl_account_id": 11, "cost_centre_id": 21}, ""),
        ({"activity_id": 8}, "Choose an activity that stands in this version."),
        ({"period_id": 3}, "Choose a month of the plan's year."),
        ({"gl_account_id": 12}, "Choose an account."),
        ({"gl_account_id": 11}, "This account may not be booked to in that month. Choose another one."),
        ({"cost_centre_id": 0}, "Choose a cost centre."),
        ({"cost_centre_id": 21}, "This cost centre bears no money in that month. Choose another one."),
        ({"currency": "XXX"}, "Choose a currency."),
        ({"amount_minor": -1}, "Write an amount that is not below zero."),
        ({"certainty": "maybe"}, "Choose how sure it is."),
        ({"note": "x" * 301}, "Use at most 300 characters; these are 301."),
    ],
)
def test_which_lines_a_draft_takes(values: dict[str, object], fault: str) -> None:
    line = replace(LINE, **values)  # type: ignore[arg-type]
    if not fault:
        rules.must_be_lines([LINE, line], {7}, BOOKS)
        return
    with pytest.raises(WrongPlanning) as refused:
        rules.must_be_lines([LINE, line], {7}, BOOKS)
    assert refused.value.details["fields"] == {"line-1": fault}


def test_an_empty_plan_is_not_sent_and_each_gap_is_named() -> None:
    with pytest.raises(WrongPlanning) as refused:
        rules.must_be_sendable(Content(), {}, "EUR")
    assert refused.value.details["fields"] == {
        "objectives": "Say at least one objective: what the plan is for.",
        "activities": "Take in at least one activity.",
        "lines": "Plan at least one line of money.",
    }


def test_a_missing_rate_is_named() -> None:
    whole = Content(objectives=("Reach",), activities=(ActivitySaid(7, DAY, DAY),), lines=(LINE,))
    rules.must_be_sendable(whole, {"EUR": rules.ONE_RATE}, "EUR")
    with pytest.raises(WrongPlanning) as refused:
        rules.must_be_sendable(whole, {"CHF": None, "EUR": rules.ONE_RATE, "JPY": None}, "EUR")
    assert refused.value.details["fields"]["lines"] == (
        "There is no plan rate from CHF to EUR. Have one entered. "
        "There is no plan rate from JPY to EUR. Have one entered."
    )


@pytest.mark.parametrize(
    ("amount", "currency", "into", "rate", "worth"),
    [
        (100_000, "EUR", "EUR", 10**10, 100_000),
        (100_000, "CHF", "EUR", 10_500_000_000, 105_000),
        (1_000_000, "JPY", "EUR", 62_500_000, 625_000),
        (625_000, "EUR", "JPY", 1_600_000_000_000, 1_000_000),
        (1, "CHF", "EUR", 5_000_000_000, 0),
        (3, "CHF", "EUR", 5_000_000_000, 2),
        (0, "CHF", "EUR", 10**10, 0),
    ],
)
def test_money_of_another_currency(amount: int, currency: str, into: str, rate: int, worth: int) -> None:
    assert rules.converted(amount, currency, into, rate) == worth


@given(st.integers(0, 10**15), st.sampled_from(["EUR", "JPY", "KWD"]), st.integers(1, 10**13))
def test_it_is_rounded_half_to_even_as_decimals_are(amount: int, currency: str, rate: int) -> None:
    exact = Decimal(amount).scaleb(-digits_of(currency)) * Decimal(rate).scaleb(-10)
    worth = exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN).scaleb(2)
    assert rules.converted(amount, currency, "EUR", rate) == int(worth)
