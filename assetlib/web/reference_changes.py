"""Changes to reference data: proposed with a form, decided by a second person."""

import json
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assetlib import clock
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.reference.actions import changes as actions
from assetlib.reference.errors import NoSuchReference, WrongReference
from assetlib.reference.permissions import (
    APPROVE_CHANGE,
    PROPOSE_CHANGE,
    SEE_REFERENCE,
    WITHDRAW_CHANGE,
)
from assetlib.reference.queries.changes import PENDING, Change, changes_of, get_change
from assetlib.reference.queries.things import GONE, get_thing, values_of
from assetlib.reference.rules.changes import NOT_SENT
from assetlib.reference.rules.things import FIELDS, KINDS, called, defaults_of
from assetlib.web.changing import carried_out, made
from assetlib.web.forms import row_number
from assetlib.web.pages import last_page, pager_view
from assetlib.web.reference_view import (
    STATES,
    URL,
    as_typed,
    control_of,
    in_words,
    names_for,
    seen_values,
    tabs_at,
    typed_values,
)
from assetlib.words import recalled, say

pages = Blueprint("reference_changes", __name__, url_prefix=f"{URL}/changes")

PLACES = {
    "gl_account": f"{URL}/accounts",
    "cost_centre": f"{URL}/cost-centres",
    "rate": f"{URL}/rates",
    "vendor": f"{URL}/vendors",
    "contract": f"{URL}/vendors",
}
"""Kind → the list that a change of it belongs to."""


@pages.get("")
@open_to(SEE_REFERENCE)
def index() -> str | Response:
    """What waits for approval or for its day; with `?all=1` everything."""
    number, size = clamp(request.args.get("page", type=int), request.args.get("size", type=int))
    everything = bool(request.args.get("all"))
    with database().reading() as session:
        page = changes_of(session, actor(), states=() if everything else PENDING, number=number, size=size)
    if page.is_past_the_end:
        return last_page(page)
    return render_template(
        "reference/changes.html",
        tabs=tabs_at(f"{URL}/changes"),
        rows=[_row(each) for each in page.rows],
        pager=pager_view(page),
        everything=everything,
    )


@pages.get("/new")
@open_to(PROPOSE_CHANGE)
def new() -> str:
    """The form, for a new thing or for one that is there."""
    return _form()


@pages.post("")
@open_to(PROPOSE_CHANGE)
def propose() -> Response | tuple[str, int]:
    kind, thing_id = _kind(), _thing_asked()

    def act(session: Any) -> Any:
        effective_on = _day(request.form.get("effective_on", ""))
        return actions.propose_change(
            session,
            actor(),
            kind,
            thing_id=thing_id,
            values=typed_values(kind),
            seen=seen_values(),
            effective_on=effective_on,
            reason=request.form.get("reason", ""),
        )

    return made(
        act,
        said=lambda _: say("Proposed. It takes effect when somebody else approved it."),
        to=lambda row: f"{URL}/changes/{row.id}",
        refused=_form,
    )


@pages.get("/<int:change_id>")
@open_to(SEE_REFERENCE)
def show(change_id: int) -> str:
    """What changes, field by field, and how it stands."""
    return _page(change_id)


@pages.post("/<int:change_id>/approve")
@open_to(APPROVE_CHANGE)
def approve(change_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.approve_change(
            session,
            actor(),
            get_change(session, actor(), change_id).row,
            answer=request.form.get("answer", ""),
        ),
        said=say("Approved. Whoever proposed it is told."),
        to=f"{URL}/changes/{change_id}",
        refused=lambda refusal: _page(change_id, refusal),
    )


@pages.post("/<int:change_id>/reject")
@open_to(APPROVE_CHANGE)
def reject(change_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.reject_change(
            session,
            actor(),
            get_change(session, actor(), change_id).row,
            answer=request.form.get("answer", ""),
        ),
        said=say("Rejected. Whoever proposed it is told why."),
        to=f"{URL}/changes/{change_id}",
        refused=lambda refusal: _page(change_id, refusal),
    )


