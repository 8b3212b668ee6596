"""A name is found where sentences of ours say it, however it is written there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts import actions
from assetlib.accounts.queries import get_person
from assetlib.accounts.rules.forgetting import Forgetting
from assetlib.jobs.models import Job
from assetlib.notify.mailing import Letter, promise_mail
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.telling import tell
from assetlib.words import recalled, say
from tests import make

ENGINES = ("sqlite", "postgresql")
NAMES = ("Zoë O'Brien-Łącka", 'Bo "Ace" \\ Li', "100% Ann_", "<i>Eve</i> & Co")


def test_a_name_is_known_as_it_is_written_and_an_address_in_any_case() -> None:
    forgetting = Forgetting(
        name="May", new_name="Erased person 5", address="may@x.example", new_address="gone@x"
    )
    assert forgetting.in_text("may I? May: yes. Mayer, MAY@X.example") == (
        "may I? Erased person 5: yes. Mayer, gone@x"
    )
    assert forgetting.address_in("May, May@x.example") == "May, gone@x"


def test_names_with_signs_of_their_own_are_forgotten_in_every_column(
    session: Session, people: make.People
) -> None:
    lena = people.librarian.person_id or 0
    for number, name in enumerate(NAMES):
        person = make.person(session, people.own, name=name, email=f"p{number}@x.example", state="closed")
        sentence = say(
            "{who} sent {title}.", who=say("{name}, of {house}", name=name, house="us"), title="Ridge"
        )
        tell(session, [lena], "asset.published", sentence, say("{who} asked for it.", who=name), "/")
        letter = Letter(sentence, (sentence,), "Go on", "/")
        promise_mail(session, recipient="l@x.example", person_id=None, language="en", letter=letter)
        session.flush()
        notice = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        job = session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert notice is not None
        assert mail is not None
        assert job is not None
        job.arguments = {**job.arguments, name: person.email.upper()}
        job.error = f"Refused: {person.email}"
        actions.erase_person(
            session, people.administrator, get_person(session, person.id), typed=f"p{number}@x.example"
        )
        session.expire_all()
        erased = f"Erased person {person.id}"
        assert recalled(notice.sentence) == f"{erased}, of us sent Ridge."
        assert recalled(notice.reason) == f"{erased} asked for it."
        assert recalled(mail.letter["paragraphs"][0]) == mail.subject == f"{erased}, of us sent Ridge."
        assert job.arguments[name] == f"erased-{person.id}@erased.invalid", "a key stays"
        assert job.error == f"Refused: erased-{person.id}@erased.invalid"
