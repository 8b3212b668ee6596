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
            shows="Open to an agency",
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
            "/people",
            "Fjord Studio is there.",
            shows="Fjord Studio",
        ),
        Done(
            "A",
            "/people",
            {
                "name": "Ann",
                "email": "Ann@fjord.example",
                "organisation_id": "6",
                "roles": "agency_contributor",
                "password": "four words in a row",
            },
            "/people",
            "Ann can sign in now.",
            shows="ann@fjord.example",
        ),
        Done(
            "A",
            "/people/3/roles",
            {"roles": ["field_marketer", "librarian"]},
            "/people",
            "hold from now on",
            shows="field marketer, librarian",
        ),
        Done("A", "/people/3/suspend", {}, "/people", "signed out everywhere", shows="Suspended"),
        Done("A", "/people/3/reopen", {}, "/people", "can sign in again"),
        Done(
            "A", "/people/organisations/6/suspend", {}, "/people", "Nobody of Fjord Studio", shows="Suspended"
        ),
        Done("A", "/people/organisations/6/reopen", {}, "/people", "can sign in again"),
        Done("C", "/uploads", {"file": file("ridge.jpg")}, "/uploads", "The file is here"),
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
