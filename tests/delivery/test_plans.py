"""Plans as people meet them: written in forms, sent, decided by another person, and compared."""

from dataclasses import dataclass
from typing import Any

import pytest

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.catalog.schema import lay_schema
from assetlib.house import House
from assetlib.planning.actions.plan_comments import add_comment
from assetlib.planning.actions.plan_drafts import start_version, write_lines
from assetlib.planning.actions.plan_reviews import approve_version, request_changes
from assetlib.planning.models import Hold, Plan
from assetlib.planning.queries.plans import content_of
from tests import make, make_plans
from tests.delivery.reading import Page, read_page
from tests.delivery.test_statements import counted
from tests.delivery.visiting import Visit, Visits
from tests.planning.plan_scene import Scene, hold, lay_scene

MOST_STATEMENTS = 26


@dataclass
class Desk:
    house: House
    scene: Scene
    visits: Visits

    def of(self, who: Actor) -> Visit:
        return self.visits.of(who)

    @property
    def url(self) -> str:
        return f"/plans/{self.scene.plan.id}"

    def page(self, who: Actor, path: str = "") -> Page:
        answer = self.of(who).get(self.url + path)
        assert answer.status_code == 200, answer.text[:2000]
        return read_page(answer)

    def post(self, who: Actor, path: str, form: dict[str, Any], status: int = 303) -> Page:
        answer = self.of(who).post(self.url + path, form)
        assert answer.status_code == status, (answer.status_code, answer.text[:3000])
        return read_page(answer)

    def send(self) -> None:
        with self.house.database.transaction() as session:
            self.scene.send(session)

    def state(self, number: int = 1) -> str:
        with self.house.database.reading() as session:
            return self.scene.version(session, number).state


@pytest.fixture
def desk(house: House, people: make.People, visits: Visits) -> Desk:
    with house.database.transaction() as session:
        lay_schema(session)
        return Desk(house, lay_scene(session, people), visits)


def revision(desk: Desk, number: int = 1) -> int:
    with desk.house.database.reading() as session:
        return desk.scene.version(session, number).revision


def line_form(desk: Desk, *amounts: str, **values: Any) -> dict[str, Any]:
    """The form of lines, a row for each amount."""
    scene, count = desk.scene, len(amounts)
    row = {
        "activity": scene.activity.id, "period": scene.periods[1].id, "account": scene.account.id,
        "centre": scene.centre.id, "currency": "EUR", "certainty": "likely", "fixed": "", "note": "",
    }  # fmt: skip
    return {
        **{name: [str(value)] * count for name, value in row.items()},
        "amount": list(amounts),
        "revision": revision(desk),
        **values,
    }


def test_the_list_shows_money_to_those_who_may_see_it(desk: Desk, people: make.People) -> None:
    desk.send()
    both = (desk.scene.planner, people.field_marketer)
    planner, field = (read_page(desk.of(who).get("/plans")) for who in both)
    assert "Brand plan 2027" in planner.text
    assert "€12,500.00" in planner.text
    assert "New plan" in planner.text
    assert "Brand plan 2027" in field.text
    assert "€" not in field.text
    assert "New plan" not in field.text
    page = desk.page(people.field_marketer)
    assert "Retail windows" in page.text
    assert "€" not in page.text
    assert "6400" not in page.text


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", True), ("year=2027", True), ("year=2026", False), ("state=draft", True),
        ("state=active", False), ("state=closed", False), ("year=x&state=nothing", True),
        ("region=dach", False),
    ],
)  # fmt: skip
def test_the_list_is_filtered(desk: Desk, query: str, there: bool) -> None:
    page = read_page(desk.of(desk.scene.planner).get(f"/plans?{query}"))
    assert ("Brand plan 2027" in page.text) is there


