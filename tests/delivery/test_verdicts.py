"""A verdict on the page: given about what was seen, told to those who wait for it."""

import pytest

from assetlib.access.actor import Actor
from assetlib.catalog.actions.states import submit_asset
from assetlib.catalog.models import Asset
from assetlib.house import House
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits

REASON = "The horizon is not straight, see the left edge."


class Sent:
    """An asset of the agency that waits for a verdict, as its page shows it to different people."""

    def __init__(self, house: House, people: make.People, visits: Visits) -> None:
        self.house, self.people, self.visits = house, people, visits
        with house.database.transaction() as session:
            asset = make.asset(session, people.agency)
            submit_asset(session, people.contributor, asset)
            self.id = asset.id

    def page(self, actor: Actor, query: str = "") -> Page:
        return read_page(self.visits.of(actor).get(f"/assets/{self.id}{query}"))

    def form(self, actor: Actor, verb: str) -> dict[str, str]:
        typed = self.page(actor).typed(f"/assets/{self.id}/{verb}")
        return {name: values[0] for name, values in typed.items()}

    def send(self, actor: Actor, verb: str, form: dict[str, str]) -> tuple[int, Page | None]:
        answer = self.visits.of(actor).post(f"/assets/{self.id}/{verb}", form)
        return answer.status_code, read_page(answer) if answer.status_code != 303 else None

    def give_back(self) -> None:
        form = self.form(self.people.librarian, "return")
        assert self.send(self.people.librarian, "return", {**form, "reason": REASON})[0] == 303

    def state(self) -> str:
        with self.house.database.reading() as session:
            return session.get_one(Asset, self.id).state

    def add_version(self) -> None:
        with self.house.database.transaction() as session:
            make.version(session, session.get_one(Asset, self.id))


@pytest.fixture
def sent(house: House, people: make.People, visits: Visits) -> Sent:
    return Sent(house, people, visits)


def test_a_return_from_an_older_tab_takes_no_approval_back_and_keeps_its_words(sent: Sent) -> None:
    people = sent.people
    older = {**sent.form(people.administrator, "return"), "reason": REASON}
    assert sent.send(people.librarian, "approve", sent.form(people.librarian, "approve"))[0] == 303
    status, page = sent.send(people.administrator, "return", older)
    assert (status, sent.state()) == (409, "approved")
    assert page is not None
    assert "Lena Librarian approved version 1 while you were looking." in page.notices()
    again = page.typed(f"/assets/{sent.id}/return")
    assert again["reason"] == [REASON]
    # Whoever sends it again has read what happened, and means it.
    status, _ = sent.send(people.administrator, "return", {name: each[0] for name, each in again.items()})
    assert (status, sent.state()) == (303, "draft")


def test_an_approval_from_an_older_tab_is_refused_and_keeps_its_note(sent: Sent) -> None:
    people = sent.people
    older = {**sent.form(people.administrator, "approve"), "note": "Lovely"}
    sent.give_back()
    status, page = sent.send(people.administrator, "approve", older)
    assert (status, sent.state()) == (409, "draft")
    assert page is not None
    assert f"Lena Librarian returned version 1 while you were looking: “{REASON}”" in page.notices()
    assert page.typed(f"/assets/{sent.id}/approve")["note"] == ["Lovely"]


def test_the_reason_of_what_can_no_longer_be_done_is_kept(sent: Sent) -> None:
    status, page = sent.send(sent.people.librarian, "withdraw", {"v": "1", "reason": REASON})
    assert status == 409
    assert page is not None
    assert page.typed(f"/assets/{sent.id}/withdraw")["reason"] == [REASON]


