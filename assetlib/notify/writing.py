"""A letter, written out in its reader's language: as text, as HTML, and as a message for a mail server."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assetlib.notify.mailing import LONGEST_SUBJECT, Item, Letter
from assetlib.notify.readers import Speak
from assetlib.places import TEMPLATES
from assetlib.words import say

PREFERENCES = "/account/notices"
"""Where people choose what they are mailed of."""
CHOOSE = say("Choose what you get by mail")
FROM_THE_HOUSE = say("This mail was written by assetlib. Nobody reads answers to it.")
UNSAFE_IN_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Written:
    """A letter as its reader gets it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Envelope:
    """All that a mail server is given of one mail."""

    message_id: str
    sender: str
    recipient: str
    at: datetime
    language: str
    unsubscribe_url: str
    """Where the reader chooses not to get such mail; empty where there is no choice."""


def write_out(letter: Letter, language: str, zone: ZoneInfo, speak: Speak, public_url: str) -> Written:
    """The letter in a language. Its links begin with the public address of the house."""

    def told(text: str) -> str:
        return speak(text, language, zone)

    subject = one_line(told(letter.subject))[:LONGEST_SUBJECT]
    values = {
        "language": language,
        "subject": subject,
        "paragraphs": [told(each) for each in letter.paragraphs],
        "button_label": told(letter.button_label),
        "button_url": whole(letter.button_url, public_url),
        "items": [_item(each, told, public_url) for each in letter.items],
        "reason": told(letter.reason),
        "choose": told(CHOOSE) if letter.is_notice else "",
        "choose_url": whole(PREFERENCES, public_url),
        "from_the_house": told(FROM_THE_HOUSE),
    }
    return Written(subject, _template("letter.txt").render(values), _template("letter.html").render(values))


def message_of(written: Written, envelope: Envelope) -> EmailMessage:
    """The mail as it goes over the line. A line break in a header is refused by `EmailMessage` itself."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = envelope.message_id
    message["Date"] = format_datetime(envelope.at)
    message["From"] = envelope.sender
    message["To"] = envelope.recipient
    message["Subject"] = written.subject
    message["Content-Language"] = envelope.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if envelope.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    return message


def whole(url: str, public_url: str) -> str:
    """An address within the house with the house's own before it; others as they are."""
    return public_url.rstrip("/") + url if url.startswith("/") else url


def one_line(text: str) -> str:
    """Without line breaks and other signs that steer, so that it can stand in a header."""
    return " ".join(UNSAFE_IN_A_LINE.sub(" ", text).split())


def _item(item: Item, told: Callable[[str], str], public_url: str) -> dict[str, Any]:
    return {
        "sentence": one_line(told(item.sentence)),
        "reason": one_line(told(item.reason)),
        "url": whole(item.url, public_url),
    }


@cache
def _mails(*, escaped: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "mail"),
        autoescape=escaped,  # noqa: S701  # plain text is not escaped; all HTML is
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _template(name: str) -> Any:
    return _mails(escaped=name.endswith(".html")).get_template(name)
