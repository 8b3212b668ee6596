"""Forms and what was asked by them, as pages look at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from assetlib.access.actor import PLANNER, Actor
from assetlib.access.prepared import person_of
from assetlib.accounts.queries import names_of
from assetlib.paging import Page
from assetlib.planning.errors import NoSuchTask
from assetlib.planning.models import Activity, Campaign, IntakeForm, IntakeRequest
from assetlib.planning.permissions.intake import ASK_MARKETING, SEE_INTAKE, answers, asked_it
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import EDIT_CAMPAIGN
from assetlib.planning.queries.open_matters import GOES_ON
from assetlib.words import say

GONE = say("There is no such request, or it is not yours to answer.")
NO_FORM = say("There is no such form.")


@dataclass(frozen=True)
class Wanted:
    """A request with what stands around it."""

    request: IntakeRequest
    person: str
    """Who asks; empty when they are gone."""
    answered_by: str
    mine: bool
    answerable: bool
    """By the reader, whatever its state."""


def forms(session: Session, *, retired: bool = False) -> Sequence[IntakeForm]:
    """Forms that are offered, by their names; with `retired` the others."""
    state = IntakeForm.retired_at.is_not(None) if retired else IntakeForm.retired_at.is_(None)
    return session.scalars(select(IntakeForm).where(state).order_by(IntakeForm.name)).all()


def get_form(session: Session, actor: Actor, form_id: int) -> IntakeForm:
    """A form, offered or not; `NoSuchTask` to whoever may not ask by one."""
    ASK_MARKETING.require(actor)
    form = session.get(IntakeForm, form_id)
    if form is None:
        raise NoSuchTask(NO_FORM)
    return form


def get_request(session: Session, actor: Actor, request_id: int) -> Wanted:
    """To the person who asked and to those who answer; `NoSuchTask` to everybody else."""
    SEE_INTAKE.require(actor)
    request = session.scalars(
        select(IntakeRequest)
        .join(IntakeRequest.form)
        .options(contains_eager(IntakeRequest.form))
        .where(IntakeRequest.id == request_id)
    ).one_or_none()
    if request is None or not (asked_it(actor, request) or answers(actor, request)):
        raise NoSuchTask(GONE)
    return _wanted(session, actor, [request])[0]


def answerable_by(actor: Actor) -> ColumnElement[bool]:
    """Requests that are the actor's to answer, whatever their state: `answers` of the permissions in SQL."""
    if not (of_the_house(actor, None) and actor.has_role(PLANNER)):
        return false()
    return and_(
        IntakeRequest.person_id != person_of(actor),
        or_(IntakeForm.answered_by_id.is_(None), IntakeForm.answered_by_id == person_of(actor)),
    )


def requests_of(session: Session, actor: Actor, *, number: int, size: int) -> Page[Wanted]:
    """What this person asked for, the latest first."""
    SEE_INTAKE.require(actor)
    mine = IntakeRequest.person_id == actor.person_id
    return _page(session, actor, mine, IntakeRequest.id.desc(), number, size)


def requests_to_answer(session: Session, actor: Actor, *, number: int, size: int) -> Page[Wanted]:
    """What waits for this planner's answer, what is needed soonest first."""
    SEE_INTAKE.require(actor)
    where = and_(IntakeRequest.state == "open", answerable_by(actor))
    return _page(session, actor, where, IntakeRequest.needed_by, number, size)


def places_for(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Activities under which this planner may begin work: id and name, with that of the campaign."""
    rows = session.execute(
        select(Activity, Campaign)
        .join(Campaign, Campaign.id == Activity.campaign_id)
        .where(Activity.state.in_(GOES_ON), Campaign.state.in_(GOES_ON))
        .order_by(Campaign.name, Activity.position, Activity.id)
    )
    return [
        (activity.id, f"{campaign.name}: {activity.name}")
        for activity, campaign in rows
        if EDIT_CAMPAIGN.allows(actor, campaign)
    ]


def _page(
    session: Session, actor: Actor, where: ColumnElement[bool], order: Any, number: int, size: int
) -> Page[Wanted]:
    total = session.scalar(
        select(func.count()).select_from(IntakeRequest).join(IntakeRequest.form).where(where)
    )
    rows = session.scalars(
        select(IntakeRequest)
        .join(IntakeRequest.form)
        .options(contains_eager(IntakeRequest.form))
        .where(where)
        .order_by(order, IntakeRequest.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(_wanted(session, actor, rows), number, size, total or 0)


def _wanted(session: Session, actor: Actor, requests: Sequence[IntakeRequest]) -> list[Wanted]:
    names = names_of(session, [each for row in requests for each in (row.person_id, row.answered_by_id)])
    return [
        Wanted(
            row,
            names.get(row.person_id, ""),
            names.get(row.answered_by_id or 0, ""),
            asked_it(actor, row),
            answers(actor, row),
        )
        for row in requests
    ]
