"""Who carries mail out of the house: a mail server, or nobody, and then it is read in the outbox."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Protocol

from assetlib.notify.errors import NotNow, NotTaken
from assetlib.settings import Settings

TIMEOUT = 20.0
"""Seconds that a mail server may take for each answer."""
LONGEST_ANSWER = 1_000


class Carrier(Protocol):
    """Takes a mail, or says that it does not.

    `carry` returns when the mail was taken and must not be sent again. It raises `NotTaken` when the mail
    will never be taken, and `NotNow` when it may be taken later. What else it raises is a fault of ours.
    """

    def carry(self, message: EmailMessage) -> None: ...


class Outbox:
    """Nothing leaves the house: the rows are the mails, and administrators read them at /outbox."""

    def carry(self, message: EmailMessage) -> None:
        """Taken."""


class MailServer:
    """SMTP, with a certificate that is checked. One connection for each mail."""

    def __init__(self, settings: Settings) -> None:
        self._host, self._port, self._tls = settings.mail_server, settings.mail_port, settings.mail_tls
        self._user, self._password = settings.mail_user, settings.mail_password_read
        self._context = ssl.create_default_context(cafile=settings.mail_ca_file or None)

    def carry(self, message: EmailMessage) -> None:
        """Hand the mail over; refused for good where the server says so with a 5xx of this mail."""
        try:
            server = self._open()
            try:
                server.send_message(message)
            finally:
                # Taken or not is decided: how the server answers our goodbye changes nothing.
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
                server.close()
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, answer),) = refused.recipients.values()
            raise _no(code, answer) from refused
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
            # It is the house that is not let in, not this mail: once that is mended, the mail goes.
            raise NotNow(_answer(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _no(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(f"{type(error).__name__}: {error}"[:LONGEST_ANSWER]) from error

    def _open(self) -> smtplib.SMTP:
        if self._tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=self._context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            if self._tls == "starttls":
                server.starttls(context=self._context)
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def open_carrier(settings: Settings) -> Carrier:
    """The one that the settings name; nothing falls back to another."""
    return MailServer(settings) if settings.mail_kind == "smtp" else Outbox()


def _no(code: int, answer: bytes | str) -> NotTaken | NotNow:
    said = _answer(code, answer)
    return NotTaken(said) if code >= 500 else NotNow(said)


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {text}"[:LONGEST_ANSWER]
