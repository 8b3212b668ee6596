"""Deliverables: ask for files, approve the brief, send, return and accept what came."""

from collections.abc import Callable
from functools import partial

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from assetlib.api.deliverable_shapes import (
    AcceptIn,
    DeliverableChange,
    DeliverableIn,
    DeliverableOut,
    DeliverablesOut,
    DeliverablesQuery,
    NoteIn,
    ReasonIn,
    ReturnIn,
    SeenIn,
    SendBackIn,
    SentOut,
    out,
)
from assetlib.current import actor, database
from assetlib.planning.actions import deliverables as actions
from assetlib.planning.actions import deliveries
from assetlib.planning.models import Deliverable
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
    deliverables_page,
    deliveries_of,
    get_deliverable,
    get_delivery,
    get_item,
    task_for,
)
from assetlib.policy import open_to

api = APIBlueprint("api_deliverables", __name__, url_prefix="/deliverables", tag="Deliverables")


@api.get("")
@api.input(DeliverablesQuery, location="query")
@api.output(DeliverablesOut)
@open_to(SEE_DELIVERABLES)
def index(query_data: DeliverablesQuery) -> DeliverablesOut:
    """What is open to you, what is due first at the top."""
    wish = Wish(
        campaign=query_data.campaign,
        agency=query_data.agency,
        task=query_data.task,
        scope=query_data.scope,
        creative=query_data.state,
        due=query_data.due,
    )
    with database().reading() as session:
        page = deliverables_page(session, actor(), wish, number=query_data.page, size=query_data.size)
        rows = [each.deliverable for each in page.rows]
        came = deliveries_of(session, *rows)
        return DeliverablesOut(
            total=page.total,
            page=page.number,
            size=page.size,
            deliverables=[out(actor(), row, came) for row in rows],
        )


@api.post("")
@api.input(DeliverableIn)
@api.output(DeliverableOut, status_code=201)
@open_to(MAKE_DELIVERABLE)
def make(json_data: DeliverableIn) -> DeliverableOut:
    """Ask for files under a task: a draft, until its brief is sent and approved."""
    with database().transaction() as session:
        task = task_for(session, actor(), json_data.task)
        row = actions.make_deliverable(session, actor(), task, **json_data.values())
        return _shown(session, row.id)


@api.get("/<int:deliverable_id>")
@api.output(DeliverableOut)
@open_to(SEE_DELIVERABLES)
def show(deliverable_id: int) -> DeliverableOut:
    """One deliverable, with what came for it and what the checks found."""
    with database().reading() as session:
        return _shown(session, deliverable_id)


@api.put("/<int:deliverable_id>")
@api.input(DeliverableChange)
@api.output(DeliverableOut)
@open_to(EDIT_DELIVERABLE)
def change(deliverable_id: int, json_data: DeliverableChange) -> DeliverableOut:
    """Say anew what is asked for, while the brief is a draft or was taken up again."""
    act = partial(actions.change_deliverable, revision=json_data.revision, **json_data.values())
    return _done(deliverable_id, act)


@api.post("/<int:deliverable_id>/submit-brief")
@api.output(DeliverableOut)
@open_to(EDIT_DELIVERABLE)
def submit_brief(deliverable_id: int) -> DeliverableOut:
    """Send the brief to a second planner for approval."""
    return _done(deliverable_id, actions.submit_brief)


@api.post("/<int:deliverable_id>/approve-scope")
@api.input(SeenIn)
@api.output(DeliverableOut)
@open_to(APPROVE_SCOPE)
def approve_scope(deliverable_id: int, json_data: SeenIn) -> DeliverableOut:
    """Approve exactly the brief of this revision. Not with a token, and not by who sent it."""
    return _done(deliverable_id, partial(actions.approve_scope, revision=json_data.revision))


@api.post("/<int:deliverable_id>/send-back")
@api.input(SendBackIn)
@api.output(DeliverableOut)
@open_to(APPROVE_SCOPE)
def send_back(deliverable_id: int, json_data: SendBackIn) -> DeliverableOut:
    """Say what the brief is missing; it is a draft again."""
    act = partial(actions.send_back_brief, revision=json_data.revision, reason=json_data.reason)
    return _done(deliverable_id, act)


