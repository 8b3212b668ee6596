"""Who is told of what happens to plans. Names of people are left out: notices outlive them."""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.notify.telling import tell
from assetlib.planning.models import Plan, PlanVersion
from assetlib.planning.queries.plans import approvers_of
from assetlib.words import say

AS_APPROVER = say("You approve plans like this one.")
AS_OWNER = say("You own this plan, or sent this version.")
AS_PARTNER = say("You own this plan, sent this version, or wrote about it.")


def tell_sent(session: Session, plan: Plan, version: PlanVersion) -> None:
    """Everybody who may decide it."""
    tell(
        session,
        approvers_of(session, version),
        "plan.submitted",
        say("“{plan}”, version {number}, waits for your decision.", plan=plan.name, number=version.number),
        AS_APPROVER,
        _page(version),
        f"plan-version-{version.id}-sent",
    )


def tell_decided(session: Session, plan: Plan, version: PlanVersion) -> None:
    """Its owner, and who sent it."""
    values = {"plan": plan.name, "number": version.number, "answer": version.answer}
    if version.state == "approved":
        sentence = (
            say("“{plan}”, version {number}, was approved: “{answer}”", **values)
            if version.answer
            else say("“{plan}”, version {number}, was approved.", plan=plan.name, number=version.number)
        )
    elif version.state == "changes_requested":
        sentence = say("“{plan}”, version {number}: changes were asked for: “{answer}”", **values)
    else:
        sentence = say("“{plan}”, version {number}, was rejected: “{answer}”", **values)
    tell(
        session,
        {plan.owner_id, version.submitted_by_id} - {version.decided_by_id},
        "plan.decided",
        sentence,
        AS_OWNER,
        _page(version),
        f"plan-version-{version.id}-decided",
    )


def tell_commented(session: Session, version: PlanVersion, *, by: Actor) -> None:
    """Its owner, who sent it, and those who wrote about it before."""
    tell(
        session,
        {version.plan.owner_id, version.submitted_by_id, *(each.author_id for each in version.comments)}
        - {by.person_id},
        "plan.commented",
        say(
            "There is a new comment on “{plan}”, version {number}.",
            plan=version.plan.name,
            number=version.number,
        ),
        AS_PARTNER,
        _page(version) + "#comments",
    )


def _page(version: PlanVersion) -> str:
    return f"/plans/{version.plan_id}/versions/{version.number}"
