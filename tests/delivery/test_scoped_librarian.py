"""A librarian for Kids neither sees nor changes another brand's draft, by any route."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from assetlib.access.actor import LIBRARIAN
from assetlib.accounts.models import Organisation, RoleGrant
from assetlib.accounts.queries import get_person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.actions.attributes import set_attributes
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.queries.actors import acting
from assetlib.catalog.queries.assets import get_asset
from assetlib.house import House
from assetlib.search.documents import documents_of
from tests import make
from tests.delivery.visiting import Visit, Visits

SECRET = "Zephyrine dawn"


@dataclass
class Scene:
    house: House
    people: make.People
    kids: Visit
    """The browser of the librarian for Kids."""
    person_id: int
    draft: Asset
    """Another brand's, whose title is the secret."""
    own: Asset
    """A draft of Kids."""


@pytest.fixture
def scene(house: House, people: make.People, visits: Visits) -> Scene:
    with house.database.transaction() as session:
        make.attribute(session, "brand", "choice", choices=("kids", "trail"))
        person = make.person(session, session.get_one(Organisation, people.own.id), name="Kim Kids")
        session.add(RoleGrant(person_id=person.id, role=LIBRARIAN, scope_kind="brand", scope_key="kids"))
        draft = make.asset(session, people.own, title=SECRET, attributes={"brand": "trail"})
        own = make.asset(session, people.own, title="Sandbox", attributes={"brand": "kids"})
        session.flush()
        session.expire(person)
        actor = acting(session, get_person(session, person.id))
        house.index.replace(documents_of(session, [draft.id, own.id]))
    return Scene(house, people, visits.of(actor), person.id, draft, own)


def changed(scene: Scene, asset: Asset) -> object:
    """All of an asset that somebody could have changed."""
    with scene.house.database.reading() as session:
        row = session.get_one(Asset, asset.id)
        entries = session.scalars(
            select(AuditEntry.seq).where(
                AuditEntry.object_kind == "asset", AuditEntry.object_id == str(asset.id)
            )
        ).all()
        return row.revision, row.state, row.deleted_at, row.title, len(row.versions), entries


def test_no_address_with_its_number_tells_of_it_or_changes_it(scene: Scene) -> None:
    before = changed(scene, scene.draft)
    assert scene.draft.current_version_id is not None
    numbers = {"asset_id": scene.draft.id, "version_id": scene.draft.current_version_id}
    tried = 0
    for rule in scene.kids.client.application.url_map.iter_rules():
        if not rule.arguments & set(numbers):
            continue
        values: dict[str, int | str] = {name: numbers.get(name, 1) for name in rule.arguments}
        values = {name: "x" if rule._converters[name].__class__.__name__ == "UnicodeConverter" else value
                  for name, value in values.items()}  # fmt: skip
        path = rule.build(values)[1]  # type: ignore[index]  # all its arguments are there
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = scene.kids.send(method, path, json={})
            text = answer.get_data(as_text=True)
            assert answer.status_code in (404, 422, 400), (method, path, answer.status_code)
            assert SECRET not in text, (method, path)
            tried += 1
    assert tried > 30
    assert changed(scene, scene.draft) == before


PAGES: dict[str, Callable[[Scene], str]] = {
    "library": lambda s: "/library",
    "its words": lambda s: "/library?q=zephyrine",
    "its number": lambda s: f"/library?q=id:{s.draft.id}",
    "its facets": lambda s: "/api/v1/assets?q=",
    "suggestions": lambda s: "/api/v1/assets/suggestions?q=zeph",
    "trash": lambda s: "/trash",
    "the trash of programs": lambda s: "/api/v1/trash",
    "uploads": lambda s: f"/uploads?as_version_of={s.draft.id}",
    "collections": lambda s: "/collections",
    "bulk edits": lambda s: "/bulk-edits",
    "jobs": lambda s: "/jobs",
}


@pytest.mark.parametrize("page", list(PAGES))
def test_no_page_tells_of_it(scene: Scene, page: str) -> None:
    with scene.house.database.transaction() as session:
        row = session.get_one(Asset, scene.draft.id)
        make.collection(session, scene.people.librarian, row)
    assert SECRET not in scene.kids.get(PAGES[page](scene)).get_data(as_text=True)


