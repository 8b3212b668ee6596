"""Go along the record of what happened each night, and say so when somebody touched it."""

import time

import structlog
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM
from assetlib.audit import record
from assetlib.audit.actions import LOG
from assetlib.audit.queries import VERIFIED
from assetlib.audit.verifying import START, Verdict, verify_from
from assetlib.catalog.queries.audience import administrators
from assetlib.database import Database
from assetlib.jobs.work import GiveUp, Work
from assetlib.notify.telling import tell
from assetlib.words import kept, say

log = structlog.get_logger("assetlib")


def verify_chain(work: Work) -> None:
    """Verify the whole chain, piece by piece, and record what was found; administrators hear of a fault."""
    began = time.monotonic()
    verdict = in_pieces(work.database)
    seconds = round(time.monotonic() - began, 3)
    if not verdict.is_whole:
        log.error("audit_chain_broken", fault=str(verdict.fault), first_bad=verdict.first_bad)
    try:
        with work.database.transaction() as session:
            record(
                session,
                SYSTEM,
                VERIFIED,
                LOG,
                entries=verdict.entries,
                fault=kept(verdict.fault or ""),
                seconds=seconds,
            )
            if not verdict.is_whole:
                _tell_administrators(session, verdict)
    except NoResultFound:
        # Nothing can be recorded while the chain has no head.
        raise GiveUp(str(verdict.fault)) from None


def in_pieces(database: Database) -> Verdict:
    """The same as `audit.verify`, without holding one view of the database for all the time."""
    place = START
    while True:
        with database.reading() as session:
            piece = verify_from(session, place)
        if piece.verdict is not None:
            return piece.verdict
        place = piece.place


def _tell_administrators(session: Session, verdict: Verdict) -> None:
    tell(
        session,
        administrators(session),
        "audit.broken",
        say("The audit log was touched: {fault}.", fault=verdict.fault),
        say("You are told because you are an administrator."),
        "/audit",
        dedupe=f"audit.broken.{verdict.first_bad}",
    )
