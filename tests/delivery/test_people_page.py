"""Administration of people, organisations and groups by its pages."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import LIBRARIAN
from assetlib.accounts.models import Group, GroupMember, OneTimeLink, Organisation, Person, RoleGrant
from assetlib.accounts.queries import get_person
from assetlib.house import House
from assetlib.notify.models import OutgoingMail
from assetlib.web.groups import MOST_FOUND
from tests import make
from tests.delivery.reading import Page, read_page
from tests.delivery.visiting import Visits

MANY = 80
NEW = {"name": "Ines Invited", "email": "ines@x.example", "roles": "reviewer"}


def page_of(visits: Visits, people: make.People, path: str) -> Page:
    return read_page(visits.of(people.administrator).get(path))


def names_on(page: Page) -> list[str]:
    return [each.text_content() for each in page.tree.xpath("//tbody//a[@class='list__title']")]


class TestTheList:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=lena", ["Lena Librarian"]),
            ("q=ENA+lib", ["Lena Librarian"]),
            ("role=agency_contributor", ["Odo Other", "Rosa Agency"]),
            ("state=suspended", []),
            ("sort=organisation&role=agency_contributor", ["Rosa Agency", "Odo Other"]),
            ("q=%25", []),
            ("q=_", []),
            ("state=nonsense&role=emperor&q=pia", ["Pia Partner"]),
        ],
    )
    def test_it_is_narrowed_and_sorted(
        self, visits: Visits, people: make.People, query: str, names: list[str]
    ) -> None:
        assert names_on(page_of(visits, people, f"/people?{query}")) == names

    def test_it_is_narrowed_by_organisation_and_by_group_and_role_of_a_group(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        with house.database.transaction() as session:
            group = Group(name="Kids", created_at=clock.now(), grants=[RoleGrant(role="planner")])
            session.add(group)
            session.flush()
            session.add(
                GroupMember(group_id=group.id, person_id=people.without_role.person_id, added_at=clock.now())
            )
            group_id = group.id
        assert names_on(page_of(visits, people, f"/people?organisation={people.agency.id}")) == [
            "Rosa Agency"
        ]
        assert names_on(page_of(visits, people, f"/people?group={group_id}")) == ["Nils Nobody"]
        page = page_of(visits, people, "/people?role=planner")
        assert names_on(page) == ["Nils Nobody"]
        assert "Planner by Kids" in page.tree.xpath("string(//tbody)")

    def test_it_is_turned_over(self, house: House, visits: Visits, people: make.People) -> None:
        with house.database.transaction() as session:
            for number in range(60):
                make.person(session, people.agency, name=f"Zed {number:02}")
        first = page_of(visits, people, "/people?q=zed")
        second = page_of(visits, people, "/people?q=zed&page=2")
        assert (len(names_on(first)), len(names_on(second))) == (50, 10)
        assert "1 to 50 of 60" in first.tree.xpath("string(//nav[@id='pager'])")

    @pytest.mark.parametrize("path", ["/people", "/people/organisations", "/people?q=lena"])
    def test_a_page_after_the_last_leads_to_the_last(
        self, visits: Visits, people: make.People, path: str
    ) -> None:
        after = visits.of(people.administrator).get(f"{path}{'&' if '?' in path else '?'}page=99")
        assert (after.status_code, after.headers["Location"]) == (302, path)
        assert "Nobody is here yet" not in visits.of(people.administrator).get(path).text

    def test_what_comes_first_stands_at_the_top(self, visits: Visits, people: make.People) -> None:
        head = page_of(visits, people, "/people").tree.xpath("//header[@class='sheet__head']")[0]
        assert head.xpath(".//a[contains(@class, 'button--primary')]/@href") == ["/people/invite"]
        assert "/people/organisations/new" in head.xpath(".//a/@href")


class TestInviting:
    def test_a_mail_with_a_link_goes_out(self, house: House, visits: Visits, people: make.People) -> None:
        said = {**NEW, "organisation_id": people.own.id, "role": "librarian", "message": "Welcome aboard",
                "where": f"organisation:{people.agency.id}"}  # fmt: skip
        answer = visits.of(people.administrator).post("/people/invite", said)
        assert answer.status_code == 303
        page = page_of(visits, people, answer.headers["Location"])
        assert "Invited" in page.tree.xpath("string(//header[contains(@class, 'sheet__head')])")
        assert "Librarian for Halden & Frey" in page.tree.xpath("string(//main)")
        with house.database.reading() as session:
            person = session.scalars(select(Person).where(Person.email == "ines@x.example")).one()
            assert session.scalars(select(OneTimeLink.person_id)).all() == [person.id]
            mail = session.scalars(select(OutgoingMail)).one()
            assert mail.recipient == "ines@x.example"
            assert "Welcome aboard" in str(mail.letter)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"roles": ""}, "roles"),
            ({"roles": "partner"}, "roles"),
            ({"email": "no"}, "email"),
            ({"name": " "}, "name"),
            ({"message": "x" * 1001}, "message"),
            ({"roles": "librarian@brand:none"}, "roles"),
            ({"role": "librarian", "where": ""}, "roles"),
            ({"role": "librarian"}, "roles"),
            ({"roles": "administrator@organisation:1"}, "roles"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
        self, visits: Visits, people: make.People, changed: dict[str, Any], field: str
    ) -> None:
        said = {**NEW, "organisation_id": people.own.id, **changed}
        answer = visits.of(people.administrator).post("/people/invite", said)
        page = read_page(answer)
        assert answer.status_code == 422
        assert page.tree.xpath(f"//*[@id='field-{field}-error']")
        if "email" not in changed:
            assert page.tree.xpath("//input[@name='email']/@value") == ["ines@x.example"]

    def test_a_role_for_a_part_is_for_none_until_one_is_chosen(
        self, visits: Visits, people: make.People
    ) -> None:
        page = page_of(visits, people, "/people/invite")
        assert page.tree.xpath("//select[@name='where']/option[1]/@value") == [""]
        said = {**NEW, "organisation_id": people.own.id, "role": "librarian", "where": ""}
        answer = visits.of(people.administrator).post("/people/invite", said)
        assert "Choose the part that the role is for." in answer.text
        page = read_page(answer)
        assert page.tree.xpath("//select[@name='role']/option[@selected]/@value") == ["librarian"]
        assert page.tree.xpath("//input[@name='roles'][@checked]/@value") == ["reviewer"]

    def test_an_address_is_taken_once(self, house: House, visits: Visits, people: make.People) -> None:
        said = {**NEW, "organisation_id": people.own.id}
        assert visits.of(people.administrator).post("/people/invite", said).status_code == 303
        refused = visits.of(people.administrator).post("/people/invite", said)
        assert refused.status_code == 409
        assert "Somebody is invited with this address already." in refused.text
        (there,) = read_page(refused).tree.xpath("//main//a[contains(., 'Open who has this address')]/@href")
        page = page_of(visits, people, there)
        facts = page.tree.xpath("string(//dl)")
        assert "Link holds until" in facts
        assert "It is over" not in facts
        with house.database.transaction() as session:
            session.scalars(select(OneTimeLink)).one().expires_at = clock.now() - timedelta(hours=1)
        assert "It is over. Invite them again." in page_of(visits, people, there).tree.xpath("string(//dl)")


class TestAPerson:
    def test_roles_hold_at_once_in_open_windows(self, visits: Visits, people: make.People) -> None:
        reader = visits.of(people.without_role)
        assert reader.get("/library").status_code == 403
        path = f"/people/{people.without_role.person_id}/roles"
        assert visits.of(people.administrator).post(path, {"roles": LIBRARIAN}).status_code == 303
        assert reader.get("/library").status_code == 200
        assert visits.of(people.administrator).post(path, {}).status_code == 303
        assert reader.get("/library").status_code == 403

    @pytest.mark.parametrize("act", ["suspend", "close"])
    def test_an_open_window_dies_at_once(self, visits: Visits, people: make.People, act: str) -> None:
        reader = visits.of(people.field_marketer)
        assert reader.get("/library").status_code == 200
        path = f"/people/{people.field_marketer.person_id}/{act}"
        assert visits.of(people.administrator).post(path, {}).status_code == 303
        assert reader.get("/library").status_code == 302
        assert reader.get("/api/v1/me").status_code == 401

    def test_an_organisation_that_is_closed_shuts_its_open_windows(
        self, visits: Visits, people: make.People
    ) -> None:
        reader = visits.of(people.contributor)
        assert reader.get("/library").status_code == 200
        path = f"/people/organisations/{people.agency.id}/close"
        refused = visits.of(people.administrator).post(path, {})
        assert refused.status_code == 409
        assert "1 person is not closed." in refused.text
        assert reader.get("/library").status_code == 200
        assert visits.of(people.administrator).post(path, {"people": "1"}).status_code == 303
        assert reader.get("/library").status_code == 302

    def test_a_duty_has_a_limit_that_is_typed_as_people_write(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        person_id = people.librarian.person_id
        said = {"duty": "po_approver", "where": "everywhere", "limit": "5.000,50", "currency": "EUR"}
        path = f"/people/{person_id}/duties"
        wrong = visits.of(people.administrator).post(path, said)
        assert wrong.status_code == 422
        assert 'id="field-limit-error"' in wrong.text
        german = {"Accept-Language": "de"}
        assert visits.of(people.administrator).post(path, said, headers=german).status_code == 303
        with house.database.reading() as session:
            (duty,) = get_person(session, person_id or 0).duties
            assert (duty.limit_minor, duty.currency) == (500_050, "EUR")
        assert "€5,000.50" in page_of(visits, people, f"/people/{person_id}").tree.xpath("string(//main)")

    def test_a_duty_that_is_held_is_replaced_only_when_that_was_said(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        visit, person_id = visits.of(people.administrator), people.librarian.person_id
        path, api = f"/people/{person_id}/duties", f"/api/v1/people/{person_id}/duties"
        said = {"duty": "budget_approver", "where": "everywhere", "limit": "1,500", "currency": "EUR"}
        given = read_page(visit.get(visit.post(path, said).headers["Location"]))
        assert "Budget approver, Everywhere, €1,500.00" in given.tree.xpath("string(//body)")
        other = {**said, "limit": "0"}
        refused = visit.post(path, other)
        assert refused.status_code == 409
        assert "They have this already: Budget approver, Everywhere, €1,500.00." in refused.text
        (shown,) = read_page(refused).tree.xpath("//input[@name='replace']/@value")
        assert visit.post(path, {**other, "replace": "7 EUR"}).status_code == 409, "another was shown"
        body = {"duty": "budget_approver", "limit_minor": 5, "currency": "EUR"}
        assert visit.send("POST", api, json=body).json["code"] == "duty_held"  # type: ignore[index]  # JSON
        assert visit.post(path, {**other, "replace": shown}).status_code == 303
        assert visit.send("POST", api, json={**body, "replace": True}).status_code == 201
        with house.database.reading() as session:
            assert [each.limit_minor for each in get_person(session, person_id or 0).duties] == [5]

    @pytest.mark.parametrize("act", ["suspend", "roles", "close"])
    def test_the_last_administrator_stays_and_the_page_says_so(
        self, visits: Visits, people: make.People, act: str
    ) -> None:
        me = people.administrator
        answer = visits.of(me).post(f"/people/{me.person_id}/{act}", {"roles": "librarian"})
        assert answer.status_code == 422
        assert "This is the last administrator. Make somebody else one first." in answer.text
        if act == "roles":
            (form,) = read_page(answer).tree.xpath("//form[@data-reopen]")
            assert form.xpath(".//input[@checked]/@value") == ["librarian"]

    def test_nobody_is_suspended_by_one_click(self, visits: Visits, people: make.People) -> None:
        page = page_of(visits, people, f"/people/{people.field_marketer.person_id}")
        (form,) = page.tree.xpath("//form[contains(@action, '/suspend')]")
        (dialog,) = form.xpath("ancestor::dialog")
        assert "Suspend Finn Field?" in dialog.text_content()
        assert "They are signed out everywhere at once" in dialog.text_content()
        # Without scripts the dialog stands on the page, and a link leads there.
        assert page.tree.xpath("//noscript/a[@href='#suspend']")

    @pytest.mark.parametrize("act", ["suspend", "close", "roles", "duties"])
    def test_nobody_shuts_themselves_out_or_gives_themselves_a_duty(
        self, house: House, visits: Visits, people: make.People, act: str
    ) -> None:
        with house.database.transaction() as session:
            make.person(session, people.own, "administrator", name="Sven Second")
        me = people.administrator
        visit = visits.of(me)
        said = {"roles": "librarian", "duty": "po_approver", "where": "everywhere", "currency": "EUR"}
        answer = visit.post(f"/people/{me.person_id}/{act}", said)
        assert answer.status_code == 422
        assert "sk another administrator" in read_page(answer).tree.xpath("string(//body)")
        with house.database.reading() as session:
            person = get_person(session, me.person_id or 0)
            assert (person.state, person.roles, person.duties) == ("active", {"administrator"}, [])
        page = read_page(visit.get(f"/people/{me.person_id}"))
        assert "This is your own account." in page.tree.xpath("string(//main)")
        assert not page.tree.xpath("//dialog[@id='suspend' or @id='duty']")
        assert not read_page(visit.get(f"/people/{me.person_id}/close")).tree.xpath(
            "//form[contains(@action, '/close')]"
        )

    def test_nobody_comes_to_the_books_by_their_own_hand(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        with house.database.transaction() as session:
            make.person(session, people.own, "administrator", name="Sven Second")
        visit, me = visits.of(people.administrator), people.administrator.person_id
        books = visit.post("/people/groups", {"name": "Books", "roles": "finance"}).headers["Location"]
        rest = visit.post("/people/groups", {"name": "Rest", "roles": "reviewer"}).headers["Location"]
        assert visit.post(f"/people/{me}/roles", {"roles": ["administrator", "finance"]}).status_code == 422
        assert visit.post(f"{books}/members", {"person": me}).status_code == 422
        assert visit.post(f"/people/{me}/groups", {"groups": books.rpartition("/")[2]}).status_code == 422
        assert visit.post(f"{rest}/members", {"person": me}).status_code == 303
        assert visit.post(f"{rest}/roles", {"roles": ["reviewer", "finance"]}).status_code == 422
        assert visit.post(f"/people/{me}/roles", {"roles": ["administrator", "librarian"]}).status_code == 303
        other = people.librarian.person_id
        assert visit.post(f"{books}/members", {"person": other}).status_code == 303

    def test_the_account_page_says_a_role_with_its_part(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        with house.database.transaction() as session:
            person = get_person(session, people.without_role.person_id or 0)
            own = str(people.own.id)
            person.grants.append(RoleGrant(role="librarian", scope_kind="organisation", scope_key=own))
        assert "Librarian for Northwind Outdoors" in visits.of(people.without_role).get("/account").text


class TestGroups:
    def test_who_changed_a_group_meanwhile_is_named_and_nothing_typed_is_lost(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        with house.database.transaction() as session:
            second = make.person(session, people.own, "administrator", name="Sven Second")
            other = make.actor(second, people.own)
        visit = visits.of(people.administrator)
        made = visit.post("/people/groups", {"name": "Kids", "roles": "reviewer"})
        path = made.headers["Location"]
        said = {"revision": "1", "name": "Kids team", "description": "All of it"}
        assert visits.of(other).post(path, said).status_code == 303
        late = visit.post(path, {"revision": "1", "name": "Children", "description": "Mine"})
        assert late.status_code == 409
        assert "Sven Second changed this group while you were writing." in late.text
        assert "Now it says: Kids team" in late.text
        page = read_page(late)
        assert page.tree.xpath("//dialog[@id='describe']//input[@name='name']/@value") == ["Children"]
        (now,) = page.tree.xpath("//dialog[@id='describe']//input[@name='revision']/@value")
        again = {"revision": now, "name": "Children", "description": "Mine"}
        assert visit.post(path, again).status_code == 303

    def test_people_are_found_by_a_search_and_stay_ticked_while_it_goes_on(
        self, house: House, visits: Visits, people: make.People
    ) -> None:
        with house.database.transaction() as session:
            for number in range(MANY):
                make.person(
                    session,
                    people.own,
                    name=f"Ann Other {number:03}",
                    email=f"ann.{number:03}@company.example",
                )
        visit = visits.of(people.administrator)
        group = visit.post("/people/groups", {"name": "Kids", "roles": "planner"}).headers["Location"]
        lena, pia = (str(each.person_id) for each in (people.librarian, people.partner_marketer))
        visit.post(f"{group}/members", {"person": lena})

        def offered(query: str) -> tuple[list[str], list[str]]:
            boxes = read_page(visit.get(f"{group}/members?{query}")).tree.xpath("//input[@name='person']")
            return [each.get("value") for each in boxes], [
                each.get("value") for each in boxes if "checked" in each.attrib
            ]

        assert len(offered("")[0]) == MOST_FOUND
        assert offered("q=pia") == ([pia], [])
        assert offered("q=lena") == ([], [])
        ids, ticked = offered(f"q=ann+077&person={pia}&person={lena}&person=x")
        assert (len(ids), ids[0], ticked) == (2, pia, [pia])
        assert visit.post(f"{group}/members", {"person": ids, "q": "ann"}).headers["Location"] == group
        assert names_on(read_page(visit.get(group))) == ["Ann Other 077", "Lena Librarian", "Pia Partner"]

    def test_deleting_says_what_it_takes_away_and_takes_it_at_once(
        self, visits: Visits, people: make.People
    ) -> None:
        visit = visits.of(people.administrator)
        path = visit.post("/people/groups", {"name": "Kids", "roles": "field_marketer"}).headers["Location"]
        visit.post(f"{path}/members", {"person": people.without_role.person_id})
        reader = visits.of(people.without_role)
        assert reader.get("/library").status_code == 200
        said = read_page(visit.get(path)).tree.xpath("string(//dialog[@id='delete'])")
        assert "Field marketer, from 1 person" in re.sub(r"\s+", " ", said)
        assert visit.post(f"{path}/delete").status_code == 303
        assert reader.get("/library").status_code == 403


def test_an_organisation_is_invited_until_somebody_comes_in(
    house: House, visits: Visits, people: make.People
) -> None:
    visit = visits.of(people.administrator)
    answer = visit.post("/people/organisations", {"name": "Fjord & Søn", "kind": "agency"})
    assert "Invited" in read_page(visit.get(answer.headers["Location"])).tree.xpath("string(//main//header)")
    with house.database.reading() as session:
        row = session.scalars(select(Organisation).where(Organisation.name == "Fjord & Søn")).one()
        assert row.state == "invited"
