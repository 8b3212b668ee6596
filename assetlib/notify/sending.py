"""Send what was promised: written out once, handed over at least once, always under the same Message-ID.

A worker that is killed after the mail server has taken a mail and before our row says so leaves the row
waiting: the next one sends the mail once more, and its Message-ID and date let the reader's mail program
know the two as one. Without a word from the server there is no way to be sure; a mail lost would be worse.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.jobs import enqueue
from assetlib.jobs.work import Work
from assetlib.notify.choices import times_of
from assetlib.notify.errors import NotNow, NotTaken
from assetlib.notify.mailing import hides_its_link, letter_of, without_link
from assetlib.notify.models import OutgoingMail
from assetlib.notify.post import Post
from assetlib.notify.times import not_quiet
from assetlib.notify.writing import PREFERENCES, Envelope, Written, message_of, whole, write_out
from assetlib.settings import Settings
from assetlib.words import kept, say

LONGEST_WAIT = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=2)
"""How long a mail server may be away before a mail is given up."""
NOT_MAILED = say("The person is not mailed any more: suspended, closed, or gone.")
BROKE_OFF = say("Sending broke off by a fault of ours. An administrator finds it among the work given up.")
TEXT_DROPPED = say("The text was dropped after sending, because its link lets somebody in.")


def send(work: Work, post: Post, mail_id: int) -> None:
    """Hand one mail to the carrier and say in its row how that went.

    A mail that is not taken yet is promised again, later each time, for two days. A notice waits for the end
    of its reader's quiet hours. No transaction is open while the mail server is talked to.
    """
    with work.database.transaction() as session:
        mail = session.get(OutgoingMail, mail_id, with_for_update=True)
        if mail is None or mail.state != "waiting" or not _may_go(session, post, mail):
            return
        if not mail.text:
            written = write_out(
                letter_of(mail.letter), mail.language, ZoneInfo(mail.zone), post.speak,
                work.settings.public_url,
            )  # fmt: skip
            mail.subject, mail.text, mail.html = written.subject, written.text, written.html
    written = Written(mail.subject, mail.text, mail.html)
    try:
        post.carrier.carry(message_of(written, _envelope(mail, work.settings)))
    except NotTaken as answer:
        with work.database.transaction() as session:
            _fail(session, mail_id, str(answer))
    except NotNow as answer:
        with work.database.transaction() as session:
            _put_off(session, mail_id, str(answer))
    else:
        with work.database.transaction() as session:
            _taken(session, mail_id, work.settings)


def give_up(session: Session, mail_id: int) -> None:
    """The job itself was given up: the row says so."""
    mail = session.get(OutgoingMail, mail_id)
    if mail is not None and mail.state == "waiting":
        mail.state, mail.fault = "failed", mail.fault or kept(BROKE_OFF)


def _may_go(session: Session, post: Post, mail: OutgoingMail) -> bool:
    """Whether a mail goes now. Only notices are held back; what a person asked for is not."""
    if not mail.letter.get("is_notice") or mail.person_id is None:
        return True
    reader = post.readers(session, [mail.person_id]).get(mail.person_id)
    if reader is None or not reader.is_mailed:
        mail.state, mail.fault = "failed", kept(NOT_MAILED)
        return False
    moment = clock.now()
    from_then = not_quiet(times_of(session, mail.person_id), reader.zone, moment)
    if from_then > moment:
        enqueue(session, "notify.send_mail", run_at=from_then, priority=-10, mail_id=mail.id)
        return False
    return True


def _envelope(mail: OutgoingMail, settings: Settings) -> Envelope:
    is_notice = bool(mail.letter.get("is_notice")) and settings.public_url
    return Envelope(
        message_id=mail.message_id,
        sender=settings.mail_from or "assetlib@localhost",
        recipient=mail.recipient,
        at=mail.created_at,
        language=mail.language,
        unsubscribe_url=whole(PREFERENCES, settings.public_url) if is_notice else "",
    )


def _taken(session: Session, mail_id: int, settings: Settings) -> None:
    mail = session.get(OutgoingMail, mail_id)
    if mail is None:
        return
    mail.state, mail.sent_at, mail.fault = "sent", clock.now(), ""
    if mail.letter.get("opens_a_door") and settings.mail_kind != "outbox":
        mail.letter = {**mail.letter, "button_url": "", "items": [], "paragraphs": []}
        mail.text, mail.html = str(TEXT_DROPPED), ""
    elif hides_its_link(mail) and not settings.outbox_links:
        mail.text, mail.html = without_link(mail)
        mail.letter = {**mail.letter, "button_url": ""}


def _fail(session: Session, mail_id: int, answer: str) -> None:
    mail = session.get(OutgoingMail, mail_id)
    if mail is not None and mail.state == "waiting":
        mail.state, mail.fault = "failed", answer


def _put_off(session: Session, mail_id: int, answer: str) -> None:
    """Try again after as long as it has waited by now, a minute at least and an hour at most."""
    mail = session.get(OutgoingMail, mail_id)
    if mail is None or mail.state != "waiting":
        return
    waited = clock.now() - mail.created_at
    if waited >= GIVEN_UP_AFTER:
        mail.state, mail.fault = "failed", answer
        return
    mail.fault = answer
    wait = min(max(waited, timedelta(minutes=1)), LONGEST_WAIT)
    enqueue(
        session, "notify.send_mail", run_at=clock.now() + wait, dedupe=f"notify.send_mail:{mail_id}",
        priority=-10, mail_id=mail_id,
    )  # fmt: skip
