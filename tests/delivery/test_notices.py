"""What people are told shows behind the bell and on a page, as they may see it, and reading is their own."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

from assetlib.access.actor import Actor
from assetlib.catalog.models import Asset
from assetlib.house import House
from assetlib.notify.choices import modes_of, times_of
from assetlib.notify.mailing import Letter, promise_mail
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.notify.telling import tell
from assetlib.notify.times import Times
from assetlib.words import say
from tests import make
from tests.delivery.visiting import Visits


def told(
    house: House, person: Actor, *names: str, asset_id: int | None = None, url: str = "/library"
) -> None:
    with house.database.transaction() as session:
        for name in names:
            sentence = say("{title} waits.", title=name)
            tell(
                session, [person.person_id], "version.approved", sentence, say("You sent it."), url,
                asset_id=asset_id,
            )  # fmt: skip


def unread(house: House) -> Sequence[Notice]:
    with house.database.reading() as session:
        return session.scalars(select(Notice).where(Notice.read_at.is_(None)).order_by(Notice.id)).all()


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "data-count hidden>0<"), (3, "data-count>3<"), (120, "99+")]
)
def test_the_bell_counts_what_is_not_read(
    house: House, people: make.People, visits: Visits, count: int, shown: str
) -> None:
    told(house, people.contributor, *(f"Picture {number}" for number in range(count)))
    told(house, people.librarian, "Another's")
    assert shown in visits.of(people.contributor).get("/account").text


def test_unread_ones_stand_first_and_looking_changes_nothing(
    house: House, people: make.People, visits: Visits
) -> None:
    told(house, people.contributor, "Older", "Newer")
    visit = visits.of(people.contributor)
    newer = unread(house)[1]
    assert visit.post(f"/notices/{newer.id}/read").status_code == 303
    for path in ("/notices", "/notices/newest", "/api/v1/notices"):
        text = visit.get(path).text
        assert "Older waits." in text
        assert "You sent it." in text
    page = visit.get("/notices").text
    assert page.index("Older waits.") < page.index("Newer waits.")
    assert [each.id for each in unread(house)] == [newer.id - 1]


def test_all_are_marked_read_at_once_and_only_ones_own(
    house: House, people: make.People, visits: Visits
) -> None:
    told(house, people.contributor, "One", "Two")
    told(house, people.librarian, "Theirs")
    others = unread(house)[2]
    visit = visits.of(people.contributor)
    assert visit.post(f"/notices/{others.id}/read").status_code == 404
    assert visit.post("/notices/read").status_code == 303
    assert [each.id for each in unread(house)] == [others.id]


def test_a_title_that_is_hidden_now_is_not_told_any_more(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        asset = make.asset(session, people.agency)
    told(house, people.contributor, "Secret plan", asset_id=asset.id, url=f"/assets/{asset.id}")
    visit = visits.of(people.contributor)
    assert "Secret plan" in visit.get("/notices").text
    with house.database.transaction() as session:
        session.execute(update(Asset).values(organisation_id=people.own.id))
    for path in ("/notices", "/notices/newest", "/api/v1/notices"):
        text = visit.get(path).text
        assert "Secret plan" not in text
        assert f"/assets/{asset.id}" not in text
        assert "not open to you now" in text


def test_words_of_people_are_words(house: House, people: make.People, visits: Visits) -> None:
    told(house, people.contributor, "<b>{title}</b>")
    text = visits.of(people.contributor).get("/notices").text
    assert "&lt;b&gt;{title}&lt;/b&gt; waits." in text
    assert "<b>{title}" not in text


def test_choices_are_kept_and_shown_again(house: House, people: make.People, visits: Visits) -> None:
    visit = visits.of(people.contributor)
    form = {
        "version.approved": "weekly", "quiet_from": "22:00", "quiet_to": "07:30", "digest_hour": "9",
        "digest_weekday": "4",
    }  # fmt: skip
    assert visit.post("/account/notices", form).status_code == 303
    with house.database.reading() as session:
        person = people.contributor.person_id or 0
        assert modes_of(session, person)["version.approved"] == "weekly"
        assert times_of(session, person) == Times(22 * 60, 7 * 60 + 30, 9, 4)
    page = visit.get("/account/notices").text
    assert 'value="22:00"' in page
    assert '<option value="weekly" selected>' in page


def test_a_kind_that_never_comes_to_somebody_is_not_offered(
    house: House, people: make.People, visits: Visits
) -> None:
    assert 'name="rights.ending"' in visits.of(people.librarian).get("/account/notices").text
    assert 'name="rights.ending"' not in visits.of(people.contributor).get("/account/notices").text
    # Links are made by the house's own people.
    assert 'name="share.opened"' in visits.of(people.field_marketer).get("/account/notices").text
    for outside in (people.contributor, people.partner_marketer):
        text = visits.of(outside).get("/account/notices").text
        assert 'name="share.opened"' not in text
        assert 'name="share.used_up"' not in text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"quiet_from": "22:00"}, "when they end"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "are none"),
        ({"quiet_from": "25:00", "quiet_to": "07:00"}, "time of the day"),
        ({"quiet_from": "x", "quiet_to": "07:00"}, "time of the day"),
        ({"digest_hour": "24"}, "from 0 to 23"),
        ({"version.approved": "hourly"}, "Choose one of"),
    ],
)
def test_a_choice_that_cannot_be_comes_back_with_its_sentence(
    people: make.People, visits: Visits, form: dict[str, str], sentence: str
) -> None:
    answer = visits.of(people.contributor).post(
        "/account/notices", {"digest_hour": "8", "digest_weekday": "0", **form}
    )
    assert answer.status_code == 422
    assert sentence in answer.text


def written(house: House) -> int:
    with house.database.transaction() as session:
        mail = promise_mail(
            session, recipient="ada@company.example", person_id=None, language="de",
            letter=Letter(say("{title} waits.", title="<i>Gipfel</i>")),
        )  # fmt: skip
        mail.text = "Gipfel: https://assets.example/assets/1"
        mail.html = (
            '<html><head></head><body><a href="https://assets.example/assets/1">Gipfel</a></body></html>'
        )
        mail.state = "sent"
        return mail.id


def test_an_administrator_reads_a_mail_as_it_would_arrive(
    house: House, people: make.People, visits: Visits
) -> None:
    mail_id = written(house)
    visit = visits.of(people.administrator)
    assert "&lt;i&gt;Gipfel&lt;/i&gt; waits." in visit.get("/outbox").text
    page = visit.get(f"/outbox/{mail_id}").text
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert "&lt;a href=&#34;https://assets.example/assets/1&#34;&gt;Gipfel&lt;/a&gt;" in page
    assert "default-src &#39;none&#39;" in page
    assert visit.get("/outbox/999999").status_code == 404
    assert visits.of(people.librarian).get(f"/outbox/{mail_id}").status_code == 403


def test_what_a_mail_server_carries_is_not_read_by_others(
    house: House, people: make.People, visits: Visits
) -> None:
    mail_id = written(house)
    with house.database.transaction() as session:
        mail = session.get_one(OutgoingMail, mail_id)
        mail.state, mail.fault = "failed", "550 no such person"
    object.__setattr__(house.settings, "mail_kind", "smtp")
    visit = visits.of(people.administrator)
    page = visit.get("/outbox").text
    assert "550 no such person" in page
    assert f"/outbox/{mail_id}" not in page
    assert visit.get(f"/outbox/{mail_id}").status_code == 404
