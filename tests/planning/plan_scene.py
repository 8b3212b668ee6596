"""A plan that is ready to be sent, and the people around it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import FINANCE, PLANNER, Actor
from assetlib.accounts.models import DutyGrant
from assetlib.catalog.queries.actors import actor_of
from assetlib.planning.actions.plan_drafts import write_activities, write_lines, write_words
from assetlib.planning.actions.plan_reviews import submit_version
from assetlib.planning.actions.plans import make_plan
from assetlib.planning.models import Activity, Hold, Plan, PlanVersion, Task
from assetlib.planning.rules.plan_content import ActivitySaid, LineSaid
from assetlib.reference.models import CostCentre, ExchangeRate, FiscalPeriod, GlAccount
from assetlib.words import kept, say
from tests import make, make_plans


def approver(session: Session, people: make.People, *roles: str, **duty: Any) -> Actor:
    """Somebody of the house who answers for plans."""
    person = make.person(session, people.own, *(roles or (FINANCE,)), name="Paul Approver")
    session.add(DutyGrant(person_id=person.id, duty="plan_approver", granted_at=clock.now(), **duty))
    session.flush()
    return actor_of(session, person.id)


def planner(session: Session, people: make.People, name: str = "Petra Planner") -> Actor:
    return actor_of(session, make.person(session, people.own, PLANNER, name=name).id)


def plan_rate(session: Session, base: str, quote: str, rate: int) -> None:
    session.add(
        ExchangeRate(
            kind="plan",
            base=base,
            quote=quote,
            rate=rate,
            valid_from=date(2026, 11, 1),
            entered_at=clock.now(),
        )
    )
    session.flush()


def hold(session: Session, activity: Activity) -> Hold:
    """An order that is open."""
    row = Hold(
        activity_id=activity.id,
        holder="spend",
        holder_ref="order-2071",
        sentence=kept(say("PO-2071 is open.")),
        placed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


@dataclass
class Scene:
    """A draft with an objective, one activity with a task, and 12,500.00 € in January and March."""

    planner: Actor
    approver: Actor
    plan: Plan
    activity: Activity
    task: Task
    periods: list[FiscalPeriod]
    account: GlAccount
    centre: CostCentre
    lines: list[LineSaid] = field(default_factory=list)

    def version(self, session: Session, number: int = 1) -> PlanVersion:
        return session.scalars(
            select(PlanVersion).where(PlanVersion.plan_id == self.plan.id, PlanVersion.number == number)
        ).one()

    def line(
        self, of: Activity | None = None, month: int = 1, amount: int = 250_000, **values: Any
    ) -> LineSaid:
        return LineSaid(
            **{
                "activity_id": (of or self.activity).id,
                "period_id": self.periods[month - 1].id,
                "gl_account_id": self.account.id,
                "cost_centre_id": self.centre.id,
                "amount_minor": amount,
                "currency": "EUR",
                **values,
            }
        )

    def write(
        self, session: Session, version: PlanVersion, *lines: LineSaid, activities: list[Activity]
    ) -> None:
        """The money and the activities of a draft anew."""
        if activities:
            said = [ActivitySaid(each.id, each.starts_on, each.ends_on) for each in activities]
            write_activities(session, self.planner, version, revision=version.revision, activities=said)
        write_lines(session, self.planner, version, revision=version.revision, lines=lines)

    def send(self, session: Session, number: int = 1) -> PlanVersion:
        version = self.version(session, number)
        submit_version(session, self.planner, version, revision=version.revision)
        return version


def lay_scene(session: Session, people: make.People, **values: Any) -> Scene:
    """The scene, beside another plan that has nothing to do with it."""
    who = planner(session, people)
    calendar = make_plans.fiscal_calendar(session)
    periods = make_plans.fiscal_year(session, calendar)
    plan = make_plan(
        session, who, **{
            "name": "Brand plan 2027", "calendar_id": calendar.id, "fiscal_year": make_plans.YEAR,
            "currency": "EUR", **values,
        },
    )  # fmt: skip
    make_plans.running_campaign(session, who)
    campaign = make_plans.campaign(session, plan, name="Autumn Trails")
    activity = make_plans.activity(session, campaign, name="Retail windows")
    scene = Scene(
        who,
        approver(session, people),
        plan,
        activity,
        make_plans.task(session, activity),
        periods,
        make_plans.gl_account(session, code="6400"),
        make_plans.cost_centre(session, code="100"),
    )
    scene.lines = [scene.line(), scene.line(month=3, amount=1_000_000)]
    version = scene.version(session)
    write_words(
        session, who, version, revision=version.revision,
        objectives=["Be seen first in the Alps"], assumptions="The fair takes place.", products=[],
        segments=["Hikers"], channels=["Retail"],
    )  # fmt: skip
    scene.write(session, version, *scene.lines, activities=[activity])
    return scene
