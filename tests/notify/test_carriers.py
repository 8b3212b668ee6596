"""Every carrier takes mail in the same way; a mail server is talked to as it is, over a real line."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from assetlib.notify.carriers import Carrier, open_carrier
from assetlib.notify.errors import NotNow, NotTaken
from assetlib.notify.writing import Envelope, Written, message_of
from assetlib.settings import Settings
from tests.notify.mail_server import MailServer, certificate_in

MAIL = Written(subject="Grüße vom Gipfel", text="Es wartet.\n.\nEnde\n", html="<p>Es wartet.</p>")


def message(recipient: str = "ada@company.example", written: Written = MAIL) -> EmailMessage:
    envelope = Envelope(
        message_id="<1@assetlib.mail>",
        sender="assetlib <assets@company.example>",
        recipient=recipient,
        at=datetime(2026, 11, 30, 9, tzinfo=UTC),
        language="de",
        unsubscribe_url="https://assets.example/account/notices",
    )
    return message_of(written, envelope)


def smtp(server: MailServer, **values: object) -> Carrier:
    settings = {"mail_kind": "smtp", "mail_server": "127.0.0.1", "mail_port": server.port, "mail_tls": "none"}
    return open_carrier(Settings(**{**settings, **values}))  # type: ignore[arg-type]  # settings by name


@pytest.fixture(params=["outbox", "smtp"])
def carrier(request: pytest.FixtureRequest) -> Iterator[Carrier]:
    if request.param == "outbox":
        yield open_carrier(Settings())
        return
    with MailServer() as server:
        yield smtp(server)


def test_a_carrier_takes_a_mail_and_takes_it_again(carrier: Carrier) -> None:
    """A mail whose taking was not heard of is brought once more."""
    carrier.carry(message())
    carrier.carry(message())


def test_what_arrives_is_what_was_written() -> None:
    with MailServer() as server:
        smtp(server).carry(message())
    (taken,) = server.taken
    mail = taken.message
    assert taken.recipients == ["ada@company.example"]
    assert (mail["Subject"], mail["Message-ID"]) == ("Grüße vom Gipfel", "<1@assetlib.mail>")
    assert mail["From"] == "assetlib <assets@company.example>"
    assert mail["List-Unsubscribe"] == "<https://assets.example/account/notices>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Es wartet.", ".", "Ende"]
    assert html.get_content().strip() == "<p>Es wartet.</p>"


def test_a_line_is_made_private_and_the_certificate_is_checked(tmp_path: Path) -> None:
    certificate = certificate_in(tmp_path)
    with MailServer(certificate=certificate) as server:
        smtp(server, mail_tls="starttls", mail_ca_file=str(certificate[0])).carry(message())
        with pytest.raises(NotNow, match="CERTIFICATE_VERIFY_FAILED"):
            smtp(server, mail_tls="starttls").carry(message())
    (taken,) = server.taken
    assert taken.was_private


def test_a_line_that_cannot_be_made_private_is_not_used() -> None:
    with MailServer() as server, pytest.raises(NotNow, match="STARTTLS"):
        smtp(server, mail_tls="starttls").carry(message())
    assert server.taken == []


def test_a_server_that_asks_who_we_are_is_told(tmp_path: Path) -> None:
    certificate = certificate_in(tmp_path)
    known = {"mail_tls": "starttls", "mail_ca_file": str(certificate[0]), "mail_user": "assets"}
    with MailServer(certificate=certificate, users={"assets": "right"}) as server:
        with pytest.raises(NotNow, match="535 who are you"):
            smtp(server, **known, mail_password="wrong").carry(message())
        smtp(server, **known, mail_password="right").carry(message())
    assert [each.user for each in server.taken] == ["assets"]


def test_a_refusal_of_the_recipient_says_whether_another_try_would_help() -> None:
    answers = {"gone@company.example": "550 no such person", "full@company.example": "452 the box is full"}
    with MailServer(answers=answers) as server:
        with pytest.raises(NotTaken, match="550 no such person"):
            smtp(server).carry(message("gone@company.example"))
        with pytest.raises(NotNow, match="452 the box is full"):
            smtp(server).carry(message("full@company.example"))
    assert server.taken == []


def test_a_server_that_is_away_may_come_back() -> None:
    with MailServer() as server:
        pass
    with pytest.raises(NotNow, match="Connection refused"):
        smtp(server).carry(message())
    with server:
        smtp(server).carry(message())
    assert len(server.taken) == 1


@pytest.mark.parametrize("broken", ["a@b.example\r\nBcc: all@b.example", "a@b.example\nX: y"])
def test_no_header_can_be_slipped_in(broken: str) -> None:
    with pytest.raises(ValueError, match="line"):
        message(broken)
    with pytest.raises(ValueError, match="line"):
        message(written=Written(broken, "", ""))