@pages.post("/<int:change_id>/withdraw")
@open_to(WITHDRAW_CHANGE)
def withdraw(change_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.withdraw_change(
            session, actor(), get_change(session, actor(), change_id).row
        ),
        said=say("Withdrawn. Nothing changes."),
        to=f"{URL}/changes/{change_id}",
        refused=lambda refusal: _page(change_id, refusal),
    )


def _kind() -> str:
    kind = request.values.get("what", "")
    if kind not in KINDS:
        raise NoSuchReference(GONE)
    return kind


def _thing_asked() -> int | None:
    """The number of what is changed; None where a new one is meant."""
    asked = request.values.get("thing", "")
    try:
        return row_number(asked) if asked else None
    except ValueError as fault:
        raise NoSuchReference(GONE) from fault


def _day(text: str) -> date | None:
    """The day of the form; None where it has none, and today is meant."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        sentence = say("Write a day, such as {like}.", like="2027-01-31")
        raise WrongReference(NOT_SENT, fields={"effective_on": sentence}) from fault


def _form(problem: Refusal | None = None) -> str:
    kind, thing_id = _kind(), _thing_asked()
    PROPOSE_CHANGE.require(actor(), kind)
    with database().reading() as session:
        current = values_of(get_thing(session, kind, thing_id)) if thing_id is not None else None
        values = current or {**defaults_of(kind), "vendor_id": request.values.get("vendor", type=row_number)}
        names = names_for(session, kind, values)
    if kind == "contract" and "vendor" not in names:
        raise NoSuchReference(GONE)
    typed = request.form if problem is not None else {}
    faults = problem.details.get("fields", {}) if problem is not None else {}
    controls = [
        control_of(
            field,
            typed.get(field.name, as_typed(field, values.get(field.name), values)),
            names,
            faults.get(field.name, ""),
        )
        for field in FIELDS[kind]
        if not (field.fixed and current is not None)
    ]
    return render_template(
        "reference/propose.html",
        kind=kind,
        label=KINDS[kind],
        name=called(kind, current) if current is not None else "",
        thing_id=thing_id,
        controls=controls,
        seen=json.dumps(current) if current is not None and not typed else typed.get("seen", ""),
        # What counts from a day of its own needs no second one.
        asks_day=current is not None or kind == "vendor",
        effective_on=typed.get("effective_on", clock.today().isoformat()),
        reason=typed.get("reason", ""),
        back=f"{URL}/vendors/{values['vendor_id']}" if kind == "contract" else PLACES[kind],
        faults=faults,
        problem=problem,
    )


def _page(change_id: int, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        change = get_change(session, actor(), change_id)
        names = names_for(session, change.row.kind, change.current)
    whole = {**change.current, **change.row.after}
    return render_template(
        "reference/change.html",
        change=_row(change),
        is_new=not change.row.before,
        differences=[
            {
                "label": each.field.label,
                "before": in_words(each.field, each.before, {**change.current, **change.row.before}, names),
                "after": in_words(each.field, each.after, whole, names),
            }
            for each in change.differences
        ],
        may_decide=change.may_decide,
        may_withdraw=change.may_withdraw,
        answer=request.form.get("answer", "") if problem is not None else "",
        faults=problem.details.get("fields", {}) if problem is not None else {},
        problem=problem,
    )


def _row(change: Change) -> dict[str, Any]:
    row = change.row
    return {
        "url": f"{URL}/changes/{row.id}",
        "thing": change.thing,
        "kind": KINDS[row.kind],
        "is_new": not row.before,
        "fields": [each.field.label for each in change.differences],
        "effective_on": row.effective_on,
        "reason": row.reason,
        "made_by": change.made_by,
        "made_at": row.made_at,
        "decided_by": change.decided_by,
        "decided_at": row.decided_at,
        "applied_at": row.applied_at,
        "answer": recalled(row.answer),
        "state": STATES[row.state],
        "place": PLACES[row.kind]
        if row.kind != "contract"
        else f"{URL}/vendors/{change.current.get('vendor_id')}",
    }
