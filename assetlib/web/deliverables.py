"""Deliverables: what is asked for, what comes for it, and what is decided about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assetlib.access.actor import Actor
from assetlib.catalog.errors import WrongValue
from assetlib.catalog.queries.attributes import asset_types
from assetlib.catalog.queries.delivery_specs import offered_specs
from assetlib.current import actor, database
from assetlib.errors import Conflict, Invalid, Refusal
from assetlib.http_status import status_of
from assetlib.paging import clamp
from assetlib.planning.actions import deliverables as actions
from assetlib.planning.actions import deliveries
from assetlib.planning.models import Delivery
from assetlib.planning.permissions.deliverables import (
    APPROVE_SCOPE,
    CHECK_DELIVERY,
    DECIDE_DELIVERY,
    DELIVER,
    EDIT_DELIVERABLE,
    MAKE_DELIVERABLE,
    SEE_DELIVERABLES,
)
from assetlib.planning.queries.deliverables import (
    Wish,
    agencies,
    campaigns,
    deliverables_page,
    get_deliverable,
    get_delivery,
    get_item,
    item_to_deliver,
    task_for,
)
from assetlib.policy import open_to
from assetlib.web.changing import carried_out, made
from assetlib.web.deliverable_forms import filled, rows_of, rows_typed, typed, with_spare_rows
from assetlib.web.deliverable_page import draw
from assetlib.web.deliverable_view import CREATIVE, SCOPE, due_words
from assetlib.web.forms import revision_seen, row_number
from assetlib.web.pages import pager_view
from assetlib.web.plain_upload import take_plain
from assetlib.words import say

pages = Blueprint("deliverables", __name__, url_prefix="/deliverables")
_DUE = {"late": say("Late"), "week": say("Within a week")}


@pages.get("")
@open_to(SEE_DELIVERABLES)
def index() -> str:
    args, who = request.args, actor()
    number, size = clamp(args.get("page", type=int), args.get("size", type=int))
    wish = Wish(
        campaign=args.get("campaign", type=row_number),
        agency=args.get("agency", type=row_number) if who.is_own else None,
        task=args.get("task", type=row_number),
        scope=args.get("scope", "") if args.get("scope") in SCOPE else "",
        creative=args.get("state", "") if args.get("state") in CREATIVE else "",
        due=args.get("due", "") if args.get("due") in _DUE else "",  # type: ignore[arg-type]  # one of them
    )
    with database().reading() as session:
        page = deliverables_page(session, who, wish, number=number, size=size)
        choices = (campaigns(session), agencies(session)) if who.is_own else ([], [])
    return render_template(
        "deliverables/index.html",
        rows=[
            {
                "url": f"/deliverables/{each.deliverable.id}",
                "ref": each.deliverable.ref,
                "name": each.deliverable.name,
                "campaign": each.deliverable.task.activity.campaign.name if who.is_own else "",
                "agency": each.agency,
                "owner": each.owner,
                "due": due_words(each.deliverable),
                "scope": SCOPE[each.deliverable.scope_state],
                "creative": CREATIVE[each.deliverable.creative_state],
                "files": len(each.deliverable.items),
            }
            for each in page.rows
        ],
        pager=pager_view(page),
        of_house=who.is_own,
        filters={
            "campaign": (choices[0], wish.campaign),
            "agency": (choices[1], wish.agency),
            "scope": ([(key, each["label"]) for key, each in SCOPE.items()], wish.scope),
            "state": (
                [(key, each["label"]) for key, each in CREATIVE.items() if key != "waiting"],
                wish.creative,
            ),
            "due": (list(_DUE.items()), wish.due),
        },
        is_narrowed=wish != Wish(),
    )


@pages.get("/new")
@open_to(MAKE_DELIVERABLE)
def new() -> str:
    return _new(request.args.get("task", 0, type=row_number))


@pages.post("")
@open_to(MAKE_DELIVERABLE)
def make() -> Response | tuple[str, int]:
    task_id = request.form.get("task", 0, type=row_number)
    return made(
        lambda session: actions.make_deliverable(
            session, actor(), task_for(session, actor(), task_id), **typed()
        ),
        said=lambda row: say("{ref} is there. Send its brief for approval next.", ref=row.ref),
        to=lambda row: f"/deliverables/{row.id}",
        refused=lambda refusal: _new(task_id, problem=refusal),
    )


@pages.get("/<int:deliverable_id>")
@open_to(SEE_DELIVERABLES)
def show(deliverable_id: int) -> str:
    """To the house what was asked and what came; to the agency the page on which it delivers."""
    return draw(deliverable_id)


@pages.get("/<int:deliverable_id>/deliver")
@open_to(DELIVER)
def deliver(deliverable_id: int) -> str:
    """The same page on which an agency delivers, for what the house makes itself."""
    with database().reading() as session:
        DELIVER.require(actor(), get_deliverable(session, actor(), deliverable_id))
    return draw(deliverable_id, delivering=True)


@pages.get("/<int:deliverable_id>/edit")
@open_to(EDIT_DELIVERABLE)
def edit(deliverable_id: int) -> str:
    return _edit(deliverable_id)


@pages.post("/<int:deliverable_id>")
@open_to(EDIT_DELIVERABLE)
def change(deliverable_id: int) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: actions.change_deliverable(
            session,
            actor(),
            get_deliverable(session, actor(), deliverable_id),
            revision=revision_seen(),
            **typed(),
        ),
        said=say("Saved."),
        to=f"/deliverables/{deliverable_id}",
        refused=lambda refusal: _edit(deliverable_id, problem=refusal),
    )


@pages.post("/<int:deliverable_id>/submit-brief")
@open_to(EDIT_DELIVERABLE)
def submit_brief(deliverable_id: int) -> Response | tuple[str, int]:
    return _done(deliverable_id, actions.submit_brief, say("Sent. Another planner approves it."))


@pages.post("/<int:deliverable_id>/approve-scope")
@open_to(APPROVE_SCOPE)
def approve_scope(deliverable_id: int) -> Response | tuple[str, int]:
    act = partial(actions.approve_scope, revision=revision_seen())
    return _done(deliverable_id, act, say("Approved. Whoever delivers is told."))


@pages.post("/<int:deliverable_id>/send-back")
@open_to(APPROVE_SCOPE)
def send_back(deliverable_id: int) -> Response | tuple[str, int]:
    act = partial(actions.send_back_brief, revision=revision_seen(), reason=request.form.get("reason", ""))
    return _done(deliverable_id, act, say("Sent back. Its writer is told why."))


@pages.post("/<int:deliverable_id>/rescope")
@open_to(EDIT_DELIVERABLE)
def rescope(deliverable_id: int) -> Response | tuple[str, int]:
    act = partial(actions.rescope, reason=request.form.get("reason", ""))
    return _done(deliverable_id, act, say("Change the brief, then send it for approval anew."))


@pages.post("/<int:deliverable_id>/drop")
@open_to(EDIT_DELIVERABLE)
def drop(deliverable_id: int) -> Response | tuple[str, int]:
    act = partial(actions.drop_deliverable, reason=request.form.get("reason", ""))
    return _done(deliverable_id, act, say("Dropped. Whoever was asked is told."))


@pages.post("/<int:deliverable_id>/send")
@open_to(DELIVER)
def send(deliverable_id: int) -> Response | tuple[str, int]:
    act = partial(deliveries.send_deliverable, note=request.form.get("note", ""))
    return _done(deliverable_id, act, say("Sent. You are told what is decided."))


@pages.post("/items/<int:item_id>/upload")
@open_to(DELIVER)
def upload(item_id: int) -> Response | tuple[str, int]:
    """One file from a plain form; larger ones go by the script, which can go on after a break."""
    with database().reading() as session:
        item = item_to_deliver(session, actor(), item_id)
        of, asset_id = item.deliverable_id, item.asset_id

    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise WrongValue(say("Choose a file first."))
        take_plain(file, as_version_of=asset_id, delivered_for=item_id)
    except (Invalid, Conflict) as refusal:
        return draw(of, problem=refusal, delivering=True), status_of(refusal)
    flash(say("The file is here and is being checked."), "ok")
    return redirect(_back(of), code=303)


@pages.post("/items/<int:item_id>/accept")
@open_to(DECIDE_DELIVERY)
def accept(item_id: int) -> Response | tuple[str, int]:
    form = request.form
    return _decided(
        item_id,
        partial(
            deliveries.accept_item,
            sha256=form.get("sha256", ""),
            seen=form.get("seen", ""),
            note=form.get("note", ""),
        ),
        say("Accepted."),
    )


@pages.post("/items/<int:item_id>/return")
@open_to(DECIDE_DELIVERY)
def give_back(item_id: int) -> Response | tuple[str, int]:
    form = request.form
    act = partial(deliveries.return_item, sha256=form.get("sha256", ""), reason=form.get("reason", ""))
    return _decided(item_id, act, say("Sent back. They are told why."))


@pages.post("/deliveries/<int:delivery_id>/check")
@open_to(CHECK_DELIVERY)
def check(delivery_id: int) -> Response | tuple[str, int]:
    return _of_delivery(delivery_id, deliveries.check_again, say("Checked again."))


@pages.post("/deliveries/<int:delivery_id>/waive")
@open_to(DECIDE_DELIVERY)
def waive(delivery_id: int) -> Response | tuple[str, int]:
    act = partial(deliveries.waive_checks, reason=request.form.get("reason", ""))
    return _of_delivery(delivery_id, act, say("Let through. Whoever sent it is told."))


@pages.post("/deliveries/<int:delivery_id>/remove")
@open_to(DELIVER)
def remove(delivery_id: int) -> Response | tuple[str, int]:
    return _of_delivery(
        delivery_id, deliveries.remove_delivery, say("Removed here. The asset stays a draft of yours.")
    )


def _back(deliverable_id: int) -> str:
    tail = "/deliver" if request.form.get("from") == "deliver" else ""
    return f"/deliverables/{deliverable_id}{tail}"


def _done(deliverable_id: int, act: Callable[..., object], said: str) -> Response | tuple[str, int]:
    return carried_out(
        lambda session: act(session, actor(), get_deliverable(session, actor(), deliverable_id)),
        said=said,
        to=_back(deliverable_id),
        refused=lambda refusal: draw(
            deliverable_id, problem=refusal, delivering=request.form.get("from") == "deliver"
        ),
    )


def _decided(item_id: int, act: Callable[..., object], said: str) -> Response | tuple[str, int]:
    with database().reading() as session:
        of = get_item(session, actor(), item_id).deliverable_id
    return carried_out(
        lambda session: act(session, actor(), get_item(session, actor(), item_id)),
        said=said,
        to=f"/deliverables/{of}",
        refused=lambda refusal: draw(of, problem=refusal),
    )


def _of_delivery(
    delivery_id: int, act: Callable[[Session, Actor, Delivery], object], said: str
) -> Response | tuple[str, int]:
    with database().reading() as session:
        of = get_delivery(session, actor(), delivery_id).item.deliverable_id
    return carried_out(
        lambda session: act(session, actor(), get_delivery(session, actor(), delivery_id)),
        said=said,
        to=_back(of),
        refused=lambda refusal: draw(of, problem=refusal, delivering=request.form.get("from") == "deliver"),
    )


def _new(task_id: int, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        task = task_for(session, actor(), task_id)
        campaign = task.activity.campaign
        around: dict[str, Any] = {"task": task, "campaign": campaign.name, **_choices(session, None)}
    values = {"agency_id": task.agency_id or ""}
    return _form(None, values, rows_of(None), around, problem)


def _edit(deliverable_id: int, *, problem: Refusal | None = None) -> str:
    with database().reading() as session:
        row = get_deliverable(session, actor(), deliverable_id)
        EDIT_DELIVERABLE.require(actor(), row)
        around = {
            "task": row.task,
            "campaign": row.task.activity.campaign.name,
            **_choices(session, row.spec_id),
        }
    return _form(row, filled(row), rows_of(row), around, problem)


def _choices(session: Session, spec_id: int | None) -> dict[str, Any]:
    return {
        "types": [(each.key, each.label) for each in asset_types(session)],
        "specs": offered_specs(session, spec_id),
        "agencies": agencies(session),
    }


def _form(
    row: Any,
    values: dict[str, Any],
    rows: list[dict[str, Any]],
    around: dict[str, Any],
    problem: Refusal | None,
) -> str:
    if request.method == "POST":
        values, rows = dict(request.form.items()), list(rows_typed())
    return render_template(
        "deliverables/form.html",
        deliverable=row,
        revision=row.revision if row is not None else 0,
        form=values,
        rows=with_spare_rows([each for each in rows if any(each[name] for name in ("name", "width", "id"))]),
        problem=problem,
        units=("px", "mm"),
        **around,
    )
