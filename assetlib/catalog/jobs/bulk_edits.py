"""A bulk edit is done, or undone, a hundred assets at a time."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM, Actor
from assetlib.accounts.queries import get_person
from assetlib.accounts.sessions import may_sign_in
from assetlib.catalog.actions.bulk_edits import break_off_bulk_edit, continue_bulk_edit, continue_undo
from assetlib.catalog.actions.taking_up import take_up_bulk_edit
from assetlib.catalog.models import BulkEdit
from assetlib.catalog.permissions.assets import BULK_EDIT
from assetlib.catalog.queries.actors import acting
from assetlib.jobs.work import Work
from assetlib.words import say

Step = Callable[[Session, Actor, BulkEdit], bool]

NO_LONGER = say("The person who started this may no longer change many assets at once.")
BROKE_OFF = say("This broke off by a fault of ours. An administrator can let it go on.")


def run_bulk_edit(work: Work, *, bulk_edit_id: int, person_id: int) -> None:
    """Change what waits, in the name of the person. After a crash it goes on where it was."""
    _go_on(work, continue_bulk_edit, bulk_edit_id, person_id, undo=False)


def undo_bulk_edit(work: Work, *, bulk_edit_id: int, person_id: int) -> None:
    """Restore what was changed, in the same way."""
    _go_on(work, continue_undo, bulk_edit_id, person_id, undo=True)


def bulk_edit_given_up(session: Session, *, bulk_edit_id: int, person_id: int) -> None:  # noqa: ARG001
    """End it with what was done so far, so that it can be undone."""
    bulk_edit = session.get(BulkEdit, bulk_edit_id)
    if bulk_edit is not None:
        break_off_bulk_edit(session, SYSTEM, bulk_edit, BROKE_OFF)


def _go_on(work: Work, step: Step, bulk_edit_id: int, person_id: int, *, undo: bool) -> None:
    with work.database.transaction() as session:
        bulk_edit = session.get(BulkEdit, bulk_edit_id)
        if bulk_edit is not None:
            take_up_bulk_edit(session, SYSTEM, bulk_edit, BROKE_OFF, undo=undo)
    there_is_more = True
    while there_is_more:
        with work.database.transaction() as session:
            there_is_more = _one_step(session, step, bulk_edit_id, person_id)


def _one_step(session: Session, step: Step, bulk_edit_id: int, person_id: int) -> bool:
    bulk_edit = session.get(BulkEdit, bulk_edit_id)
    if bulk_edit is None:
        return False
    person = get_person(session, person_id)
    actor = acting(session, person)
    # The person may have left, or lost the role, since the work was promised.
    if not (may_sign_in(person) and BULK_EDIT.allows(actor)):
        break_off_bulk_edit(session, SYSTEM, bulk_edit, NO_LONGER)
        return False
    return step(session, actor, bulk_edit)
