"""What was approved for a later day is made on that day."""

from assetlib import clock
from assetlib.access.actor import SYSTEM
from assetlib.jobs.work import Work
from assetlib.reference.actions.applying import apply_change
from assetlib.reference.queries.changes import due_changes


def apply_changes(work: Work) -> None:
    """Make each approved change so whose day has come, in a transaction of its own; twice does no more."""
    with work.database.reading() as session:
        due = due_changes(session, until=clock.today())
    for change_id in due:
        with work.database.transaction() as session:
            apply_change(session, SYSTEM, change_id)