def test_a_plan_is_made_in_a_form_and_what_was_typed_stays(desk: Desk) -> None:
    visit, scene = desk.of(desk.scene.planner), desk.scene
    form = {
        "name": "",
        "calendar": scene.plan.calendar_id,
        "fiscal_year": 2031,
        "currency": "CHF",
        "owner": 1,
    }
    answer = visit.post("/plans/new", form)
    assert answer.status_code == 422
    typed = read_page(answer).typed("/plans/new")
    assert (typed["fiscal_year"], typed["currency"]) == (["2031"], ["CHF"])
    assert "This year is not open in that calendar." in answer.text
    answer = visit.post("/plans/new", {**form, "name": "Plan of the Alps", "fiscal_year": 2027})
    assert answer.status_code == 303
    with desk.house.database.reading() as session:
        number = int(answer.headers["Location"].rpartition("/")[2])
        made = session.get_one(Plan, number)
        assert (made.name, made.currency, made.owner_id, made.created_by_id) == (
            "Plan of the Alps", "CHF", 1, scene.planner.person_id,
        )  # fmt: skip


def test_lines_are_written_in_a_table_by_the_customs_of_the_language(desk: Desk) -> None:
    scene = desk.scene
    with desk.house.database.transaction() as session:
        session.get_one(Person, scene.planner.person_id).locale = "de"
    desk.post(scene.planner, "/versions/1/lines", line_form(desk, "1.250,50", "", "3000", activity=[
        str(scene.activity.id), "", str(scene.activity.id)]))  # fmt: skip
    with desk.house.database.reading() as session:
        amounts = [each.amount_minor for each in content_of(scene.version(session)).lines]
    assert amounts == [125_050, 300_000]
    page = desk.page(scene.planner)
    assert "4.250,50 €" in page.text
    assert page.typed(f"{desk.url}/versions/1/lines#lines")["amount"][:2] == ["1.250,5", "3.000"]


def test_a_row_that_cannot_be_read_is_marked_and_all_that_was_typed_stays(desk: Desk) -> None:
    form = line_form(desk, "100", "many", note=["first", "second"])
    page = desk.post(desk.scene.planner, "/versions/1/lines", form, 422)
    assert "Write digits only, without the sign of a currency: 25000." in page.text
    typed = page.typed(f"{desk.url}/versions/1/lines#lines")
    assert typed["amount"][:2] == ["100", "many"]
    assert typed["note"][:2] == ["first", "second"]


def test_rows_come_and_go_without_scripts_and_nothing_is_saved_by_that(desk: Desk) -> None:
    form = line_form(desk, "100", "200", "300", remove="1")
    page = desk.post(desk.scene.planner, "/versions/1/lines", form, 200)
    assert page.typed(f"{desk.url}/versions/1/lines#lines")["amount"] == ["100", "300", "", "", ""]
    more = desk.post(desk.scene.planner, "/versions/1/lines", line_form(desk, "100", more="1"), 200)
    assert len(more.typed(f"{desk.url}/versions/1/lines#lines")["amount"]) == 7
    with desk.house.database.reading() as session:
        assert content_of(desk.scene.version(session)).total_minor == 1_250_000


def test_an_activity_lends_its_lines_account_and_cost_centre(desk: Desk) -> None:
    scene = desk.scene
    with desk.house.database.transaction() as session:
        activity = session.merge(scene.activity)
        activity.gl_account_id, activity.cost_centre_id = scene.account.id, scene.centre.id
    desk.post(scene.planner, "/versions/1/lines", line_form(desk, "100", account=[""], centre=[""]))
    with desk.house.database.reading() as session:
        [line] = content_of(scene.version(session)).lines
    assert (line.gl_account_id, line.cost_centre_id) == (scene.account.id, scene.centre.id)


def test_results_and_activities_and_words_are_saved_each_for_itself(desk: Desk) -> None:
    who, activity = desk.scene.planner, desk.scene.activity
    desk.post(who, "/versions/1/expected", {
        "revision": revision(desk), "kpi": ["Reach", ""], "value": ["4,500.5", ""], "unit": ["m", ""],
        "campaign": ["", ""],
    })  # fmt: skip
    refused = desk.post(who, "/versions/1/expected", {
        "revision": revision(desk), "kpi": ["Reach"], "value": ["lots"], "unit": [""], "campaign": [""],
    }, 422)  # fmt: skip
    assert "Write a number in digits, such as 1250." in refused.text
    days = {f"starts-{activity.id}": "2027-04-01", f"ends-{activity.id}": "2027-04-30"}
    desk.post(who, "/versions/1/activities", {"revision": revision(desk), "activity": activity.id, **days})
    days[f"ends-{activity.id}"] = ""
    refused = desk.post(
        who, "/versions/1/activities", {"revision": revision(desk), "activity": activity.id, **days}, 422
    )
    assert "Choose the first and the last day." in refused.text
    words = {"objectives": "One\n\n Two \nOne", "assumptions": "Snow", "segments": "", "channels": "Retail"}
    desk.post(who, "/versions/1/words", {"revision": revision(desk), **words})
    with desk.house.database.reading() as session:
        said = content_of(desk.scene.version(session))
    assert [(each.kpi, each.thousandths) for each in said.expected] == [("Reach", 4_500_500)]
    assert str(said.activities[0].ends_on) == "2027-04-30"
    assert (said.objectives, said.segments, said.channels) == (("One", "Two"), (), ("Retail",))


