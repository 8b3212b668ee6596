"""Links that programs make: a token gives by a link only what it may have, and takes back its own."""

from datetime import date
from typing import Any

import pytest
from werkzeug.test import TestResponse

from assetlib.catalog.models import Asset
from tests.delivery.gallery import Gallery
from tests.delivery.reading import read_page
from tests.delivery.sharing import make_link
from tests.delivery.test_share_paths import gallery

__all__ = ["gallery"]


class Program:
    """A program that brings a token of the field marketer."""

    def __init__(self, gallery: Gallery, *scopes: str) -> None:
        visit = gallery.visits.of(gallery.people.field_marketer)
        form = {"name": "Press tool", "scopes": list(scopes), "until": "2027-04-30"}
        answer = visit.post("/account/tokens", form)
        if answer.status_code == 303:
            answer = visit.get(answer.headers["Location"])
        (token,) = read_page(answer).tree.xpath("//code[contains(@class, 'secret')]/text()")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._client = gallery.visits.app.test_client()

    def call(self, method: str, path: str, **json: Any) -> TestResponse:
        return self._client.open(f"/api/v1{path}", method=method, headers=self._headers, json=json)


@pytest.mark.parametrize(
    ("scopes", "forms", "missing"),
    [
        (["edit"], ["original"], "download"),
        (["edit", "read"], ["large"], "download"),
        (["edit"], [], "read"),
        (["read", "download"], ["original"], "edit"),
        (["edit", "download"], ["original"], None),
        (["edit", "read"], [], None),
    ],
)
def test_a_token_gives_by_a_link_only_what_it_may_have(
    gallery: Gallery, scopes: list[str], forms: list[str], missing: str | None
) -> None:
    program = Program(gallery, *scopes)
    answer = program.call("POST", "/shares", name="Kit", assets=[gallery.asset.id], forms=forms)
    told = answer.json or {}
    if missing is None:
        assert answer.status_code == 201, answer.text
    else:
        assert (answer.status_code, told["code"], told["scope"]) == (403, "not_in_token_scope", missing)


def test_a_link_for_looking_is_not_widened_without_the_scope_download(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer, forms=[])
    asked = {"name": "Kit", "forms": ["original"], "revision": 1}
    answer = Program(gallery, "edit", "read").call("PUT", f"/shares/{link.id}", **asked)
    assert (answer.status_code, (answer.json or {})["scope"]) == (403, "download")
    answer = Program(gallery, "edit", "download").call("PUT", f"/shares/{link.id}", **asked)
    assert answer.status_code == 200, answer.text


def test_the_token_that_made_a_link_takes_it_back(gallery: Gallery) -> None:
    program = Program(gallery, "edit", "download")
    made = program.call("POST", "/shares", name="Kit", assets=[gallery.asset.id], forms=["original"])
    answer = program.call("POST", f"/shares/{(made.json or {})['id']}/revoke")
    assert (answer.status_code, (answer.json or {})["state"]) == (200, "revoked")


def test_a_conflict_says_the_end_of_a_link_as_all_answers_say_times(gallery: Gallery) -> None:
    link = make_link(gallery, gallery.people.field_marketer)
    maker = gallery.visits.of(gallery.people.field_marketer)
    told = maker.get(f"/api/v1/shares/{link.id}").json or {}
    answer = maker.send("PUT", f"/api/v1/shares/{link.id}", json={"name": "Kit", "revision": 9})
    assert (answer.status_code, (answer.json or {})["current"]["expires_at"]) == (409, told["expires_at"])


def test_a_link_that_cannot_be_made_is_not_called_a_change_of_somebody_else(gallery: Gallery) -> None:
    maker = gallery.visits.of(gallery.people.field_marketer)
    with gallery.house.database.transaction() as session:
        right = session.get_one(Asset, gallery.asset.id).right
        assert right is not None
        right.ends_on = date(2020, 1, 1)
    answer = maker.send("POST", "/api/v1/shares", json={"name": "Kit", "assets": [gallery.asset.id]})
    told = answer.json or {}
    assert (answer.status_code, told["title"]) == (409, "This cannot be done as things are now")
    assert told["detail"].startswith("None of this can be shared now.")
