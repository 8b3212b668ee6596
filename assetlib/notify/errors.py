"""How notices and mail say no."""

from assetlib.errors import Invalid, NotFound


class WrongRecipient(Invalid):
    """No mail can go to such an address."""

    code = "wrong_mail_address"


class WrongChoice(Invalid):
    """Mail cannot be sent in such a way."""

    code = "wrong_notice_choice"


class NoSuchNotice(NotFound):
    code = "notice_not_found"


class NoSuchMail(NotFound):
    code = "mail_not_found"


class NotTaken(Exception):
    """The mail server will never take this mail. The message is what it said."""


class NotNow(Exception):
    """The mail server cannot be had, or does not take this mail yet. The message is what it said."""
