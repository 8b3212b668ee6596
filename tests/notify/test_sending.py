"""A mail that was promised is sent, whatever happens on the way, and says so."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from assetlib import clock
from assetlib.accounts.models import Person
from assetlib.catalog.queries.readers import open_to_each, readers
from assetlib.database import Database
from assetlib.jobs.models import DONE, Job
from assetlib.jobs.work import Work
from assetlib.language import in_language
from assetlib.notify.carriers import open_carrier
from assetlib.notify.choices import set_choices
from assetlib.notify.jobs import forget_old, mail_given_up, send_mail
from assetlib.notify.mailing import Letter, promise_mail
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.post import Post
from assetlib.notify.telling import tell
from assetlib.notify.times import Times
from assetlib.settings import Settings
from assetlib.words import recalled, say
from tests import make
from tests.notify.conftest import Mails
from tests.notify.mail_server import MailServer

LETTER = Letter(
    subject=say("{name} was published", name="Gipfel & <Grat>\r\nBcc: all@company.example"),
    paragraphs=(say("It is there."),),
    button_label=say("Go on"),
    button_url="/assets/7?v=1&x=2",
    is_notice=True,
    reason=say("You made it."),
)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def promised(database: Database, crew: make.People, letter: Letter = LETTER, language: str = "en") -> int:
    with database.transaction() as session:
        person_id = crew.contributor.person_id
        address = session.get_one(Person, person_id).email
        return promise_mail(
            session, recipient=address, person_id=person_id, language=language, letter=letter
        ).id


def smtp_settings(server: MailServer, home: Path) -> Settings:
    return Settings(
        home=home, public_url="https://assets.example", mail_kind="smtp", mail_server="127.0.0.1",
        mail_port=server.port, mail_tls="none", mail_from="assetlib <assets@company.example>",
    )  # fmt: skip


def by_smtp(database: Database, server: MailServer, home: Path) -> tuple[Work, Post]:
    settings = smtp_settings(server, home)
    return Work(database, settings), Post(open_carrier(settings), in_language, readers, open_to_each)


def tries_waiting(database: Database) -> list[Job]:
    with database.reading() as session:
        return [each for each in session.query(Job).order_by(Job.id) if each.kind == "notify.send_mail"]


def test_the_outbox_keeps_the_mail_to_read(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    send_mail(work, post, mail_id=promised(database, crew))
    (mail,) = mails()
    assert mail.state == "sent"
    assert mail.subject == "Gipfel & <Grat> Bcc: all@company.example was published"
    assert "https://assets.example/assets/7?v=1&x=2" in mail.text
    assert 'href="https://assets.example/assets/7?v=1&amp;x=2"' in mail.html
    assert "Gipfel &amp; &lt;Grat&gt;" in mail.html
    assert "<Grat>" not in mail.html
    assert "https://assets.example/account/notices" in mail.text
    assert "You made it." in mail.html


def test_a_mail_is_sent_once_by_however_many_jobs(
    database: Database, crew: make.People, tmp_path: Path
) -> None:
    mail_id = promised(database, crew)
    with MailServer() as server:
        work, post = by_smtp(database, server, tmp_path)
        send_mail(work, post, mail_id=mail_id)
        send_mail(work, post, mail_id=mail_id)
    (taken,) = server.taken
    assert taken.message["List-Unsubscribe"] == "<https://assets.example/account/notices>"


def test_a_refused_recipient_is_told_in_the_servers_words(
    database: Database, crew: make.People, mails: Mails, tmp_path: Path
) -> None:
    mail_id = promised(database, crew)
    with MailServer(answers={mails()[0].recipient: "550 no such person"}) as server:
        send_mail(*by_smtp(database, server, tmp_path), mail_id=mail_id)
    (mail,) = mails()
    assert (mail.state, mail.fault) == ("failed", "550 no such person")
    assert len(tries_waiting(database)) == 1, "no other try was promised"


def test_a_server_that_was_away_gets_the_mail_when_it_is_back(
    database: Database, crew: make.People, mails: Mails, tmp_path: Path
) -> None:
    with clock.held_at(NOON):
        mail_id = promised(database, crew)
    with MailServer() as server:
        pass
    moment, waits = NOON, []
    for _ in range(8):
        with clock.held_at(moment):
            send_mail(*by_smtp(database, server, tmp_path), mail_id=mail_id)
        next_try = tries_waiting(database)[-1].run_at
        waits.append((next_try - moment).total_seconds() / 60)
        moment = next_try
        with database.transaction() as session:
            session.execute(update(Job).values(state=DONE, finished_at=moment))
    assert waits == [1, 1, 2, 4, 8, 16, 32, 60], "later each time, an hour at most"
    assert "Connection refused" in mails()[0].fault
    with server, clock.held_at(moment):
        send_mail(*by_smtp(database, server, tmp_path), mail_id=mail_id)
    (mail,) = mails()
    assert (mail.state, mail.fault, mail.sent_at) == ("sent", "", moment)
    assert [each.message["Message-ID"] for each in server.taken] == [mail.message_id]


def test_a_server_that_stays_away_is_given_up_after_two_days(
    database: Database, crew: make.People, mails: Mails, tmp_path: Path
) -> None:
    with clock.held_at(NOON):
        mail_id = promised(database, crew)
    with MailServer() as server:
        pass
    with clock.held_at(NOON + timedelta(days=2)):
        send_mail(*by_smtp(database, server, tmp_path), mail_id=mail_id)
    assert mails()[0].state == "failed"
    assert "Connection refused" in mails()[0].fault


def test_a_job_that_is_given_up_says_so_with_the_mail(
    database: Database, crew: make.People, mails: Mails
) -> None:
    mail_id = promised(database, crew)
    with database.transaction() as session:
        mail_given_up(session, mail_id=mail_id)
    assert mails()[0].state == "failed"
    assert recalled(mails()[0].fault).startswith("Sending broke off")


def test_a_link_that_lets_somebody_in_does_not_stay_with_us(
    database: Database, crew: make.People, mails: Mails, tmp_path: Path
) -> None:
    door = Letter(
        subject=say("Come in"),
        button_label=say("Come in"),
        button_url="/invitations/S3CRET",
        opens_a_door=True,
    )
    mail_id = promised(database, crew, door)
    with MailServer() as server:
        send_mail(*by_smtp(database, server, tmp_path), mail_id=mail_id)
    (mail,) = mails()
    assert "S3CRET" in server.taken[0].message.as_string()
    assert "S3CRET" not in f"{mail.text}{mail.html}{mail.letter}"
    assert "List-Unsubscribe" not in server.taken[0].message


def test_a_notice_that_comes_late_does_not_break_the_quiet_hours(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    with database.transaction() as session:
        set_choices(session, crew.contributor.person_id or 0, {}, Times(11 * 60, 13 * 60))
    with clock.held_at(NOON):
        mail_id = promised(database, crew)
        send_mail(work, post, mail_id=mail_id)
        assert mails()[0].state == "waiting"
        assert tries_waiting(database)[-1].run_at == NOON + timedelta(hours=1)
    with clock.held_at(NOON + timedelta(hours=1)):
        send_mail(work, post, mail_id=mail_id)
    assert mails()[0].state == "sent"


def test_a_person_who_is_suspended_meanwhile_gets_no_notice(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    mail_id = promised(database, crew)
    with database.transaction() as session:
        session.get_one(Person, crew.contributor.person_id).state = "suspended"
    send_mail(work, post, mail_id=mail_id)
    assert mails()[0].state == "failed"


def test_old_mails_and_read_notices_are_let_go(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    person_id = crew.contributor.person_id
    with clock.held_at(NOON):
        send_mail(work, post, mail_id=promised(database, crew))
        still_waiting = promised(database, crew)
        with database.transaction() as session:
            tell(session, [person_id], "version.sent", say("One."), "", "/assets/1")
            tell(session, [person_id], "version.sent", say("Two."), "", "/assets/1")
            session.query(Notice).update({"mail_state": "mailed"})
            session.query(Notice).filter_by(sentence="One.").update({"read_at": NOON})
    with clock.held_at(NOON + timedelta(days=90)):
        forget_old(work)
    assert len(mails()) == 2
    with clock.held_at(NOON + timedelta(days=180, seconds=1)):
        forget_old(work)
    assert [each.id for each in mails()] == [still_waiting]
    with database.reading() as session:
        assert [each.sentence for each in session.query(Notice)] == ["Two."]


KILLED = """
import os, sys
from assetlib.catalog.queries.readers import open_to_each, readers
from assetlib.database import Database
from assetlib import tables
from assetlib.jobs.running import Runner
from assetlib.jobs.work import Work
from assetlib.language import in_language
from assetlib.notify.carriers import open_carrier
from assetlib.notify.jobs import send_mail
from assetlib.notify.post import Post
from assetlib.settings import Settings

