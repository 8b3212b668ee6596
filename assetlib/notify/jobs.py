"""The jobs of notices and mail."""

from sqlalchemy.orm import Session

from assetlib.jobs.work import Work
from assetlib.notify.forgetting import drop_old
from assetlib.notify.gathering import gather as gather_due
from assetlib.notify.post import Post
from assetlib.notify.sending import give_up, send


def send_mail(work: Work, post: Post, *, mail_id: int) -> None:
    """Send one mail that was promised."""
    send(work, post, mail_id)


def mail_given_up(session: Session, *, mail_id: int) -> None:
    """Say with the mail that it was not sent."""
    give_up(session, mail_id)


def gather(work: Work, post: Post) -> None:
    """Make mails of the notices that are due."""
    more = True
    while more:
        with work.database.transaction() as session:
            more = gather_due(session, post)


def forget_old(work: Work) -> None:
    """Drop mails after 90 days and read notices after 180."""
    with work.database.transaction() as session:
        drop_old(session)
