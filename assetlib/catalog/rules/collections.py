"""How collections may lie in one another."""

from collections.abc import Collection, Sequence

from assetlib.catalog.errors import InUse, WrongValue
from assetlib.catalog.rules.texts import LONGEST_TEXT, name_fault, text_fault
from assetlib.words import say

LONGEST_NAME = 200
DEEPEST = 12
AUDIENCES = ("private", "organisation")
MOST_AT_ONCE = 10_000


def must_be_described(*, name: str, description: str, audience: str) -> None:
    """Nothing, or `WrongValue` with a sentence per field."""
    found = {
        "name": name_fault(name, LONGEST_NAME, required=True),
        "description": text_fault(description, LONGEST_TEXT),
        "audience": None if audience in AUDIENCES else say("Choose who sees it."),
    }
    faults = {field: fault for field, fault in found.items() if fault is not None}
    if faults:
        raise WrongValue(
            say("This collection cannot be kept like that. Look at the marked fields."), fields=faults
        )


def must_fit_inside(*, audience: str, parent_audience: str | None, depth: int) -> None:
    """What the organisation sees never lies in something private: it would be found by nobody."""
    if parent_audience == "private" and audience != "private":
        sentence = say("The collection around it is private. Open that one first, or keep this one private.")
        raise WrongValue(sentence, fields={"parent": sentence})
    if depth > DEEPEST:
        sentence = say("Collections lie at most {deepest} deep.", deepest=DEEPEST)
        raise WrongValue(sentence, fields={"parent": sentence})


def must_hold_no_other(names: Sequence[str], count: int) -> None:
    """Nothing, or a refusal while other collections lie inside: they would lose their place.

    `names` are those that the person may know of, `count` counts all.
    """
    if count:
        sentence = say("Other collections lie in it. Move or delete them first.")
        if names:
            sentence = say(
                "Other collections lie in it: {names}. Move or delete them first.", names=names[:3]
            )
        raise InUse(sentence, uses=count)


def must_not_be_too_many(asset_ids: Collection[int]) -> None:
    if len(asset_ids) > MOST_AT_ONCE:
        sentence = say(
            "At most {most} assets go at once; these are {count}. Choose fewer.",
            most=MOST_AT_ONCE,
            count=len(asset_ids),
        )
        raise WrongValue(sentence, fields={"assets": sentence})


def with_these_first(current: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The same members: those that are wanted in that order, then the others as they were."""
    members = set(current)
    first = [each for each in dict.fromkeys(wanted) if each in members]
    placed = set(first)
    return [*first, *(each for each in current if each not in placed)]
