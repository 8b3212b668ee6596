"""The life of an asset: which verb leads from which state to which."""

from assetlib.catalog.errors import WrongState
from assetlib.words import say, together

TRANSITIONS: dict[str, dict[str, str]] = {
    "submit": {"draft": "in_review"},
    "approve": {
        "draft": "approved",
        "in_review": "approved",
        "approved": "approved",
        "published": "published",
        "withdrawn": "withdrawn",
    },
    "return": {
        "in_review": "draft",
        "approved": "draft",
        "published": "published",
        "withdrawn": "withdrawn",
    },
    "publish": {"approved": "published", "withdrawn": "published"},
    "withdraw": {"published": "withdrawn"},
    "archive": {
        "draft": "archived",
        "approved": "archived",
        "published": "archived",
        "withdrawn": "archived",
    },
    "reopen": {"withdrawn": "draft", "archived": "draft"},
}
"""Verb → state before → state after. What is not here is refused.

A verdict about a version that is not in force leaves the asset where it is, see `after_verdict`. What is
reopened is approved at once when its version in force is, see `after_reopening`.
"""

SAID = {
    "draft": say("This is a draft."),
    "in_review": say("This is waiting for approval."),
    "approved": say("This is approved."),
    "published": say("This is published."),
    "withdrawn": say("This is withdrawn."),
    "archived": say("This is archived."),
}
_DOES = {
    "submit": say("Only drafts are sent for approval."),
    "approve": say("Reopen it before you approve."),
    "return": say("Only what was sent for approval is returned."),
    "publish": say("Only what is approved or withdrawn is published."),
    "withdraw": say("Only what is published is withdrawn."),
    "archive": say("Give the verdict it waits for before you archive it."),
    "reopen": say("Only what is withdrawn or archived is reopened."),
}


def next_state(verb: str, state: str) -> str:
    """The state that follows, or `WrongState` with a sentence that says what to do."""
    after = TRANSITIONS[verb].get(state)
    if after is None:
        if verb == "archive" and state == "archived":
            raise WrongState(
                together(SAID[state], say("It cannot be archived twice.")), verb=verb, state=state
            )
        raise WrongState(together(SAID[state], _DOES[verb]), verb=verb, state=state)
    return after


def state_after_sending(state: str, *, was_returned: bool) -> str:
    """The state after a draft was sent: its latest version is one that nobody returned."""
    after = next_state("submit", state)
    if was_returned:
        raise WrongState(
            say("This version was returned. Add a version that mends it, then send it for approval."),
            verb="submit",
            state=state,
        )
    return after


def may_now(verb: str, state: str, *, in_force: bool = True) -> bool:
    """Whether a verb leads on from a state; `in_force` tells of the version that a return is about."""
    if verb == "return" and in_force and state == "published":
        return False
    return state in TRANSITIONS[verb]


def keeps_its_rights(state: str) -> bool:
    """Whether somebody relies on the rights in this state: they are changed then, but not removed."""
    return state == "published"


def after_reopening(state: str, *, current_is_approved: bool) -> str:
    """Where something reopened begins: approved when its version in force is, else as a draft."""
    after = next_state("reopen", state)
    return "approved" if current_is_approved else after


def takes_its_place(*, number: int, current_number: int | None, current_is_approved: bool) -> bool:
    """Whether an approved version comes into force: unless a later one is approved and in force already."""
    return current_number is None or not current_is_approved or number >= current_number


def after_return(state: str, *, in_force: bool) -> str:
    """The state after a version was returned.

    A published asset keeps an approved version in force: returning that one needs a withdrawal first.
    Returning another version than the one in force says nothing about an approved or published asset.
    """
    after = next_state("return", state)
    if not in_force:
        return after if state == "in_review" else state
    if not may_now("return", state, in_force=in_force):
        raise WrongState(
            say("This version is published. Withdraw the asset before you return it."),
            verb="return",
            state=state,
        )
    return after
