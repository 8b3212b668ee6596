"""What people do with the record of what happened; it is in the record too."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.audit.models import AuditEntry
from assetlib.audit.permissions import SEE_AUDIT
from assetlib.audit.queries import Wanted
from assetlib.audit.recording import plain, record

LOG = ("audit", "log")
LOOKED = "audit.read"
VISIT = timedelta(minutes=30)
"""As long after a look another one for the same is a part of it."""


def look_at_log(session: Session, actor: Actor, wanted: Wanted) -> None:
    """Who looked, and for what, is in the log from now on: once in a visit, not for each page of it."""
    SEE_AUDIT.require(actor)
    asked = plain(wanted.as_facts())
    lately = session.scalars(
        select(AuditEntry.changes).where(
            AuditEntry.action == LOOKED,
            AuditEntry.actor_id == actor.person_id,
            AuditEntry.at > clock.now() - VISIT,
        )
    )
    if actor.person_id is None or all(each.get("asked") != asked for each in lately):
        record(session, actor, LOOKED, LOG, asked=asked)


def export_log(session: Session, actor: Actor, wanted: Wanted, form: str) -> None:
    """Who took the entries out, and which, is in the log from now on."""
    SEE_AUDIT.require(actor)
    record(session, actor, "audit.exported", LOG, asked=wanted.as_facts(), form=form)