def test_who_was_overtaken_keeps_what_they_typed(desk: Desk) -> None:
    stale = {"revision": revision(desk) - 1, "objectives": "Mine", "assumptions": "Mine too"}
    page = desk.post(desk.scene.planner, "/versions/1/words", stale, 409)
    assert "Someone changed this plan while you were editing." in page.text
    assert page.typed(f"{desk.url}/versions/1/words#words")["objectives"] == ["Mine"]


def test_an_empty_draft_is_not_sent_and_says_what_it_lacks(desk: Desk) -> None:
    with desk.house.database.transaction() as session:
        version = desk.scene.version(session)
        write_lines(session, desk.scene.planner, version, revision=version.revision, lines=[])
    page = desk.post(desk.scene.planner, "/versions/1/send", {"revision": revision(desk)}, 422)
    assert "Plan at least one line of money." in page.text
    assert desk.state() == "draft"


def test_from_the_draft_over_changes_to_the_active_version(desk: Desk) -> None:
    planner, approver = desk.scene.planner, desk.scene.approver
    desk.post(planner, "/versions/1/send", {"revision": revision(desk)})
    page = desk.page(planner, "/versions/1")
    assert "Your decision" not in page.text
    assert "Take back" in page.text
    assert "Your decision" in desk.page(approver, "/versions/1").text
    refused = desk.post(approver, "/versions/1/request-changes", {"answer": ""}, 422)
    assert "Say what has to change." in refused.text
    desk.post(approver, "/versions/1/comments", {"field": "line-2", "text": "Half of it."})
    desk.post(approver, "/versions/1/request-changes", {"answer": "Less in March."})
    assert "Half of it." in desk.page(planner, "/versions/1").text
    desk.post(planner, "/versions/2/lines", {**line_form(desk, "500"), "revision": revision(desk, 2)})
    desk.post(planner, "/versions/2/send", {"revision": revision(desk, 2)})
    desk.post(approver, "/versions/2/approve", {"answer": "Yes."})
    assert (desk.state(1), desk.state(2)) == ("changes_requested", "active")
    assert "Active" in desk.page(planner).text
    again = desk.of(approver).post(f"{desk.url}/versions/2/approve", {})
    assert again.status_code == 409
    assert "This version is not open for that any more. It is: Active." in again.text


def test_two_versions_stand_side_by_side(desk: Desk, people: make.People) -> None:
    scene = desk.scene
    desk.send()
    with desk.house.database.transaction() as session:
        draft = request_changes(session, scene.approver, scene.version(session), answer="Less.")
        lines = [scene.line(amount=100_000), scene.line(month=7)]
        write_lines(session, scene.planner, draft, revision=draft.revision, lines=lines)
    page = desk.page(scene.planner, "/compare?from=1&to=2")
    rows = [each.text_content() for each in page.tree.xpath("//tbody/tr/th")]
    assert rows == ["Changed", "Added", "Removed"]
    assert "€9,000.00 less" in page.text
    everything = desk.page(scene.planner, "/compare?from=1&to=2&all=1")
    assert "Be seen first in the Alps" in everything.text
    assert "The same" in everything.text
    hidden = desk.page(people.field_marketer, "/compare?from=1&to=2")
    assert "Both say the same." in hidden.text
    assert desk.of(scene.planner).get(f"{desk.url}/compare?from=1&to=7").status_code == 404