@api.post("/<int:deliverable_id>/rescope")
@api.input(ReasonIn)
@api.output(DeliverableOut)
@open_to(EDIT_DELIVERABLE)
def rescope(deliverable_id: int, json_data: ReasonIn) -> DeliverableOut:
    """Take an approved brief up again, to change it."""
    return _done(deliverable_id, partial(actions.rescope, reason=json_data.reason))


@api.post("/<int:deliverable_id>/drop")
@api.input(ReasonIn)
@api.output(DeliverableOut)
@open_to(EDIT_DELIVERABLE)
def drop(deliverable_id: int, json_data: ReasonIn) -> DeliverableOut:
    """It is not needed any more; refused while something holds it."""
    return _done(deliverable_id, partial(actions.drop_deliverable, reason=json_data.reason))


@api.post("/<int:deliverable_id>/send")
@api.input(NoteIn)
@api.output(SentOut)
@open_to(DELIVER)
def send(deliverable_id: int, json_data: NoteIn) -> SentOut:
    """Send what passed its checks, or was let through, for a decision."""
    with database().transaction() as session:
        row = get_deliverable(session, actor(), deliverable_id)
        return SentOut(files=deliveries.send_deliverable(session, actor(), row, note=json_data.note))


@api.post("/items/<int:item_id>/accept")
@api.input(AcceptIn)
@api.output(DeliverableOut)
@open_to(DECIDE_DELIVERY)
def accept(item_id: int, json_data: AcceptIn) -> DeliverableOut:
    """Accept exactly these bytes: the version is approved in the library at the same moment."""
    with database().transaction() as session:
        item = get_item(session, actor(), item_id)
        deliveries.accept_item(session, actor(), item, **json_data.model_dump())
        return _shown(session, item.deliverable_id)


@api.post("/items/<int:item_id>/return")
@api.input(ReturnIn)
@api.output(DeliverableOut)
@open_to(DECIDE_DELIVERY)
def give_back(item_id: int, json_data: ReturnIn) -> DeliverableOut:
    """Send exactly these bytes back, with a reason."""
    with database().transaction() as session:
        item = get_item(session, actor(), item_id)
        deliveries.return_item(session, actor(), item, **json_data.model_dump())
        return _shown(session, item.deliverable_id)


@api.post("/deliveries/<int:delivery_id>/check")
@api.output(DeliverableOut)
@open_to(CHECK_DELIVERY)
def check(delivery_id: int) -> DeliverableOut:
    """Check a file again: details and rights may have been filled in since."""
    with database().transaction() as session:
        row = get_delivery(session, actor(), delivery_id)
        deliveries.check_again(session, actor(), row)
        return _shown(session, row.item.deliverable_id)


@api.post("/deliveries/<int:delivery_id>/waive")
@api.input(ReasonIn)
@api.output(DeliverableOut)
@open_to(DECIDE_DELIVERY)
def waive(delivery_id: int, json_data: ReasonIn) -> DeliverableOut:
    """Let a file through though it failed, with a reason."""
    with database().transaction() as session:
        row = get_delivery(session, actor(), delivery_id)
        deliveries.waive_checks(session, actor(), row, reason=json_data.reason)
        return _shown(session, row.item.deliverable_id)


@api.post("/deliveries/<int:delivery_id>/remove")
@api.output(DeliverableOut)
@open_to(DELIVER)
def remove(delivery_id: int) -> DeliverableOut:
    """Take back a file that was not sent yet."""
    with database().transaction() as session:
        row = get_delivery(session, actor(), delivery_id)
        deliveries.remove_delivery(session, actor(), row)
        return _shown(session, row.item.deliverable_id)


def _done(deliverable_id: int, act: Callable[..., object]) -> DeliverableOut:
    with database().transaction() as session:
        row: Deliverable = get_deliverable(session, actor(), deliverable_id)
        act(session, actor(), row)
        return _shown(session, deliverable_id)


def _shown(session: Session, deliverable_id: int) -> DeliverableOut:
    row = get_deliverable(session, actor(), deliverable_id)
    return out(actor(), row, deliveries_of(session, row))
