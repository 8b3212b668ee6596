"""Changes to reference data: proposed, and decided by a second person."""

from apiflask import APIBlueprint

from assetlib.api.reference import plain
from assetlib.api.reference_shapes import AnswerIn, ChangeIn, ChangeOut, ChangesOut, ChangesQuery
from assetlib.current import actor, database
from assetlib.money import NoAmount, read_rate
from assetlib.policy import open_to
from assetlib.reference.actions import changes as actions
from assetlib.reference.errors import WrongReference
from assetlib.reference.permissions import (
    APPROVE_CHANGE,
    PROPOSE_CHANGE,
    SEE_REFERENCE,
    WITHDRAW_CHANGE,
)
from assetlib.reference.queries.changes import Change, changes_of, get_change
from assetlib.reference.rules.changes import NOT_SENT
from assetlib.reference.rules.things import Value
from assetlib.words import recalled

api = APIBlueprint("api_reference_changes", __name__, tag="Reference data", url_prefix="/reference/changes")


@api.get("")
@api.input(ChangesQuery, location="query")
@api.output(ChangesOut)
@open_to(SEE_REFERENCE)
def index(query_data: ChangesQuery) -> ChangesOut:
    """Changes in a state, the latest first; all of them when none is named."""
    states = (query_data.state,) if query_data.state else ()
    with database().reading() as session:
        page = changes_of(session, actor(), states=states, number=query_data.page, size=query_data.size)
    return ChangesOut(
        total=page.total, page=page.number, size=page.size, changes=[_out(each) for each in page.rows]
    )


@api.post("")
@api.input(ChangeIn)
@api.output(ChangeOut, status_code=201)
@open_to(PROPOSE_CHANGE)
def propose(json_data: ChangeIn) -> ChangeOut:
    """Propose what a thing shall say from a day on."""
    with database().transaction() as session:
        row = actions.propose_change(
            session,
            actor(),
            json_data.kind,
            thing_id=json_data.thing,
            values=_values(json_data),
            effective_on=json_data.effective_on,
            reason=json_data.reason,
        )
        return _out(get_change(session, actor(), row.id))


@api.get("/<int:change_id>")
@api.output(ChangeOut)
@open_to(SEE_REFERENCE)
def show(change_id: int) -> ChangeOut:
    """One change, field by field."""
    with database().reading() as session:
        return _out(get_change(session, actor(), change_id))


@api.post("/<int:change_id>/approve")
@api.input(AnswerIn)
@api.output(ChangeOut)
@open_to(APPROVE_CHANGE)
def approve(change_id: int, json_data: AnswerIn) -> ChangeOut:
    """Let it through: at once when its day is there, else on its day."""
    with database().transaction() as session:
        change = get_change(session, actor(), change_id)
        actions.approve_change(session, actor(), change.row, answer=json_data.answer)
        return _out(get_change(session, actor(), change_id))


@api.post("/<int:change_id>/reject")
@api.input(AnswerIn)
@api.output(ChangeOut)
@open_to(APPROVE_CHANGE)
def reject(change_id: int, json_data: AnswerIn) -> ChangeOut:
    """Say why it is not made."""
    with database().transaction() as session:
        change = get_change(session, actor(), change_id)
        actions.reject_change(session, actor(), change.row, answer=json_data.answer)
        return _out(get_change(session, actor(), change_id))


@api.post("/<int:change_id>/withdraw")
@api.output(ChangeOut)
@open_to(WITHDRAW_CHANGE)
def withdraw(change_id: int) -> ChangeOut:
    """It is not wanted any more."""
    with database().transaction() as session:
        actions.withdraw_change(session, actor(), get_change(session, actor(), change_id).row)
        return _out(get_change(session, actor(), change_id))


def _values(said: ChangeIn) -> dict[str, Value]:
    """A rate is read from its text; whatever else is as it is kept already."""
    values = dict(said.values)
    rate = values.get("rate")
    if isinstance(rate, str):
        try:
            values["rate"] = read_rate(rate)
        except NoAmount as fault:
            raise WrongReference(NOT_SENT, fields={"rate": fault.sentence}) from fault
    return values


def _out(change: Change) -> ChangeOut:
    row = change.row
    return ChangeOut(
        id=row.id,
        kind=row.kind,
        thing=row.thing_id,
        name=change.thing,
        before=plain(row.before),
        after=plain(row.after),
        effective_on=row.effective_on,
        reason=row.reason,
        state=row.state,
        made_by=change.made_by,
        made_at=row.made_at,
        decided_by=change.decided_by,
        decided_at=row.decided_at,
        applied_at=row.applied_at,
        answer=recalled(row.answer),
        may_decide=change.may_decide,
        may_withdraw=change.may_withdraw,
    )
