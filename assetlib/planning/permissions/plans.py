"""Who sees plans and their money, who writes them, and who approves them."""

from typing import Any

from assetlib.access.actor import ADMINISTRATOR, FINANCE, PLANNER, Actor, Duty
from assetlib.access.permission import Permission, all_of, any_of, role
from assetlib.planning.models import Plan, PlanVersion
from assetlib.words import say

PLAN_APPROVER = "plan_approver"


def of_the_house(actor: Actor, thing: Any) -> bool:  # noqa: ARG001
    """One of the house's own people who has some role."""
    return actor.kind == "person" and actor.is_own and actor.has_any_role


def has_duty(name: str) -> Any:
    """The actor has this duty somewhere."""
    return lambda actor, _: any(duty.name == name for duty in actor.duties)


def duty_for(actor: Actor, name: str, plan: Plan) -> list[Duty]:
    """Where this duty is held so that it covers the plan; each with its own limit."""
    return [
        duty
        for duty in actor.duties
        if duty.name == name and (duty.scope is None or duty.scope.covers(plan.scope_facts))
    ]


def is_within_limit(actor: Actor, version: PlanVersion) -> bool:
    """A plan approver for this plan, whose limit in its currency reaches over the sum of this version."""
    return any(
        duty.limit_minor is None
        or (duty.currency == version.plan.currency and version.total_minor <= duty.limit_minor)
        for duty in duty_for(actor, PLAN_APPROVER, version.plan)
    )


def not_their_own(actor: Actor, version: PlanVersion) -> bool:
    """Nobody approves what they wrote, sent or own."""
    return actor.person_id not in version.written_by


def _approves(actor: Actor, version: PlanVersion | None) -> bool:
    """`queries.visibility.decidable_by` says the same in SQL, a test holds them together."""
    if version is None:
        return of_the_house(actor, None) and has_duty(PLAN_APPROVER)(actor, None)
    return not_their_own(actor, version) and is_within_limit(actor, version)


def _sent_it(actor: Actor, version: PlanVersion | None) -> bool:
    return role(PLANNER)(actor, None) and (version is None or version.submitted_by_id == actor.person_id)


def _lets_begin(actor: Actor, version: PlanVersion | None) -> bool:
    plan = None if version is None else version.plan
    return role(PLANNER)(actor, plan) or _approves(actor, version)


SEE_PLANS = Permission(
    "planning.see_plans", of_the_house, say("Plans are open to the people of the house."), token="read"
)
SEE_MONEY = Permission(
    "planning.see_money",
    all_of(of_the_house, any_of(role(PLANNER, FINANCE, ADMINISTRATOR), has_duty(PLAN_APPROVER))),
    say("Planned money is open to planners, finance and those who approve plans."),
    token="read",
)
MAKE_PLAN = Permission(
    "planning.make_plan",
    all_of(of_the_house, role(PLANNER)),
    say("Plans are made by planners."),
    token="edit",
)
EDIT_PLAN = Permission(
    "planning.edit_plan",
    all_of(of_the_house, role(PLANNER)),
    say("This plan is written by the planners of its brand and region."),
    token="edit",
)
"""For a plan; its campaigns, activities, tasks and deliverables are asked by the campaign's scope."""
COMMENT_ON_PLAN = Permission(
    "planning.comment_on_plan",
    all_of(of_the_house, any_of(role(PLANNER, FINANCE, ADMINISTRATOR), has_duty(PLAN_APPROVER))),
    say("Comments are written by planners, finance and those who approve plans."),
    token="edit",
)
APPROVE_PLAN = Permission(
    "planning.approve_plan",
    all_of(of_the_house, _approves),
    say(
        "This is decided by a plan approver for its brand and region whose limit is high enough, and who did "
        "not write it."
    ),
)
"""Not with a token: whoever approves money is there themself."""
TAKE_BACK_PLAN = Permission(
    "planning.take_back_plan",
    all_of(of_the_house, _sent_it),
    say("A version is taken back by the planner who sent it."),
    token="edit",
)
ACTIVATE_PLAN = Permission(
    "planning.activate_plan",
    all_of(of_the_house, _lets_begin),
    say("An approved version is made active by its planners and approvers."),
    token="edit",
)
