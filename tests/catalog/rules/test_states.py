import pytest

from assetlib.catalog.errors import WrongState
from assetlib.catalog.models.asset import STATES
from assetlib.catalog.rules.states import (
    SAID,
    TRANSITIONS,
    after_reopening,
    after_return,
    may_now,
    next_state,
    takes_its_place,
)

VERBS = ("submit", "approve", "return", "publish", "withdraw", "archive", "reopen")
DRAFT, REVIEW, APPROVED, PUBLISHED, WITHDRAWN, ARCHIVED = STATES
LEADS = {
    ("submit", DRAFT): REVIEW,
    ("approve", DRAFT): APPROVED,
    ("approve", REVIEW): APPROVED,
    ("approve", APPROVED): APPROVED,
    ("approve", PUBLISHED): PUBLISHED,
    ("approve", WITHDRAWN): WITHDRAWN,
    ("return", REVIEW): DRAFT,
    ("return", APPROVED): DRAFT,
    ("return", PUBLISHED): PUBLISHED,
    ("return", WITHDRAWN): WITHDRAWN,
    ("publish", APPROVED): PUBLISHED,
    ("publish", WITHDRAWN): PUBLISHED,
    ("withdraw", PUBLISHED): WITHDRAWN,
    ("archive", DRAFT): ARCHIVED,
    ("archive", APPROVED): ARCHIVED,
    ("archive", PUBLISHED): ARCHIVED,
    ("archive", WITHDRAWN): ARCHIVED,
    ("reopen", WITHDRAWN): DRAFT,
    ("reopen", ARCHIVED): DRAFT,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_leads_from_each_state_to_the_one_named_or_is_refused(verb: str, state: str) -> None:
    after = LEADS.get((verb, state))
    if after is not None:
        assert next_state(verb, state) == after
        return
    with pytest.raises(WrongState) as refused:
        next_state(verb, state)
    assert SAID[state] in refused.value.sentence
    assert refused.value.details == {"verb": verb, "state": state}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("in_force", [True, False])
def test_what_may_be_done_now_is_what_is_not_refused(verb: str, state: str, in_force: bool) -> None:
    try:
        after_return(state, in_force=in_force) if verb == "return" else next_state(verb, state)
    except WrongState:
        assert not may_now(verb, state, in_force=in_force)
    else:
        assert may_now(verb, state, in_force=in_force)


def test_the_table_names_every_verb_and_no_unknown_state() -> None:
    assert set(TRANSITIONS) == set(VERBS)
    assert {s for leads in TRANSITIONS.values() for pair in leads.items() for s in pair} <= set(STATES)
    assert set(SAID) == set(STATES)


@pytest.mark.parametrize(
    ("number", "current_number", "current_is_approved", "takes"),
    [
        (1, None, False, True),
        (1, 1, False, True),
        (2, 1, True, True),
        (2, 1, False, True),
        (1, 2, True, False),
        (1, 2, False, True),
        (2, 2, True, True),
    ],
)
def test_an_approved_version_takes_its_place_unless_a_later_approved_one_is_there(
    number: int, current_number: int | None, current_is_approved: bool, takes: bool
) -> None:
    said = takes_its_place(
        number=number, current_number=current_number, current_is_approved=current_is_approved
    )
    assert said is takes


@pytest.mark.parametrize(
    ("state", "in_force", "after"),
    [
        (REVIEW, True, DRAFT),
        (REVIEW, False, DRAFT),
        (APPROVED, True, DRAFT),
        (APPROVED, False, APPROVED),
        (PUBLISHED, False, PUBLISHED),
        (WITHDRAWN, True, WITHDRAWN),
        (WITHDRAWN, False, WITHDRAWN),
    ],
)
def test_a_return_moves_only_what_relies_on_the_version(state: str, in_force: bool, after: str) -> None:
    assert after_return(state, in_force=in_force) == after


def test_what_is_published_is_not_returned_before_it_is_withdrawn() -> None:
    with pytest.raises(WrongState, match="Withdraw the asset"):
        after_return(PUBLISHED, in_force=True)


@pytest.mark.parametrize("state", [WITHDRAWN, ARCHIVED])
def test_reopening_leads_to_approved_only_with_an_approved_version(state: str) -> None:
    assert after_reopening(state, current_is_approved=True) == APPROVED
    assert after_reopening(state, current_is_approved=False) == DRAFT
