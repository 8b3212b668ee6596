"""Many people are invited by a file on its page."""

import io

import pytest
from sqlalchemy import select

from assetlib.accounts.models import Person
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits


class TestInvitingMany:
    FILE = "\ufeffname;email;organisation;roles\r\nJörg;j@x.example;;reviewer\r\nBo;no;;reviewer\r\n"

    def test_a_file_is_looked_at_then_sent_once(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        visit = visits.of(people.administrator)
        sent = {"file": (io.BytesIO(self.FILE.encode()), "people.csv")}
        page = read_page(visit.post("/people/invite-many", sent, content_type="multipart/form-data"))
        assert "1 row is not right yet" in page.tree.xpath("string(//h2)")
        assert "Write an address like" in page.tree.xpath("string(//tbody/tr[1])"), "the wrong ones first"
        with house.database.reading() as session:
            assert not session.scalars(select(Person).where(Person.state == "invited")).all()
        kept = page.tree.xpath("string(//textarea[@name='text'])").lstrip("\n")
        sent = visit.post("/people/invite-many/send", {"text": kept})
        assert sent.status_code == 200
        assert "1 person is invited. The mail is on its way. 1 row was left out." in sent.text
        rest = read_page(sent).tree
        assert "Nothing is sent yet" not in sent.text
        assert [each.text_content() for each in rest.xpath("//tbody/tr/td[1]")] == ["Bo"]
        (text,) = {each.text_content() for each in rest.xpath("//textarea[@name='text']")}
        given = visit.post("/people/invite-many/rest.csv", {"text": text})
        assert given.headers["Content-Disposition"] == 'attachment; filename="people-left-out.csv"'
        lines = given.get_data().decode("utf-8-sig").splitlines()
        assert lines == [
            "name,email,organisation,roles,groups,why",
            "Bo,no,,reviewer,,Write an address like name@company.example.",
        ]
        assert "1 row is not right yet" in visit.post("/people/invite-many", {"text": given.text}).text
        again = visit.post("/people/invite-many/send", {"text": kept})
        assert again.status_code == 422
        assert "Invited already" in again.text
        with house.database.reading() as session:
            assert session.scalars(select(Person.name).where(Person.state == "invited")).all() == ["Jörg"]

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_no_file_says_so(self, visits: Visits, people: make.People, text: str) -> None:
        answer = visits.of(people.administrator).post("/people/invite-many", {"text": text})
        assert answer.status_code == 422
        assert "Choose a file or paste rows." in answer.text

    def test_the_template_can_be_sent_back(self, visits: Visits, people: make.People) -> None:
        visit = visits.of(people.administrator)
        given = visit.get("/people/invite-many/template.csv")
        assert given.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
        text = given.get_data().decode("utf-8-sig").replace("librarian@brand:kids|", "")
        page = read_page(visit.post("/people/invite-many", {"text": text}))
        assert "2 rows are right" in page.tree.xpath("string(//main)")
