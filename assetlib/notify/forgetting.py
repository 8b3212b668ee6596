"""Mails and notices that nobody needs any more are let go."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.notify.models import Notice, OutgoingMail

MAILS_KEPT_FOR = timedelta(days=90)
READ_NOTICES_KEPT_FOR = timedelta(days=180)
"""After they were read; unread ones stay."""


def drop_old(session: Session) -> None:
    """Drop mails that are no longer waiting, and notices that were read, by their age."""
    moment = clock.now()
    session.execute(
        delete(OutgoingMail).where(
            OutgoingMail.state != "waiting", OutgoingMail.created_at < moment - MAILS_KEPT_FOR
        )
    )
    session.execute(
        delete(Notice).where(Notice.read_at < moment - READ_NOTICES_KEPT_FOR, Notice.mail_state != "waiting")
    )


def settle_past(session: Session, before: datetime) -> None:
    """Take what was told before a moment as read: a made-up past, of which nobody is to be mailed."""
    session.execute(
        update(Notice)
        .where(Notice.at < before)
        .values(read_at=Notice.at, mail_state="none")
        .execution_options(synchronize_session=False)
    )
