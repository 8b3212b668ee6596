"""The gates of planning: what has to be so before people, money or a new version may move.

A gate is asked by page, call and command alike, and answers with its reasons: none means that it is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assetlib.planning.errors import GateClosed
from assetlib.words import say, together

PEOPLE = "people"
"""G1: work is given to people only under an approved plan."""
PLAN_CHANGE = "plan_change"
"""G7: a version does not become active while it drops what somebody needs."""


@dataclass(frozen=True)
class Gate:
    """A gate as it stands. `reasons` are sentences, each with what to do next; none: it is open."""

    name: str
    reasons: Sequence[str] = field(default=())

    @property
    def is_open(self) -> bool:
        return not self.reasons

    def must_be_open(self) -> None:
        """Nothing, or `GateClosed` with the reasons."""
        if self.reasons:
            raise GateClosed(together(*self.reasons), gate=self.name, open=list(self.reasons))


def for_assigning(*, task_kind: str, campaign: str, plan: str, planned: bool, plan_is_closed: bool) -> Gate:
    """G1. `planned`: the activity stands in the active version of its plan. Planning may begin before."""
    if task_kind == "planning":
        return Gate(PEOPLE)
    if plan_is_closed:
        return Gate(PEOPLE, [say("{plan} is closed. Nothing new is begun under it.", plan=plan)])
    if not planned:
        return Gate(
            PEOPLE,
            [
                say(
                    "{campaign} does not stand in an approved version of {plan} yet. "
                    "Have the plan approved, or make this a task of planning.",
                    campaign=campaign,
                    plan=plan,
                )
            ],
        )
    return Gate(PEOPLE)


def for_activating(orphans: Sequence[tuple[str, Sequence[str]]]) -> Gate:
    """G7. `orphans`: activities that the version drops, each with the words of those who hold it."""
    return Gate(
        PLAN_CHANGE,
        [
            say(
                "This version drops {activity}, but: {holders} Take it in again, move what holds it "
                "to another activity, or have that ended.",
                activity=activity,
                holders=together(*holders),
            )
            for activity, holders in orphans
        ],
    )
