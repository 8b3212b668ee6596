"""What people do with the record of what happened; it is in the record too."""

from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.audit.permissions import SEE_AUDIT
from assetlib.audit.queries import Wanted
from assetlib.audit.recording import record

LOG = ("audit", "log")


def look_at_log(session: Session, actor: Actor, wanted: Wanted) -> None:
    """Who looked, and for what, is in the log from now on."""
    SEE_AUDIT.require(actor)
    record(session, actor, "audit.read", LOG, asked=wanted.as_facts())


def export_log(session: Session, actor: Actor, wanted: Wanted, form: str) -> None:
    """Who took the entries out, and which, is in the log from now on."""
    SEE_AUDIT.require(actor)
    record(session, actor, "audit.exported", LOG, asked=wanted.as_facts(), form=form)
