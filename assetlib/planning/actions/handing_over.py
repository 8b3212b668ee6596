"""What somebody had open in planning goes to somebody else, or ends, when they leave."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.audit import record
from assetlib.notify.telling import tell
from assetlib.planning.actions.intake import withdraw_for_leaver
from assetlib.planning.models import Activity, Campaign, Deliverable, IntakeForm, Plan, Task
from assetlib.planning.queries.open_matters import OWNED
from assetlib.words import say, say_n

HANDED_ON = {
    Plan: "planning.plan_handed_on",
    Campaign: "planning.campaign_handed_on",
    Activity: "planning.activity_handed_on",
    Task: "planning.task_handed_on",
    Deliverable: "planning.deliverable_handed_on",
}


def hand_over(
    session: Session,
    actor: Actor,
    person: Person,
    to: Person | None,
    *,
    shares: str,  # noqa: ARG001  # planning has no links
) -> None:
    """Their plans, campaigns, tasks and deliverables go to `to`; what they asked marketing for is withdrawn.

    Forms that named them are answered by every planner from then on. Whether `to` may take it is asked by
    the catalogue's hand over, which comes first.
    """
    MANAGE_PEOPLE.require(actor)
    given = {model: _given(session, actor, model, person, to) for model in HANDED_ON}
    column, _ = OWNED[IntakeForm]
    for form in session.scalars(select(IntakeForm).where(column == person.id).with_for_update()).all():
        form.answered_by_id = None
        form.revision += 1
        record(session, actor, "planning.form_changed", form, before={"answered_by": person.id})
    withdraw_for_leaver(session, actor, person)
    session.flush()
    if to is not None:
        _tell(session, to, given)


def _given(session: Session, actor: Actor, model: Any, person: Person, to: Person | None) -> int:
    column, goes_on = OWNED[model]
    rows = session.scalars(
        select(model).where(column == person.id, goes_on).order_by(model.id).with_for_update(of=model)
    ).all()
    if rows and to is None:
        sentence = say("Choose who takes over what is still open.")
        raise WrongPerson(sentence, fields={"to": sentence})
    for row in rows:
        setattr(row, column.key, to.id if to is not None else None)
        before, after = {"of": person.id}, {"of": to.id if to is not None else None}
        record(session, actor, HANDED_ON[model], row, before=before, after=after)
    return len(rows)


def _tell(session: Session, to: Person, given: dict[Any, int]) -> None:
    """Whoever takes over: what is theirs now."""
    plans, campaigns, activities, tasks, deliverables = given.values()
    said = [
        say_n("{count} plan", "{count} plans", plans) if plans else "",
        say_n("{count} campaign", "{count} campaigns", campaigns) if campaigns else "",
        say_n("{count} activity", "{count} activities", activities) if activities else "",
        say_n("{count} task", "{count} tasks", tasks) if tasks else "",
        say_n("{count} deliverable", "{count} deliverables", deliverables) if deliverables else "",
    ]
    if any(said):
        tell(
            session,
            [to.id],
            "work.handed_on",
            say(
                "A colleague has left. You look after these now: {what}.",
                what=[each for each in said if each],
            ),
            say("You were chosen to take them over."),
            "/my-work",
        )
