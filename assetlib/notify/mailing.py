"""Promise a mail: a row and a job, in the transaction that makes the mail necessary.

What a mail says is kept as a letter, with its sentences' patterns, and written out in the reader's language
by the job `notify.send_mail` (`jobs.py`), before its first try.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.jobs import enqueue, enqueue_each
from assetlib.notify.errors import WrongRecipient
from assetlib.notify.models import OutgoingMail
from assetlib.words import all_kept, recalled, say

LONGEST_SUBJECT = 300
SEND = "notify.send_mail"
BEFORE_OTHERS = -10
HIDDEN = "…"
ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\],;:\\\"@]+@[^\s\x00-\x1f\x7f<>()\[\],;:\\\"@]+")


@dataclass(frozen=True)
class Item:
    """One of several things that a letter tells of."""

    sentence: str
    reason: str
    url: str


@dataclass(frozen=True)
class Letter:
    """What a mail says, in sentences made with `say`. Addresses are within the house, or whole."""

    subject: str
    paragraphs: tuple[str, ...] = ()
    button_label: str = ""
    button_url: str = ""
    items: tuple[Item, ...] = ()
    reason: str = ""
    """Why the reader gets it; said at the foot."""
    is_notice: bool = False
    """It tells of what happened: the reader can choose not to get it, and is not disturbed in quiet hours."""
    opens_a_door: bool = False
    """Its link lets somebody in. The text is dropped from our rows once a mail server has taken it."""
    may_be_handed_on: bool = False
    """Where no mail leaves the house, whoever wrote it gives the link on by hand: an invitation."""


def promise_mail(
    session: Session,
    *,
    recipient: str,
    person_id: int | None,
    language: str | None,
    letter: Letter,
    zone: str | None = None,
) -> OutgoingMail:
    """The mail will be sent if and only if this transaction commits; at least once, under one Message-ID.

    `language` is that of the reader, None: English. Refuses an address that is none.
    """
    mail = _mail(recipient, person_id, language, letter, zone)
    session.add(mail)
    session.flush()
    enqueue(session, SEND, priority=BEFORE_OTHERS, mail_id=mail.id)
    return mail


@dataclass(frozen=True)
class Promised:
    """A letter to one of many, and the language they read."""

    recipient: str
    person_id: int | None
    language: str | None
    letter: Letter


def promise_mails(session: Session, promised: Iterable[Promised]) -> None:
    """The same of many, in as many statements as of one."""
    mails = [_mail(each.recipient, each.person_id, each.language, each.letter, None) for each in promised]
    session.add_all(mails)
    session.flush()
    enqueue_each(session, SEND, [{"mail_id": each.id} for each in mails], priority=BEFORE_OTHERS)


def _mail(
    recipient: str, person_id: int | None, language: str | None, letter: Letter, zone: str | None
) -> OutgoingMail:
    if len(recipient) > 254 or ADDRESS.fullmatch(recipient) is None:
        raise WrongRecipient(
            say("“{address}” is no mail address. Write one such as ada@company.example.", address=recipient)
        )
    return OutgoingMail(
        # The host is no secret and no address: what counts is that no other mail has this name.
        message_id=f"<{secrets.token_hex(16)}@assetlib.mail>",
        person_id=person_id,
        recipient=recipient,
        letter=all_kept(asdict(letter)),
        language=language or "en",
        zone=zone or "UTC",
        subject=str(letter.subject)[:LONGEST_SUBJECT],
        text="",
        html="",
        state="waiting",
        created_at=clock.now(),
    )


def hides_its_link(mail: OutgoingMail) -> bool:
    """Its link lets its reader in, and nobody else is shown it."""
    return bool(mail.letter.get("opens_a_door")) and not mail.letter.get("may_be_handed_on")


def without_link(mail: OutgoingMail) -> tuple[str, str]:
    """Text and HTML, with dots where the secret of its link stands."""
    secret = str(mail.letter.get("button_url", "")).rpartition("/")[2]
    return (mail.text.replace(secret, HIDDEN), mail.html.replace(secret, HIDDEN)) if secret else (
        mail.text, mail.html,
    )  # fmt: skip


def letter_of(row: Mapping[str, Any]) -> Letter:
    """The letter that a row keeps, with sentences that can be said in any language."""
    items = tuple(
        Item(recalled(each["sentence"]), recalled(each["reason"]), each["url"]) for each in row["items"]
    )
    return Letter(
        subject=recalled(row["subject"]),
        paragraphs=tuple(recalled(each) for each in row["paragraphs"]),
        button_label=recalled(row["button_label"]),
        button_url=row["button_url"],
        items=items,
        reason=recalled(row["reason"]),
        is_notice=row["is_notice"],
        opens_a_door=row["opens_a_door"],
        may_be_handed_on=row.get("may_be_handed_on", False),
    )