def test_remarks_about_money_are_for_those_who_see_it(desk: Desk, people: make.People) -> None:
    desk.send()
    with desk.house.database.transaction() as session:
        version = desk.scene.version(session)
        add_comment(session, desk.scene.approver, version, text="10 000 are too much.", field="line-2")
        add_comment(session, desk.scene.approver, version, text="Which hikers?", field="segments")
    page = desk.page(people.field_marketer)
    assert "Which hikers?" in page.text
    assert "10 000" not in page.text
    assert "10 000 are too much." in desk.page(desk.scene.planner).text


def test_what_waits_stands_in_my_work(desk: Desk, people: make.People) -> None:
    planner, approver = desk.scene.planner, desk.scene.approver

    def work(who: Actor, view: str = "") -> str:
        return read_page(desk.of(who).get(f"/my-work{view}")).text

    assert "Brand plan 2027" not in work(approver)
    desk.send()
    assert "Version 1 was sent for review." in work(approver)
    assert "Brand plan 2027" not in work(people.librarian)
    assert "Version 1 was sent for review." not in work(planner)
    assert "Nobody decided yet." in work(planner, "?view=i_wait_for")
    with desk.house.database.transaction() as session:
        request_changes(session, approver, desk.scene.version(session), answer="Less.")
    assert "Brand plan 2027" not in work(approver)
    assert "Changes of version 1 were asked for." in work(planner)
    with desk.house.database.transaction() as session:
        desk.scene.send(session, 2)
    assert "Changes of version 1 were asked for." not in work(planner)


def test_what_is_in_the_way_is_shown_and_tried_again(desk: Desk) -> None:
    scene = desk.scene
    with desk.house.database.transaction() as session:
        approve_version(session, scene.approver, scene.send(session))
        other = make_plans.activity(session, session.merge(scene.activity).campaign, name="Mailing")
        second = start_version(session, scene.planner, scene.plan, reason="Mailing instead.")
        write_lines(session, scene.planner, second, revision=second.revision, lines=[])
        scene.write(session, second, scene.line(other), activities=[other])
        held = hold(session, scene.activity)
        scene.send(session, 2)
        held_id = held.id
    desk.post(scene.approver, "/versions/2/approve", {})
    page = desk.page(scene.planner, "/versions/2")
    assert "Not active yet: one thing is in the way" in page.text
    assert "This version drops Retail windows, but: PO-2071 is open." in page.text
    desk.post(scene.planner, "/versions/2/activate", {}, 409)
    with desk.house.database.transaction() as session:
        session.get_one(Hold, held_id).released_at = clock.now()
    assert "Nothing is in the way any more." in desk.page(scene.planner, "/versions/2").text
    desk.post(scene.planner, "/versions/2/activate", {})
    assert (desk.state(1), desk.state(2)) == ("superseded", "active")


def test_pages_ask_as_often_for_many_rows_as_for_few(desk: Desk) -> None:
    scene, visit = desk.scene, desk.of(desk.scene.planner)

    def asked() -> list[int]:
        found = []
        for path in ("/plans", desk.url, f"{desk.url}/compare?from=1&to=2&all=1"):
            with counted(desk.house.database) as sent:
                assert visit.get(path).status_code == 200
            found.append(len(sent))
        return found

    def fill(number: int, count: int) -> None:
        with desk.house.database.transaction() as session:
            make_plans.plan_version(session, make_plans.plan(session, scene.planner))
            version = scene.version(session, number)
            campaign = make_plans.campaign(session, version.plan)
            activities = [make_plans.activity(session, campaign) for _ in range(count)]
            scene.write(session, version, *map(scene.line, activities), activities=activities)

    desk.send()
    with desk.house.database.transaction() as session:
        draft = request_changes(session, scene.approver, scene.version(session), answer="Less.")
        write_lines(session, scene.planner, draft, revision=draft.revision, lines=[])
    fill(2, 1)
    few = asked()
    with desk.house.database.transaction() as session:
        draft = scene.version(session, 2)
        write_lines(session, scene.planner, draft, revision=draft.revision, lines=[])
    fill(2, 40)
    assert asked() == few
    assert max(few) <= MOST_STATEMENTS
