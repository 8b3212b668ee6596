"""Every form of the pages when it cannot be taken: what it says, and that nothing typed is lost."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from assetlib.app import create_app
from assetlib.house import open_house
from assetlib.settings import Settings
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.test_access_matrix import Trial
from tests.delivery.visiting import Visit, Visits
from tests.delivery.world import World, make_world

LONG = "x" * 301
NOW = "the present one"
"""Stands for the revision that the thing has when the form is sent."""


def filled(visits: Visits, world: World, path: str, form: dict[str, Any]) -> dict[str, Any]:
    if form.get("revision") != NOW:
        return form
    return {**form, "revision": revision_of(visits.of(world.actors["L"]), path)}


def revision_of(visit: Visit, path: str) -> int:
    """The present revision of the asset, collection or attribute that an address is about."""
    kind, key = path.removeprefix("/people").split("/")[1:3]
    if kind == "attributes":
        rows = (visit.get("/api/v1/attributes").json or {})["attributes"]
        found = next(row for row in rows if row["key"] == key)
    else:
        found = visit.get(f"/api/v1/{kind}/{key}").json or {}
    revision: int = found["revision"]
    return revision


@dataclass
class Refused:
    """Who sends what where; the status, some words of the sentence, and what stands in the form again."""

    who: str
    path: str
    form: dict[str, Any]
    status: int
    words: str
    kept: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path
) -> Iterator[tuple[World, Visits]]:
    """One world in which everything is tried and nothing stays."""
    home = tmp_path_factory.mktemp("forms")
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    settings = Settings(home=home, search_kind="memory", development=True, secret_key="s" * 40)
    house = open_house(settings)
    world = make_world(house)
    trial = replace(house, database=Trial(f"sqlite:///{home / 'assetlib.sqlite'}"))
    visits = Visits(create_app(settings, house=trial), house)
    for letter, actor in world.actors.items():
        if letter != "X":
            visits.of(actor)
    yield world, visits
    trial.database.close()
    house.database.close()


# 1 a draft, 2 a published asset, 3 one in the trash; collection 1 shared, 2 private to F.
REFUSED = [
    Refused(
        "L",
        "/assets/1/describe",
        {"revision": NOW, "title": LONG, "description": "Dusk"},
        422,
        "at most 300 characters",
        {"title": LONG, "description": "Dusk"},
    ),
    Refused(
        "C",
        "/assets/1/describe",
        {"revision": NOW, "title": "  ", "description": "Dusk"},
        422,
        "Write something here",
        {"title": "  ", "description": "Dusk"},
    ),
    Refused(
        "L",
        "/assets/1/describe",
        {"revision": 99, "title": "Mine", "description": "My words"},
        409,
        "changed",
        {"title": "Mine", "description": "My words"},
    ),
    Refused(
        "L",
        "/assets/1/describe",
        {"revision": NOW, "tags": "coast, " + "t" * 61},
        422,
        "at most 60",
        {"tags": "coast, " + "t" * 61},
    ),
    Refused("L", "/assets/1/describe", {"revision": NOW, "type_key": "poem"}, 422, "no such type"),
    Refused("L", "/assets/1/describe", {"revision": NOW, "alt_text": "a\0b"}, 422, "NUL"),
    Refused(
        "L",
        "/assets/1/attributes",
        {"revision": NOW, "attr.shot_on": "tomorrow"},
        422,
        "year-month-day",
        {"attr.shot_on": "tomorrow"},
    ),
    Refused(
        "L", "/assets/1/attributes", {"revision": NOW, "attr.season": "spring"}, 422, "not among the choices"
    ),
    Refused(
        "L",
        "/assets/2/rights",
        {"holder": "Ida", "starts_on": "soon", "channels": "print", "terms": "T"},
        422,
        "year-month-day",
        {"holder": "Ida", "starts_on": "soon", "channels": "print", "terms": "T"},
    ),
    Refused(
        "L",
        "/assets/2/rights",
        {"revision": NOW, "holder": "Ida", "starts_on": "2027-02-01", "ends_on": "2027-01-01"},
        422,
        "before",
        {"ends_on": "2027-01-01"},
    ),
    Refused(
        "L",
        "/assets/2/rights",
        {"revision": NOW, "holder": "I", "territories": "Atlantis", "ask_first": "1"},
        422,
        "letter",
        {"territories": "Atlantis", "ask_first": "1"},
    ),
    Refused(
        "L",
        "/assets/2/rights",
        {"revision": 0, "holder": "Ida", "terms": "Ask Ida", "ask_first": "1"},
        409,
        "Someone changed this",
        {"holder": "Ida", "terms": "Ask Ida", "ask_first": "1"},
    ),
    Refused(
        "L",
        "/collections/1",
        {"revision": 0, "name": "Summer", "description": "For shops", "audience": "organisation"},
        409,
        "Someone changed this",
        {"name": "Summer", "description": "For shops"},
    ),
    Refused(
        "L",
        "/attributes/season",
        {"revision": 0, "label": "Time of year", "hint": "Which", "facet": "1"},
        409,
        "Someone changed this",
        {"label": "Time of year", "hint": "Which", "facet": "1"},
    ),
    Refused(
        "L",
        "/assets/2/remove-rights",
        {"revision": NOW, "reason": "A mistake"},
        409,
        "Withdraw the asset before",
        {"reason": "A mistake"},
    ),
    Refused("L", "/assets/2/withdraw", {"reason": " "}, 422, "Write something here"),
    Refused("L", "/assets/2/archive", {"reason": "y" * 2001}, 422, "at most 2,000", {"reason": "y" * 2001}),
    Refused(
        "L",
        "/assets/1/approve",
        {"v": 1, "sha256": "0" * 64, "note": "Good"},
        409,
        "another file",
        {"note": "Good"},
    ),
    Refused("L", "/assets/1/publish", {}, 409, ""),
    Refused("C", "/assets/2/submit", {}, 403, ""),
    Refused("L", "/assets/2/submit", {}, 409, ""),
    Refused("L", "/assets/2/reopen", {}, 409, ""),
    Refused(
        "L",
        "/collections",
        {"name": " ", "description": "For shops", "audience": "organisation"},
        422,
        "name",
        {"description": "For shops", "audience": "organisation"},
    ),
    Refused("L", "/collections/add", {"new_name": "", "asset": 1}, 422, "name"),
    Refused(
        "L",
        "/collections/1",
        {"revision": NOW, "name": "z" * 201, "description": "For shops", "audience": "private"},
        422,
        "200",
        {"name": "z" * 201, "description": "For shops", "audience": "private"},
    ),
    Refused(
        "L",
        "/collections/1",
        {"revision": NOW, "name": "Loop", "audience": "organisation", "parent": 1},
        422,
        "itself",
        {"name": "Loop"},
    ),
    Refused("L", "/collections/1/grants", {"organisation": 1}, 422, ""),
    Refused(
        "L",
        "/attributes",
        {"key": "Bad Key", "label": "Light", "kind": "text", "hint": "Lux", "facet": "1"},
        422,
        "letters",
        {"key": "Bad Key", "label": "Light", "hint": "Lux", "facet": "1"},
    ),
    Refused(
        "L", "/attributes", {"key": "season", "label": "Light", "kind": "text"}, 422, "", {"label": "Light"}
    ),
    Refused("L", "/attributes", {"key": "lux", "label": "Lux", "kind": "smell"}, 422, ""),
    Refused(
        "L",
        "/attributes",
        {"key": "type", "label": "Kind of paper", "kind": "text"},
        422,
        "asks for something else by “type:”",
        {"key": "type", "label": "Kind of paper"},
    ),
    Refused("L", "/attributes", {"key": "rights_state", "label": "R", "kind": "text"}, 422, "another word"),
    Refused(
        "L",
        "/attributes/season",
        {"revision": NOW, "label": "", "hint": "Which", "facet": "1", "types": "logo"},
        422,
        "",
        {"hint": "Which", "facet": "1", "types": "logo"},
    ),
    Refused("L", "/attributes/season/choices", {"label": "n" * 201}, 422, "200", {"label": "n" * 201}),
    Refused("L", "/attributes/season/choices/autumn", {"label": "n" * 201}, 422, "200", {"label": "n" * 201}),
    Refused("L", "/attributes/season/choices/spring/remove", {}, 404, ""),
    Refused("L", "/bulk-edits", {"asset": 1}, 422, "Choose at least one", {"asset": "1"}),
    Refused(
        "L",
        "/bulk-edits",
        {"asset": [1, 2], "op.right.ends_on": "set", "right.ends_on": "soon", "tags.add": "sea"},
        422,
        "year-month-day",
        {"right.ends_on": "soon", "tags.add": "sea", "asset": "2"},
    ),
    Refused("L", "/bulk-edits", {"tags.add": "sea"}, 422, "", {"tags.add": "sea"}),
    Refused("L", "/bulk-edits/1/undo", {}, 409, ""),
    Refused(
        "A",
        "/people/invite",
        {"name": "Ann", "email": "nowhere", "organisation_id": "1", "roles": "librarian"},
        422,
        "name@company.example",
        {"name": "Ann", "email": "nowhere", "organisation_id": "1", "roles": "librarian"},
    ),
    Refused(
        "A",
        "/people/invite",
        {"name": "Ann", "email": "a@b.example", "organisation_id": "1"},
        422,
        "at least one role",
        {"name": "Ann", "email": "a@b.example"},
    ),
    Refused(
        "A",
        "/people/invite",
        {"name": "A", "email": "a@b.example", "organisation_id": "2", "roles": "librarian"},
        422,
        "cannot be Librarian",
        {"roles": "librarian"},
    ),
    Refused("A", "/people/3", {"name": "", "email": "x"}, 422, "Give the person", {"email": "x"}),
    Refused(
        "A",
        "/people/3/duties",
        {"duty": "po_approver", "limit": "ten", "currency": "CHF"},
        422,
        "digits only",
        {"limit": "ten", "currency": "CHF"},
    ),
    Refused("A", "/people/groups", {"name": " x", "description": "y"}, 422, "blank", {"name": " x"}),
    Refused("A", "/people/groups/1", {"revision": "9", "name": "y"}, 409, "while you were", {"name": "y"}),
    Refused("A", "/people/groups/1/members", {}, 422, "Choose somebody"),
    Refused("A", "/people/groups/99/delete", {}, 404, ""),
    Refused("A", "/people/4/erase", {"typed": "x"}, 422, "Close the account first"),
    Refused("A", "/people/1/close", {}, 422, "last administrator"),
    Refused("A", "/people/invite-many/send", {"text": "who"}, 422, "no column"),
    Refused(
        "A",
        "/people/organisations",
        {"name": "Halden & Frey", "kind": "partner"},
        409,
        "already",
        {"name": "Halden & Frey", "kind": "partner"},
    ),
    Refused("A", "/people/organisations", {"name": "", "kind": "partner"}, 422, "name", {"kind": "partner"}),
    Refused(
        "A",
        "/people/organisations",
        {"name": "Alp", "kind": "own"},
        422,
        "agency or partner",
        {"name": "Alp"},
    ),
    Refused("A", "/people/1/suspend", {}, 422, "last administrator"),
    Refused("A", "/people/1/roles", {"roles": "librarian"}, 422, "last administrator"),
    Refused("A", "/people/organisations/1/suspend", {}, 422, "own company"),
    Refused("A", "/people/organisations/99/suspend", {}, 404, ""),
    Refused("C", "/uploads", {}, 422, "Choose a file first"),
    Refused("A", "/jobs/99/again", {}, 404, ""),
    Refused("L", "/trash/restore", {"asset": 1}, 403, ""),
    Refused("F", "/packages", {"asset": 1}, 404, ""),
    Refused("F", "/packages", {"asset": 2, "preset": "poster"}, 422, ""),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda each: f"{each.path[1:]}-{each.status}-{each.words[:12]}")
def test_a_refusal_says_why_and_keeps_what_was_typed(place: tuple[World, Visits], case: Refused) -> None:
    world, visits = place
    answer = visits.of(world.actors[case.who]).post(case.path, filled(visits, world, case.path, case.form))
    page = read_page(answer)
    assert answer.status_code == case.status, page.text[:1500]
    said = page.notices() + page.text
    assert case.words in said, said[:1500]
    typed = page.typed()
    for name, value in case.kept.items():
        assert value in typed.get(name, []), (name, typed.get(name))
    assert "password" not in typed or set(typed["password"]) == {""}
    if case.status in (403, 404):
        assert page.tree.xpath("//*[@class='error__text']")
    else:
        assert page.tree.xpath("//*[@role='alert'] | //*[@class='error__text']")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/shares/1/password", "/shares/1"),
        ("/people/9/duties", "/people/9"),
        ("/requests/16/grant", "/requests/16"),
        ("/people/organisations/5/close/", None),
        ("/packages", None),
        ("/api/v1/shares/1/password", None),
    ],
)
def test_an_address_that_only_takes_forms_leads_to_its_page(
    visits: Visits, people: make.People, address: str, page: str | None
) -> None:
    """Whoever was refused there, and loads the address again, would otherwise read that it is wrong."""
    answer = visits.of(people.administrator).get(address)
    if page is None:
        assert answer.status_code in (404, 405)
    else:
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
