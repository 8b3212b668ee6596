"""What becomes of a file that came: plain values in, a state or a refusal out."""

from collections.abc import Mapping, Sequence
from typing import Any

from assetlib.planning.errors import PlanningChanged, WrongPlanningState
from assetlib.words import say, say_n


def state_after_checks(checks: Sequence[Mapping[str, Any]]) -> str:
    """A file that fails one check waits in quarantine."""
    return "passed" if all(each["passed"] for each in checks) else "quarantined"


def why_not_sendable(states: Sequence[str]) -> str:
    """Why the files that came, in these states, cannot be sent yet; nothing when they can."""
    wrong = sum(1 for state in states if state == "quarantined")
    if wrong:
        return say_n(
            "Opens when {count} file is fixed, removed or let through.",
            "Opens when {count} files are fixed, removed or let through.",
            wrong,
        )
    if not states:
        return say("Opens when a file is here and passed its checks.")
    return ""


def must_be_sendable(states: Sequence[str]) -> None:
    """Nothing, or the same as a refusal."""
    if why := why_not_sendable(states):
        raise WrongPlanningState(why)


def must_be_newest(item_state: str, newest: str, seen: str) -> None:
    """Nothing, or why a decision about the bytes of `seen` is refused."""
    if item_state == "in_review" and newest == seen:
        return
    if item_state == "in_review":
        raise PlanningChanged(say("Another file came meanwhile. Look at it, then decide."), newest=newest)
    if item_state == "in_work":
        raise PlanningChanged(
            say("A newer file came and was not sent yet. Wait until it is, then decide."), newest=newest
        )
    raise PlanningChanged(
        say("This was decided meanwhile, or nothing was sent. Look at it again."), newest=newest
    )
