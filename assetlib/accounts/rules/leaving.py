"""What stands in the way of a goodbye, and what it takes along."""

from collections.abc import Sequence
from dataclasses import dataclass

from assetlib.accounts.errors import StillOpen, WrongPerson
from assetlib.words import say, together

LONGEST_REASON = 500


@dataclass(frozen=True)
class Matter:
    """Something of a person or organisation that is still open. Each room tells of its own."""

    key: str
    sentence: str
    """With its number in it: 3 uploads are under way."""
    count: int
    url: str = ""
    """Where to look at it."""
    way: str = ""
    """When a person leaves it goes to somebody (`hand`), does so or ends (`choose`), ends (`end`),
    or lies with the organisation and stays there (`stay`)."""


def must_be_done(matters: Sequence[Matter], what: str) -> None:
    """Nothing, or `StillOpen` with what is open, in sentences."""
    open_ones = [each for each in matters if each.count]
    if open_ones:
        raise StillOpen(
            together(what, *(each.sentence for each in open_ones)),
            matters=[{"key": each.key, "count": each.count, "url": each.url} for each in open_ones],
        )


def must_be_reason(reason: str) -> None:
    """Nothing, or `WrongPerson`: why a closed one comes back is told to those who look later."""
    fault = ""
    if not reason.strip():
        fault = say("Say why, for those who look at this later.")
    elif len(reason) > LONGEST_REASON or "\0" in reason:
        fault = say("Use at most {most} characters.", most=LONGEST_REASON)
    if fault:
        raise WrongPerson(fault, fields={"reason": fault})


def must_follow(state: str, wanted: str, ways: dict[str, tuple[str, ...]]) -> None:
    """Nothing, or `WrongPerson` when that state does not come after this one."""
    if state not in ways[wanted]:
        raise WrongPerson(NOT_NOW[state])


WAYS_OF_A_PERSON: dict[str, tuple[str, ...]] = {
    "suspended": ("active", "invited", "suspended"),
    "active": ("suspended", "active"),
    "invited": ("closed",),
    "closed": ("invited", "active", "suspended"),
}
WAYS_OF_AN_ORGANISATION: dict[str, tuple[str, ...]] = {
    "suspended": ("active", "invited", "suspended"),
    "active": ("suspended", "closed", "active"),
    "closed": ("invited", "active", "suspended"),
}
NOT_NOW = {
    "invited": say("This one is invited and has not come in yet."),
    "active": say("This one is active already."),
    "suspended": say("This one is suspended. Reopen it first."),
    "closed": say("This one is closed. Reopen it first."),
}
