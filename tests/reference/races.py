"""What two people do at the same moment, each in a process of their own."""

from assetlib.access.actor import FINANCE, Actor
from assetlib.audit import append_chain
from assetlib.database import Database
from assetlib.errors import Refusal
from assetlib.reference.actions.changes import approve_change, reject_change
from assetlib.reference.actions.fiscal import open_fiscal_year
from assetlib.reference.models import FiscalCalendar, ReferenceChange


def _finance(person_id: int) -> Actor:
    return Actor("person", "F", person_id, organisation_kind="own", roles=frozenset({FINANCE}))


def decide(url: str, person_id: int, change_id: int, verdict: str) -> str:
    """How it went: `done`, or the code of the refusal."""
    database = Database(url, before_commit=[append_chain])
    try:
        with database.transaction() as session:
            change = session.get_one(ReferenceChange, change_id)
            act = approve_change if verdict == "approve" else reject_change
            act(session, _finance(person_id), change, answer="Mine")
        return "done"
    except Refusal as refusal:
        return refusal.code
    finally:
        database.close()


def open_year(url: str, person_id: int, calendar_id: int, year: int) -> str:
    """The same of a fiscal year."""
    database = Database(url, before_commit=[append_chain])
    try:
        with database.transaction() as session:
            open_fiscal_year(session, _finance(person_id), session.get_one(FiscalCalendar, calendar_id), year)
        return "done"
    except Refusal as refusal:
        return refusal.code
    finally:
        database.close()
