"""Two people write about one asset at the same time: no words are lost, each is told of the other."""

import pytest
from lxml import html

from assetlib.access.actor import Actor
from assetlib.catalog.actions.trash import delete_asset
from assetlib.catalog.models import Asset
from assetlib.house import House
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits

Form = dict[str, list[str]]


class Desk:
    """An asset with rights, and the forms of its page as different people have them open."""

    def __init__(self, house: House, people: make.People, visits: Visits) -> None:
        self.house, self.people, self.visits = house, people, visits
        with house.database.transaction() as session:
            make.attribute(session, "season", "choice", choices=["autumn", "winter"])
            self.id = make.published(session, people.agency, people.librarian, title="A ridge").id

    def form(self, actor: Actor, verb: str, field: str) -> Form:
        page = read_page(self.visits.of(actor).get(f"/assets/{self.id}"))
        return self.standing(page, verb, field)

    def standing(self, page: Page, verb: str, field: str) -> Form:
        """What stands in the one form with this field."""
        for form in page.tree.xpath(f"//form[@action='/assets/{self.id}/{verb}']"):
            if form.xpath(f".//*[@name='{field}']"):
                alone = html.document_fromstring(html.tostring(form, encoding="unicode"))
                return Page(alone, "").typed()
        raise AssertionError(f"no form with {field}")

    def send(self, actor: Actor, verb: str, form: Form, **typed: str) -> tuple[int, Page]:
        visit = self.visits.of(actor)
        sent = {**form, **{name: [value] for name, value in typed.items()}}
        answer = visit.post(f"/assets/{self.id}/{verb}", sent)
        if answer.status_code == 303:
            return 303, read_page(visit.get(f"/assets/{self.id}"))
        return answer.status_code, read_page(answer)


@pytest.fixture
def desk(house: House, people: make.People, visits: Visits) -> Desk:
    return Desk(house, people, visits)


def test_what_another_wrote_stays_when_it_was_not_touched(desk: Desk) -> None:
    mira, sanna = desk.people.librarian, desk.people.administrator
    sannas = desk.form(sanna, "rights", "holder")
    assert (
        desk.send(mira, "rights", desk.form(mira, "rights", "holder"), territories="DE", ask_first="1")[0]
        == 303
    )
    status, page = desk.send(sanna, "rights", sannas, holder="Ida")
    assert status == 409
    said = "Lena Librarian changed Countries and Ask before each use while you were writing."
    assert said in page.notices()
    again = desk.standing(page, "rights", "holder")
    assert (again["holder"], again["territories"], again["ask_first"]) == (["Ida"], ["DE"], ["1"])
    assert desk.send(sanna, "rights", again)[0] == 303
    with desk.house.database.reading() as session:
        right = session.get_one(Asset, desk.id).right
        assert right is not None
        assert (right.holder, right.territories, right.ask_first) == ("Ida", ["DE"], True)


def test_what_both_changed_stands_as_typed_beside_what_it_says_now(desk: Desk) -> None:
    mira, sanna = desk.people.librarian, desk.people.administrator
    sannas = desk.form(sanna, "describe", "title")
    mine = desk.form(mira, "describe", "title")
    assert desk.send(mira, "describe", mine, title="A ridge at dusk", description="Cold")[0] == 303
    status, page = desk.send(sanna, "describe", sannas, title="The ridge")
    assert status == 409
    assert "Lena Librarian changed Title and Description while you were writing." in page.notices()
    assert "Now it says: A ridge at dusk" in page.notices()
    again = desk.standing(page, "describe", "title")
    assert (again["title"], again["description"]) == (["The ridge"], ["Cold"])
    assert desk.send(sanna, "describe", again)[0] == 303


def test_a_fault_in_an_older_form_overwrites_nothing_either(desk: Desk) -> None:
    mira, sanna = desk.people.librarian, desk.people.administrator
    sannas = desk.form(sanna, "rights", "holder")
    assert desk.send(mira, "rights", desk.form(mira, "rights", "holder"), territories="DE")[0] == 303
    status, page = desk.send(sanna, "rights", sannas, starts_on="soon")
    assert status == 422
    assert "Lena Librarian changed Countries" in page.notices()
    again = desk.standing(page, "rights", "holder")
    assert (again["starts_on"], again["territories"]) == (["soon"], ["DE"])


def test_a_detail_that_both_changed_says_what_stands_there_now(desk: Desk) -> None:
    mira, sanna = desk.people.librarian, desk.people.administrator
    sannas = desk.form(sanna, "attributes", "attr.season")
    mine = desk.form(mira, "attributes", "attr.season")
    assert desk.send(mira, "attributes", {**mine, "attr.season": ["winter"]})[0] == 303
    status, page = desk.send(sanna, "attributes", {**sannas, "attr.season": ["autumn"]})
    assert status == 409
    assert "Lena Librarian changed Season while you were writing." in page.notices()
    assert "Now it says: Winter" in page.notices()
    assert desk.standing(page, "attributes", "attr.season")["attr.season"] == ["autumn"]


@pytest.mark.parametrize(
    ("verb", "field"), [("rights", "holder"), ("describe", "title"), ("attributes", "attr.season")]
)
def test_what_was_moved_to_the_trash_meanwhile_says_by_whom_and_keeps_the_words(
    desk: Desk, verb: str, field: str
) -> None:
    sanna = desk.people.administrator
    form = desk.form(sanna, verb, field)
    with desk.house.database.transaction() as session:
        delete_asset(session, desk.people.librarian, session.get_one(Asset, desk.id))
    status, page = desk.send(sanna, verb, {**form, field: ["autumn"]})
    assert status == 409
    assert "Lena Librarian moved this to the trash." in page.notices()
    assert page.tree.xpath("//*[@role='alert']//a[@href='/trash']")
    assert desk.standing(page, verb, field)[field] == ["autumn"]


def test_what_does_not_tell_how_it_began_counts_as_typed(desk: Desk) -> None:
    mira = desk.people.librarian
    for began in ("", "[]", '{"at": 1}', '{"at": "2027-01-01", "says": {"title": 3}}'):
        status, page = desk.send(mira, "describe", {"revision": ["0"], "began": [began]}, title="Mine")
        assert status == 409
        assert "Someone changed this while you were writing." in page.notices()
        assert desk.standing(page, "describe", "title")["title"] == ["Mine"]
