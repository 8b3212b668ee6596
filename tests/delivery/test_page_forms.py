"""Every form of the pages when it is right: what it does, where it leads, what is said then."""

import io
from dataclasses import dataclass
from typing import Any

from assetlib.app import create_app
from assetlib.house import House
from tests.delivery.reading import read_page
from tests.delivery.test_refused_forms import NOW, filled
from tests.delivery.visiting import Visits
from tests.delivery.world import make_world


@dataclass
class Done:
    """Who sends what where; where it leads, what is said then, and what stands on which page after it."""

    who: str
    path: str
    form: dict[str, Any]
    to: str
    words: str
    page: str = ""
    shows: str = ""


def file(name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"\xff\xd8\xff some bytes"), name


def steps(sha: str) -> list[Done]:
    return [
        Done(
            "C",
            "/assets/1/describe",
            {"revision": NOW, "title": "Ridge at dusk", "description": "Cold"},
            "/assets/1",
            "Saved.",
            shows="Ridge at dusk",
        ),
        Done(
            "C",
            "/assets/1/describe",
            {"revision": NOW, "tags": "coast, dusk"},
            "/assets/1",
            "Saved.",
            shows="coast, dusk",
        ),
        Done(
            "C",
            "/assets/1/attributes",
            {"revision": NOW, "attr.season": "autumn"},
            "/assets/1",
            "Saved.",
            shows="Autumn",
        ),
        Done("C", "/assets/1/submit", {}, "/assets/1", "A librarian decides next.", shows="In review"),
        Done(
            "L",
            "/assets/1/return",
            {"v": 1, "sha256": sha, "seen": "in_review.1.0", "reason": "Crop it"},
            "/assets/1?v=1",
            "Returned",
            shows="Crop it",
        ),
        Done(
            "L",
            "/assets/1/approve",
            {"v": 1, "sha256": sha, "seen": "draft.1.1"},
            "/assets/1?v=1",
            "Approved: exactly these bytes.",
        ),
        Done(
            "L",
            "/assets/1/rights",
            {"revision": NOW, "holder": "Ida", "territories": "de, at"},
            "/assets/1",
            "hold from now on",
            shows="DE, AT",
        ),
        Done(
            "L",
            "/assets/1/publish",
            {"embargo_until": "2030-01-01T09:00"},
            "/assets/1",
            "It opens on 1 Jan 2030, 09:00 UTC.",
            shows="Embargo until 1 Jan 2030, 09:00 UTC",
        ),
        Done("L", "/assets/1/withdraw", {"reason": "Wrong"}, "/assets/1", "Withdrawn.", shows="Wrong"),
        Done("L", "/assets/1/reopen", {}, "/assets/1", "Taken up again."),
        Done(
            "L",
            "/assets/1/remove-rights",
            {"revision": NOW, "reason": "A mistake"},
            "/assets/1",
            "The rights are unknown again.",
            shows="No rights are recorded",
        ),
        Done("L", "/assets/1/archive", {}, "/assets/1", "Archived."),
        Done("L", "/assets/1/delete", {}, "/library", "kept for 30 days", "/trash", "Ridge at dusk"),
        Done("L", "/assets/1/restore", {}, "/assets/1", "with all its ties"),
        Done("L", "/trash/restore", {"asset": 3}, "/trash", "with all its ties", "/assets/3", "In the trash"),
        Done(
            "L",
            "/collections",
            {"name": "Press", "asset": [2, 1], "audience": "organisation"},
            "/collections/3",
            "Press is there.",
            shows="2 assets",
        ),
        Done("L", "/collections/add", {"new_name": "Fair", "asset": 2}, "/collections/4", "1 added to Fair."),
        Done("L", "/collections/add", {"collection": 4, "asset": 1}, "/collections/4", "1 added to Fair."),
        Done(
            "L",
            "/collections/3",
            {"revision": NOW, "name": "Press kit", "audience": "organisation", "parent": 1},
            "/collections/3",
            "Saved.",
            shows="Press kit",
        ),
        Done("L", "/collections/4/add", {"asset": 3}, "/collections/4", "1 added."),
        Done("L", "/collections/4/first", {"asset": 3}, "/collections/4", "They stand first now."),
        Done("L", "/collections/4/remove", {"asset": 3}, "/collections/4", "1 taken out."),
        Done(
            "L",
            "/collections/3/grants",
            {"organisation": 2},
            "/collections/3",
            "from now on",
            shows="Opened to 1",
        ),
        Done(
            "L",
            "/collections/3/grants/2/end",
            {},
            "/collections/3",
            "Closed to them",
            shows="Open to others",
        ),
        Done("F", "/collections/2/delete", {}, "/collections", "The collection is gone."),
        Done(
            "L",
            "/attributes",
            {"key": "light", "label": "Light", "kind": "tree", "facet": "1"},
            "/attributes/light",
            "Light is there.",
        ),
        Done(
            "L",
            "/attributes/light",
            {"revision": NOW, "label": "Light falls", "hint": "How"},
            "/attributes/light",
            "Saved.",
            shows="Light falls",
        ),
        Done(
            "L", "/attributes/light/choices", {"label": "Hard"}, "/attributes/light", "Added.", shows="hard"
        ),
        Done(
            "L",
            "/attributes/light/choices",
            {"label": "Noon", "parent": "hard"},
            "/attributes/light",
            "Added.",
        ),
        Done(
            "L",
            "/attributes/light/choices/noon",
            {"label": "High noon", "parent": ""},
            "/attributes/light",
            "Saved.",
            shows="High noon",
        ),
        Done("L", "/attributes/light/choices/noon/remove", {}, "/attributes/light", "The value is gone."),
        Done("L", "/attributes/light/remove", {}, "/attributes", "The attribute is gone."),
        Done("L", "/bulk-edits", {"asset": [1, 2], "tags.add": "sea"}, "/bulk-edits/2", "", shows="sea"),
        Done("L", "/bulk-edits/2/run", {}, "/bulk-edits/2", "", shows="Being done"),
        Done(
            "A",
            "/people/organisations",
            {"name": "Fjord Studio", "kind": "agency"},
            "/people/organisations/6",
            "Fjord Studio is there.",
            shows="Fjord Studio",
        ),
        Done(
            "A",
            "/people/invite",
            {
                "name": "Ann",
                "email": "Ann@fjord.example",
                "organisation_id": "6",
                "roles": "agency_contributor",
                "message": "Welcome",
            },
            "/people/15",
            "Ann is invited.",
            shows="ann@fjord.example",
        ),
        Done(
            "A",
            "/people/3/roles",
            {"roles": ["field_marketer", "librarian"]},
            "/people/3",
            "hold from now on",
            shows="Librarian",
        ),
        Done(
            "A", "/people/3", {"name": "Fina", "email": "fina@x.example"}, "/people/3", "Saved.", shows="Fina"
        ),
        Done("C", "/uploads", {"file": file("ridge.jpg")}, "/uploads", "The file is here"),
        Done("A", "/people/3/groups", {"groups": "1"}, "/people/3", "groups hold", shows="Autumn"),
        Done(
            "A",
            "/people/3/duties",
            {"duty": "po_approver", "where": "everywhere", "limit": "5,000", "currency": "EUR"},
            "/people/3",
            "This duty holds from now on: Purchase order approver",
            shows="Purchase order approver",
        ),
        Done("A", "/people/3/duties/3/end", {}, "/people/3", "The duty is ended."),
        Done("A", "/people/3/suspend", {}, "/people/3", "Signed out everywhere", shows="Suspended"),
        Done("A", "/people/3/reopen", {}, "/people/3", "Open again."),
        Done("A", "/people/4/close", {"to": "13"}, "/people/4", "The account is closed.", shows="Closed"),
        Done("A", "/people/4/reopen", {"reason": "Back"}, "/people/4", "Open again.", shows="no role yet"),
        Done("A", "/people/4/roles", {"roles": "agency_contributor"}, "/people/4", "hold from now on"),
        Done("A", "/people/4/invite", {}, "/people/4", "A new mail"),
        Done("A", "/people/organisations/6", {"name": "Fjord"}, "/people/organisations/6", "Saved."),
        Done("A", "/people/organisations/2/suspend", {}, "/people/organisations/2", "Nobody of it"),
        Done("A", "/people/organisations/2/reopen", {}, "/people/organisations/2", "can sign in again"),
        Done("A", "/people/organisations/6/close", {"people": "1"}, "/people/organisations/6", "Closed."),
        Done(
            "A",
            "/people/organisations/6/reopen",
            {"reason": "A new order"},
            "/people/organisations/6",
            "can sign in again",
        ),
        Done("A", "/people/groups", {"name": "Kids", "roles": "reviewer"}, "/people/groups/2", "is there."),
        Done(
            "A",
            "/people/groups/2",
            {"revision": "1", "name": "Kids team", "description": "All"},
            "/people/groups/2",
            "Saved.",
            shows="Kids team",
        ),
        Done("A", "/people/groups/2/roles", {"roles": "planner"}, "/people/groups/2", "hold from now on"),
        Done("A", "/people/groups/2/members", {"person": "2"}, "/people/groups/2", "1 person was put in"),
        Done("A", "/people/groups/2/members/2/remove", {}, "/people/groups/2", "Taken out."),
        Done("A", "/people/groups/2/delete", {}, "/people/groups", "The group is gone."),
        Done(
            "A",
            "/people/invite-many/send",
            {"text": "name,email,roles\nBo,bo@fjord.example,reviewer"},
            "/people?state=invited&sort=added",
            "1 person is invited.",
            shows="bo@fjord.example",
        ),
        Done("A", "/jobs/1/again", {}, "/jobs?state=dead", "waits for its turn", "/jobs", "search.refresh"),
    ]


def test_what_people_do_is_done_and_said(house: House) -> None:
    world = make_world(house)
    visits = Visits(create_app(house.settings, house=house), house)
    draft = visits.of(world.actors["L"]).get("/api/v1/assets/1").json or {}
    for step in steps(draft["versions"][0]["sha256"]):
        visit = visits.of(world.actors[step.who])
        answer = visit.post(step.path, filled(visits, world, step.path, step.form))
        assert answer.status_code in (302, 303), (step, read_page(answer).text[:1500])
        assert answer.headers["Location"] == step.to, step
        after = read_page(visit.get(step.to)).text
        assert step.words in after, (step, after[:1500])
        if step.page:
            after = read_page(visit.get(step.page)).text
        assert step.shows in after, (step, after[:1500])
        assert not step.words or step.words not in read_page(visit.get("/collections")).notices(), (
            "said twice"
        )