def test_the_agency_reads_beside_the_title_who_returned_it_why_and_what_comes_next(sent: Sent) -> None:
    contributor = sent.people.contributor
    assert "Returned by" not in sent.page(contributor).text
    sent.give_back()
    page = sent.page(contributor)
    assert "Returned by Lena Librarian, Today" in page.notices()
    assert f"“{REASON}” Add a version that mends this, then send it for approval." in page.notices()
    first = page.tree.xpath("//*[@id='asset-info']//*[contains(@class, 'button--primary')]/@href")
    assert first == [f"/uploads?as_version_of={sent.id}"]
    resend = f"//form[@action='/assets/{sent.id}/submit']"
    assert not page.tree.xpath(resend), "it is not sent again as it is"
    status, page = sent.send(contributor, "submit", {})
    assert (status, sent.state()) == (409, "draft")
    assert page is not None
    assert "This version was returned. Add a version that mends it" in page.notices()
    sent.add_version()
    assert sent.page(contributor).tree.xpath(resend)
    assert "Returned by" not in sent.page(contributor).text
    assert "Returned by" not in sent.page(contributor, "?v=1").notices()


def test_the_librarian_is_not_urged_to_approve_what_was_returned(sent: Sent) -> None:
    librarian = sent.people.librarian
    urged = "//*[contains(@class, 'asset__downloads')]//*[@data-dialog='act-approve']"
    assert sent.page(librarian).tree.xpath(urged)
    sent.give_back()
    page = sent.page(librarian)
    assert "Returned by Lena Librarian" in page.notices()
    assert "It waits for a new version." in page.notices()
    assert not page.tree.xpath(urged)
    assert page.tree.xpath("//*[@data-dialog='act-approve']"), "it can still be approved"
    # Places that are older than the rule hold such assets.
    with sent.house.database.transaction() as session:
        session.get_one(Asset, sent.id).state = "in_review"
    again = sent.page(librarian)
    assert "It was sent again since and waits for a librarian." in again.notices()
    assert again.tree.xpath(urged)


def test_what_is_archived_does_not_say_that_it_is_not_published_yet(sent: Sent) -> None:
    with sent.house.database.transaction() as session:
        asset = make.published(session, sent.people.agency, sent.people.librarian, state="archived")
    page = read_page(sent.visits.of(sent.people.librarian).get(f"/assets/{asset.id}"))
    assert "Not published yet" not in page.text
    assert "Archived" in page.tree.xpath("string(//*[@class='rights__head']/h2)")


def test_the_api_tells_the_verdict_to_those_who_wait_for_it(sent: Sent) -> None:
    sent.give_back()

    def version(actor: Actor) -> dict[str, object]:
        answer = sent.visits.of(actor).get(f"/api/v1/assets/{sent.id}").json
        assert answer is not None
        found: dict[str, object] = answer["versions"][0]
        return found

    told = version(sent.people.contributor)
    assert isinstance(told["verdict"], dict)
    assert (told["verdict"]["verdict"], told["verdict"]["person"], told["verdict"]["note"]) == (
        "returned",
        "Lena Librarian",
        REASON,
    )
    assert told["standing"] is None
    assert version(sent.people.librarian)["standing"] == "draft.1.1"


def test_what_was_approved_can_still_be_returned_on_its_page(sent: Sent) -> None:
    librarian = sent.people.librarian
    assert sent.send(librarian, "approve", sent.form(librarian, "approve"))[0] == 303
    assert sent.form(sent.people.contributor, "return") == {}
    form = sent.form(librarian, "return")
    assert sent.send(librarian, "return", {**form, "reason": REASON})[0] == 303
    assert sent.state() == "draft"


def test_rights_are_removed_on_the_page_unless_somebody_relies_on_them(sent: Sent) -> None:
    librarian = sent.people.librarian
    assert sent.form(librarian, "remove-rights") == {}
    with sent.house.database.transaction() as session:
        make.right(session, session.get_one(Asset, sent.id))
    form = sent.form(librarian, "remove-rights")
    assert sent.form(sent.people.contributor, "remove-rights") == {}
    assert sent.send(librarian, "approve", sent.form(librarian, "approve"))[0] == 303
    assert sent.send(librarian, "remove-rights", form)[0] == 409
    assert sent.send(librarian, "publish", sent.form(librarian, "publish"))[0] == 303
    assert sent.form(librarian, "remove-rights") == {}
    assert sent.send(librarian, "withdraw", {**sent.form(librarian, "withdraw"), "reason": REASON})[0] == 303
    assert sent.send(librarian, "remove-rights", sent.form(librarian, "remove-rights"))[0] == 303
    with sent.house.database.reading() as session:
        assert session.get_one(Asset, sent.id).right is None