def test_a_bulk_edit_leaves_it_out_as_if_it_were_not_there(scene: Scene) -> None:
    before = changed(scene, scene.draft)
    made = scene.kids.send(
        "POST",
        "/api/v1/bulk-edits",
        json={"assets": [scene.draft.id, scene.own.id, 9_999], "changes": {"tags": {"add": ["sand"]}}},
    )
    assert made.status_code == 201, made.text
    number = (made.json or {})["id"]
    items = scene.kids.get(f"/api/v1/bulk-edits/{number}/items").json or {}
    assert (items["total"], [each["asset"] for each in items["items"]]) == (1, [scene.own.id])
    assert SECRET not in scene.kids.get(f"/bulk-edits/{number}").text
    assert changed(scene, scene.draft) == before


def test_what_others_edited_together_is_not_theirs_to_look_at(scene: Scene, visits: Visits) -> None:
    other = visits.of(scene.people.librarian)
    made = other.send(
        "POST", "/api/v1/bulk-edits", json={"assets": [scene.draft.id], "changes": {"tags": {"add": ["x"]}}}
    )
    number = (made.json or {})["id"]
    assert other.get(f"/bulk-edits/{number}").status_code == 200
    for path in (
        f"/bulk-edits/{number}",
        f"/api/v1/bulk-edits/{number}",
        f"/api/v1/bulk-edits/{number}/items",
    ):
        assert scene.kids.get(path.format(number)).status_code == 404
    assert scene.kids.post(f"/bulk-edits/{number}/run").status_code == 404


def test_what_lies_in_the_trash_of_another_brand_is_not_there(scene: Scene, visits: Visits) -> None:
    visits.of(scene.people.librarian).post(f"/assets/{scene.draft.id}/delete")
    before = changed(scene, scene.draft)
    for ids in ([scene.draft.id], [9_999]):
        answer = scene.kids.send("POST", "/api/v1/trash/restore", json={"assets": ids})
        assert answer.status_code == 404
        assert (answer.json or {})["code"] == "asset_not_found"
    assert SECRET not in scene.kids.get("/trash").text
    assert changed(scene, scene.draft) == before


def test_the_schema_is_for_librarians_of_the_whole_library(scene: Scene, visits: Visits) -> None:
    assert scene.kids.get("/attributes").status_code == 403
    new = {"key": "mood", "label": "Mood", "kind": "text"}
    assert scene.kids.send("POST", "/api/v1/attributes", json=new).status_code == 403
    assert visits.of(scene.people.librarian).send("POST", "/api/v1/attributes", json=new).status_code == 201


def test_collections_are_opened_to_others_by_who_is_librarian_for_all_in_them(scene: Scene) -> None:
    with scene.house.database.transaction() as session:
        kim = acting(session, get_person(session, scene.person_id))
        draft, own = (session.get_one(Asset, each.id) for each in (scene.draft, scene.own))
        mixed = make.collection(session, kim, draft, own)
        pure = make.collection(session, kim, own)
        others = make.collection(session, scene.people.librarian, own)
    to = scene.people.agency.id
    assert scene.kids.send("PUT", f"/api/v1/collections/{mixed.id}/grants/{to}").status_code == 403
    assert scene.kids.send("PUT", f"/api/v1/collections/{others.id}/grants/{to}").status_code == 403
    assert scene.kids.send("DELETE", f"/api/v1/collections/{others.id}").status_code == 403
    assert scene.kids.send("PUT", f"/api/v1/collections/{pure.id}/grants/{to}").status_code == 200


def test_what_they_upload_is_theirs_before_it_has_a_brand(scene: Scene, visits: Visits) -> None:
    with scene.house.database.transaction() as session:
        sent = make.asset(session, scene.people.own, title="Just sent", created_by_id=scene.person_id)
        alien = make.asset(session, scene.people.agency, title="Sent there", created_by_id=scene.person_id)
    assert scene.kids.get(f"/assets/{sent.id}").status_code == 200
    assert scene.kids.get(f"/assets/{alien.id}").status_code == 404
    with scene.house.database.transaction() as session:
        kim = acting(session, get_person(session, scene.person_id))
        row = get_asset(session, kim, sent.id)
        set_attributes(session, kim, row, {"brand": "kids"}, revision=row.revision)
        version = session.get_one(Version, row.current_version_id)
    verdict = {"version": 1, "sha256": version.sha256, "seen": "draft.1.0"}
    decided = scene.kids.send("POST", f"/api/v1/assets/{sent.id}/approve", json=verdict)
    assert decided.status_code == 200, decided.text
    with scene.house.database.reading() as session:
        (approval,) = session.get_one(Version, version.id).approvals
        assert approval.kind == "librarian"
