"""The upload page promises what is true for the person who reads it, and shows at once what was sent."""

from io import BytesIO

from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits


def test_the_next_steps_are_those_of_the_reader(visits: Visits, people: make.People) -> None:
    agency = read_page(visits.of(people.contributor).get("/uploads")).text
    assert "Title, tags and details, on the page of each file." in agency
    assert "A librarian decides" in agency
    librarian = read_page(visits.of(people.librarian).get("/uploads")).text
    assert "on the page of each file, or of many at once in the library." in librarian
    assert "You decide" in librarian


def test_a_new_version_is_asked_for_as_one(visits: Visits, people: make.People, house: House) -> None:
    with house.database.transaction() as session:
        asset = make.asset(session, people.agency, title="Harbour")
    page = read_page(visits.of(people.contributor).get(f"/uploads?as_version_of={asset.id}"))
    assert "Drop the new version here, or choose it" in page.text
    assert "everybody goes on getting what is approved now" in page.text
    assert "folder" not in page.text


def test_what_was_sent_without_scripts_stands_there_at_once(visits: Visits, people: make.People) -> None:
    visit = visits.of(people.contributor)
    file = {"file": (BytesIO(b"a few bytes"), "Look 07.jpg")}
    assert visit.post("/uploads", file, content_type="multipart/form-data").status_code == 303
    row = read_page(visit.get("/uploads")).tree.xpath("//*[@class='upload__lately']//li[@data-upload]")
    assert len(row) == 1
    said = " ".join(row[0].text_content().split())
    assert said.startswith("Look 07.jpg")
    assert said.endswith("Being looked at")
