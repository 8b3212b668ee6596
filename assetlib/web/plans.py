"""Plans: the list, making one, what is said about it, and closing it."""

from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib import clock
from assetlib.accounts.queries import find_own_organisation
from assetlib.accounts.queries.directory import those_who_can_come
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.money import currencies
from assetlib.paging import clamp
from assetlib.planning.actions import plans as actions
from assetlib.planning.actions.plan_drafts import start_version
from assetlib.planning.errors import NoSuchPlan
from assetlib.planning.permissions.plans import EDIT_PLAN, MAKE_PLAN, SEE_MONEY, SEE_PLANS
from assetlib.planning.queries.plans import (
    CURRENT,
    GONE,
    Wanted,
    Words,
    get_plan,
    plans_of,
    words_known,
    years_planned,
)
from assetlib.planning.rules.plans import STATES
from assetlib.policy import open_to
from assetlib.reference.queries import calendars
from assetlib.web.changing import carried_out, made
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.pages import last_page, pager_view
from assetlib.web.plan_versions import version_page
from assetlib.web.plan_view import row_view
from assetlib.words import say

pages = Blueprint("plans", __name__, url_prefix="/plans")


@pages.get("")
@open_to(SEE_PLANS)
def index() -> str | Response:
    """Every plan, the latest year first; by year, state, brand and region."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    asked = request.args
    wanted = Wanted(
        year=asked.get("year", type=row_number),
        state=asked.get("state", ""),
        brand=asked.get("brand", ""),
        region=asked.get("region", ""),
    )
    who = actor()
    with database().reading() as session:
        page = plans_of(session, who, wanted, number=number, size=size)
        words, years = words_known(session), years_planned(session)
    if page.is_past_the_end:
        return last_page(page)
    sees_money = SEE_MONEY.allows(who)
    return render_template(
        "plans/index.html",
        rows=[row_view(each, words, with_money=sees_money) for each in page.rows],
        pager=pager_view(page),
        sees_money=sees_money,
        may_make=MAKE_PLAN.allows(who),
        wanted=wanted,
        is_filtered=wanted != Wanted(),
        years=[(str(each), str(each)) for each in years],
        states=[(key, STATES[key]) for key in (*CURRENT, "closed")],
        **_choices(words),
    )


@pages.get("/new")
@open_to(MAKE_PLAN)
def new() -> str:
    """The form of a plan that is not there yet."""
    return _new_form()


@pages.post("/new")
@open_to(MAKE_PLAN)
def make() -> Response | tuple[str, int]:
    form = request.form
    return made(
        lambda session: (
            actions.make_plan(
                session,
                actor(),
                name=form.get("name", ""),
                calendar_id=form.get("calendar", 0, type=row_number),
                fiscal_year=form.get("fiscal_year", 0, type=row_number),
                currency=form.get("currency", ""),
                brand=form.get("brand", ""),
                region=form.get("region", ""),
                owner_id=form.get("owner", type=row_number),
            ).id
        ),
        said=lambda _: say("The plan is there. Write its first version."),
        to=lambda plan_id: f"/plans/{plan_id}",
        refused=_new_form,
    )


@pages.get("/<int:plan_id>")
@open_to(SEE_PLANS)
def show(plan_id: int) -> str:
    """The version by which people work; of a plan without one, the newest."""
    return version_page(plan_id, None)


@pages.get("/<int:plan_id>/change")
@open_to(EDIT_PLAN)
def change_form(plan_id: int) -> str:
    """Its name, whom it is for, and its owner."""
    return _change_form(plan_id)


@pages.post("/<int:plan_id>/change")
@open_to(EDIT_PLAN)
def change(plan_id: int) -> Response | tuple[str, int]:
    form = request.form
    return carried_out(
        lambda session: actions.change_plan(
            session,
            actor(),
            get_plan(session, actor(), plan_id),
            revision=revision_seen(),
            name=form.get("name", ""),
            brand=form.get("brand", ""),
            region=form.get("region", ""),
            owner_id=form.get("owner", 0, type=row_number),
        ),
        said=say("Saved."),
        to=f"/plans/{plan_id}",
        refused=lambda refusal: _change_form(plan_id, refusal),
    )


@pages.post("/<int:plan_id>/close")
@open_to(EDIT_PLAN)
def close(plan_id: int) -> Response | tuple[str, int]:
    """Nothing new is planned under it any more."""
    return carried_out(
        lambda session: actions.close_plan(
            session, actor(), get_plan(session, actor(), plan_id), reason=request.form.get("reason", "")
        ),
        said=say("Closed."),
        to=f"/plans/{plan_id}",
        refused=lambda refusal: _change_form(plan_id, refusal),
    )


@pages.post("/<int:plan_id>/versions")
@open_to(EDIT_PLAN)
def start(plan_id: int) -> Response | tuple[str, int]:
    """The next version, which begins with what was sent last."""
    return made(
        lambda session: (
            start_version(
                session, actor(), get_plan(session, actor(), plan_id), reason=request.form.get("reason", "")
            ).number
        ),
        said=lambda number: say(
            "Version {number} is a draft now. It says what the last one said.", number=number
        ),
        to=lambda number: f"/plans/{plan_id}/versions/{number}",
        refused=lambda refusal: version_page(plan_id, None, refusal, "start"),
    )


def _new_form(problem: Refusal | None = None) -> str:
    typed: dict[str, Any] = dict(request.form) if problem is not None else {}
    with database().reading() as session:
        words, kept, people = words_known(session), calendars(session), _people(session)
    return render_template(
        "plans/new.html",
        typed={"fiscal_year": clock.today().year + 1, "currency": "EUR", "owner": actor().person_id, **typed},
        calendars=[(str(each.id), each.name) for each in kept],
        currencies=[(code, code) for code in sorted(currencies())],
        people=people,
        problem=problem,
        **_choices(words),
    )


def _change_form(plan_id: int, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        plan = get_plan(session, actor(), plan_id)
        if not EDIT_PLAN.allows(actor(), plan) and problem is None:
            EDIT_PLAN.require(actor(), plan)
        if plan.closed_at is not None and problem is None:
            raise NoSuchPlan(GONE)
        words, people = words_known(session), _people(session)
    says = {"name": plan.name, "brand": plan.brand, "region": plan.region, "owner": plan.owner_id}
    typed = dict(request.form) if problem is not None and "name" in request.form else {}
    return render_template(
        "plans/change.html",
        plan={"id": plan.id, "url": f"/plans/{plan.id}", "name": plan.name, "revision": plan.revision},
        typed={**says, **typed},
        reason=request.form.get("reason", ""),
        people=people,
        problem=problem,
        **_choices(words),
    )


def _people(session: Any) -> list[tuple[str, str]]:
    """Whoever can own a plan."""
    own = find_own_organisation(session)
    return [(str(each.id), each.name) for each in those_who_can_come(session, of=own.id if own else 0)]


def _choices(words: Words) -> dict[str, Any]:
    return {
        f"{name}s": [(each.key, each.label) for each in definition.choices] if definition else []
        for name, definition in (("brand", words.brand), ("region", words.region))
    }