settings = Settings.from_env(os.environ)
database = Database(settings.database_url)
post = Post(open_carrier(settings), in_language, readers, open_to_each)
work = Work(database, settings)
runner = Runner(database, {"notify.send_mail": lambda **ids: send_mail(work, post, **ids)}, lease=5)
runner.do_next()
"""


def test_a_worker_killed_after_the_server_took_a_mail_sends_it_once_more_under_the_same_name(
    database: Database, database_url: str, crew: make.People, mails: Mails, tmp_path: Path
) -> None:
    mail_id = promised(database, crew)
    killed: list[subprocess.Popen[bytes]] = []
    server = MailServer(after_taking=lambda _: os.kill(killed[0].pid, signal.SIGKILL))
    with server:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ASSETLIB_")},
            "ASSETLIB_HOME": str(tmp_path),
            "ASSETLIB_DATABASE_URL": database_url,
            "ASSETLIB_PUBLIC_URL": "https://assets.example",
            "ASSETLIB_MAIL_KIND": "smtp",
            "ASSETLIB_MAIL_SERVER": "127.0.0.1",
            "ASSETLIB_MAIL_PORT": str(server.port),
            "ASSETLIB_MAIL_TLS": "none",
            "ASSETLIB_MAIL_FROM": "assets@company.example",
        }
        killed.append(subprocess.Popen([sys.executable, "-c", KILLED], env=environment))
        assert killed[0].wait(timeout=60) == -signal.SIGKILL
        assert mails()[0].state == "waiting", "nobody could say that it was taken"
        server.after_taking = None
        work, post = by_smtp(database, server, tmp_path)
        send_mail(work, post, mail_id=mail_id)
        send_mail(work, post, mail_id=mail_id)
    first, second = (each.message for each in server.taken)
    assert first["Message-ID"] == second["Message-ID"] == mails()[0].message_id
    assert first["Date"] == second["Date"]
    assert mails()[0].state == "sent"


def test_a_mail_follows_the_customs_of_its_readers_language(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails
) -> None:
    counted = Letter(subject=say("{number} files", number=1_234_567))
    send_mail(work, post, mail_id=promised(database, crew, counted, "de"))
    (mail,) = mails()
    assert mail.subject.startswith("1.234.567 ")
    assert '<html lang="de">' in mail.html


@pytest.mark.parametrize("kind", ["text", "html"])
def test_a_mail_program_needs_nothing_from_outside(
    work: Work, post: Post, database: Database, crew: make.People, mails: Mails, kind: str
) -> None:
    send_mail(work, post, mail_id=promised(database, crew))
    body = getattr(mails()[0], kind)
    assert "<style" not in body
    assert "<link" not in body
    assert "<script" not in body
    assert "<img" not in body
    assert "class=" not in body


def test_a_mail_that_is_gone_is_nobodys_work(work: Work, post: Post, database: Database) -> None:
    send_mail(work, post, mail_id=12_345)
    with database.reading() as session:
        assert session.get(OutgoingMail, 12_345) is None
